import Testing

@testable import Verdicts

@Suite struct WhereExpressionTests {
  /// An exchange of which a few facts are known.
  private struct Subject: WhereSubject {
    var values: [WhereField: WhereValue] = [
      .method: .text("GET"), .path: .text("/model/info"), .target: .text("/model/info?x=1"),
      .status: .number(401), .verdict: .text("missing"), .outcome: .text("complete"),
      .client: .text("[::1]:59850"), .server: .text("127.0.0.1:4002"), .id: .number(3),
      .connection: .number(2), .duration: .seconds(2.5), .host: .text("LiteLLM.example.com"),
      .anomaly: .texts(["tcp.gap", "http.obs-fold"]),
      .header("user-agent"): .text("OpenAI/JS 5.8.2"), .header("x-unknown"): .unknown,
      .header("accept"): .texts(["text/html", "application/json"]), .header("cookie"): .texts([]),
      .responseHeader("server"): .text("uvicorn"),
      .operation: .text("chat"), .model: .text("openai/gpt-4o"), .stream: .text("true"),
      .attempt: .number(2), .finishReason: .texts(["stop", "length"]), .events: .number(9),
      .promptTokens: .number(11), .completionTokens: .unknown, .totalTokens: .number(18),
      .timeToFirstEvent: .seconds(0.5),
    ]

    func whereValue(_ field: WhereField) -> WhereValue { values[field] ?? .absent }
  }

  @Test(arguments: [
    ("method=GET", true), ("method=get", true), ("method=POST", false), ("method!=POST", true),
    ("path=/model/*", true), ("path=/*", false), ("path=/**", true), ("path=/Model/info", false),
    ("path~MODEL", true), ("path!~chat", true), ("target=/model/info?x=1", true),
    ("status=401", true), ("status!=401", false), ("status>=400", true), ("status<401", false),
    ("status<=401", true), ("status>401", false), ("status=4xx", true), ("status!=5*", true),
    ("verdict!=ok", true), ("verdict=m*", true), ("outcome=complete", true),
    ("client=[::1]:*", true), ("server=127.0.0.1:4002", true), ("id=3", true),
    ("connection<3", true),
    ("duration>2s", true), ("duration>2500ms", false), ("duration<=2.5s", true),
    ("duration<1m", true), ("host=litellm.example.*", true),
    ("anomaly=tcp.gap", true), ("anomaly~FOLD", true), ("anomaly=tcp", false),
    ("anomaly!=tcp.gap", false), ("anomaly!=tcp.other", true),
    ("header.user-agent~openai", true), ("header.User-Agent=openai/*", true),
    ("header.accept=application/json", true), ("header.accept!~html", false),
    ("response-header.server=uvicorn", true),
    ("operation=chat", true), ("model=openai/*", true), ("model~GPT-4", true),
    ("stream=true", true),
    ("stream=false", false), ("attempt>1", true), ("finish-reason=length", true),
    ("finish_reasons!=stop", false), ("events=9", true), ("prompt-tokens<=11", true),
    ("prompt_tokens>11", false), ("completion-tokens<5", false), ("total-tokens>=18", true),
    ("time-to-first-event<1s", true), ("time_to_first_event>500ms", false),
  ])
  func term(_ text: String, _ isSelected: Bool) throws {
    #expect(try WhereExpression(text).matches(Subject()) == isSelected)
  }

  @Test(arguments: [
    ("header.x-none=*", false), ("header.x-none~a", false), ("header.x-none!=a", true),
    ("header.x-none!~a", true), ("header.cookie=*", false), ("header.cookie!=a", true),
    ("not header.x-none=*", true), ("header.user-agent=*", true),
  ])
  func absentIsUnequalToEverything(_ text: String, _ isSelected: Bool) throws {
    #expect(try WhereExpression(text).matches(Subject()) == isSelected)
  }

  @Test(
    arguments: [
      ("header.x-unknown=*", nil), ("header.x-unknown!=a", nil), ("not header.x-unknown=a", nil),
      ("header.x-unknown=a or status=401", true), ("header.x-unknown=a and status=401", nil),
      ("header.x-unknown=a and status=200", false), ("header.x-unknown=a or status=200", nil),
    ] as [(String, Bool?)])
  func unknownStaysUnknown(_ text: String, _ answer: Bool?) throws {
    let expression = try WhereExpression(text)
    #expect(expression.evaluate(Subject()) == answer)
    #expect(expression.matches(Subject()) == (answer ?? false))
  }

  @Test func valueOfAnotherKindIsUnknown() throws {
    var subject = Subject()
    subject.values[.status] = .text("401")
    subject.values[.duration] = .number(3)
    subject.values[.path] = .seconds(1)
    for text in ["status=401", "status!=401", "duration>1s", "path=*", "path!=a"] {
      #expect(try WhereExpression(text).evaluate(subject) == nil)
    }
    subject.values[.status] = .number(.nan)
    #expect(try WhereExpression("status=4xx").evaluate(subject) == nil)
  }

  @Test(arguments: [
    ("method=GET and status=401", true), ("method=GET AND status=200", false),
    ("method=POST or status=401", true), ("method=GET status=401", true),
    ("method=GET status=200", false),
    // and before or
    ("method=GET or method=POST and status=200", true),
    ("(method=GET or method=POST) and status=200", false),
    ("status=200 and method=POST or method=GET", true),
    // not before and
    ("not method=POST and status=401", true), ("not (method=GET and status=200)", true),
    ("not not method=GET", true), ("not method=GET or status=401", true),
    ("not method=POST status=200", false),
    ("((method=GET))", true), ("(method=GET)(status=401)", true),
    ("path = /model/info and status >= 400", true), ("not(status=200)", true),
    ("  method=GET\n", true),
  ])
  func joins(_ text: String, _ isSelected: Bool) throws {
    #expect(try WhereExpression(text).matches(Subject()) == isSelected)
  }

  @Test(arguments: [
    ("header.user-agent=\"OpenAI/JS 5.8.2\"", true), ("header.user-agent='OpenAI/JS *'", true),
    ("header.user-agent~\"JS 5\" and status=401", true), ("path=\"/a)b\"", false),
    ("header.user-agent~\"a\\\"b\"", false), ("header.user-agent~\"\"", true),
  ])
  func quotedValues(_ text: String, _ isSelected: Bool) throws {
    #expect(try WhereExpression(text).matches(Subject()) == isSelected)
  }

  @Test(arguments: [
    ("", WhereError.Code.empty, 1), ("   ", .empty, 1),
    ("statis=4", .unknownField, 1), ("status=4 and verdikt=ok", .unknownField, 14),
    ("stream=maybe", .badValue, 8), ("operation=chatt", .badValue, 11),
    ("model>3", .badOperator, 6),
    ("attempt=two", .badValue, 9), ("time-to-first-event>2", .badValue, 21),
    ("header.=x", .unknownField, 1),
    ("status", .missingOperator, 7), ("status and id=1", .missingOperator, 8),
    ("status==4", .badOperator, 7), ("path=~x", .badOperator, 5), ("path>3", .badOperator, 5),
    ("status~4", .badOperator, 7), ("duration!~4s", .badOperator, 9),
    ("path=", .missingValue, 6), ("path= and id=1", .missingValue, 7),
    ("(path=)", .missingValue, 7),
    ("path=\"\"", .badValue, 6), ("status=abc", .badValue, 8), ("status>4x", .badValue, 8),
    ("status=99999999999999999999", .badValue, 8), ("id=-1", .badValue, 4),
    ("duration>2", .badValue, 10), ("duration>99999999999h", .badValue, 10),
    ("verdict=okay", .badValue, 9), ("path=/[a", .badValue, 6),
    ("status=4 and", .missingTerm, 13), ("and status=4", .missingTerm, 1),
    ("status=4 or or id=1", .missingTerm, 13), ("not", .missingTerm, 4),
    ("()", .strayParenthesis, 2),
    ("!status=4", .missingTerm, 1), ("status=4 && id=1", .missingTerm, 10),
    ("é=1", .missingTerm, 1), ("path='x", .openQuote, 6),
    ("(status=4", .openParenthesis, 1), ("status=4)", .strayParenthesis, 9),
  ])
  func error(_ text: String, _ code: WhereError.Code, _ column: Int) {
    let error = #expect(throws: WhereError.self) { try WhereExpression(text) }
    #expect(error?.code == code)
    #expect(error?.column == column)
  }

  @Test(arguments: [
    ("statis=4", "status"), ("heder.accept=a", "header.accept"), ("verdict=mising", "missing"),
    ("status==4", "="), ("status=>4", ">="), ("status=1 && id=1", "and"), ("!id=1", "not"),
    ("clint=x", "client"),
  ])
  func suggestion(_ text: String, _ suggestion: String) {
    let error = #expect(throws: WhereError.self) { try WhereExpression(text) }
    #expect(error?.suggestion == suggestion)
  }

  @Test func errorPointsAtTheFault() throws {
    let error = try #require(throws: WhereError.self) { try WhereExpression("id=1 and statis=4") }
    #expect(
      error.description
        == "--where:1:10: unknown field \"statis\"; did you mean \"status\"? (expected one of method, "
        + "path, target, status, verdict, outcome, client, server, id, connection, duration, "
        + "anomaly, host, operation, model, stream, attempt, finish-reason, events, prompt-tokens, "
        + "completion-tokens, total-tokens, time-to-first-event, header.NAME, "
        + "response-header.NAME)")
    #expect(
      error.caretExcerpt == """
          --> --where:1:10
           |
           | id=1 and statis=4
           |          ^^^^^^ did you mean "status"?
           |
        """)
  }

  @Test func errorHidesKeys() throws {
    let error = try #require(throws: WhereError.self) {
      try WhereExpression("header.authorization~sk-secret1 and statis=1")
    }
    #expect(!error.caretExcerpt.contains("secret1"))
    #expect(error.caretExcerpt.contains("| header.authorization~<key> and statis=1"))
    let value = try #require(throws: WhereError.self) { try WhereExpression("status=sk-secret1") }
    #expect(!value.description.contains("secret1"))
  }

  @Test func fieldsAreThoseAskedFor() throws {
    let expression = try WhereExpression("status=1 or (path=/a and not status=2)")
    #expect(expression.fields == [.status, .path])
  }

  @Test func depthIsBounded() {
    for text in [
      String(repeating: "(", count: 60_000), String(repeating: "not ", count: 10_000) + "id=1",
    ] {
      let error = #expect(throws: WhereError.self) { try WhereExpression(text) }
      #expect(error?.code == .tooDeep)
    }
    let deep = String(repeating: "(", count: 200) + "id=3" + String(repeating: ")", count: 200)
    #expect(throws: Never.self) { try WhereExpression(deep) }
    let long = String(repeating: "(", count: 100_000)
    let error = #expect(throws: WhereError.self) { try WhereExpression(long) }
    #expect(error?.code == .tooLong)
  }

  @Test func manyTermsAreRead() throws {
    let text = Array(repeating: "id=1", count: 5_000).joined(separator: " or ") + " or id=3"
    #expect(try WhereExpression(text).matches(Subject()))
  }

  @Test func anyTextIsReadOrRefused() {
    let pieces = [
      "(", ")", "not", "and", "or", "id", "=", "!", "\"", "'", "\\", " ", "4", "*", "[",
      "\u{1F600}",
    ]
    var seed: UInt64 = 1
    for _ in 0..<3_000 {
      var text = ""
      for _ in 0..<12 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += pieces[Int(seed >> 33) % pieces.count]
      }
      do {
        _ = try WhereExpression(text).matches(Subject())
      } catch {
        #expect(!error.caretExcerpt.isEmpty)
      }
    }
  }
}
