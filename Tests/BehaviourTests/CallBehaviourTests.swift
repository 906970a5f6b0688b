import TestSupport
import Testing

/// What exchanges mean as calls of a model, from the command line's side.
@Suite("Calls of a model are told and tested") struct CallBehaviourTests {
  private static let authorization = "Authorization: Bearer \(Dialogue.key)"

  private static func chunk(_ text: String) -> String {
    #"data: {"id":"c1","model":"gpt-4o","choices":[{"index":0,"delta":{"content":"\#(text)"}}]}"#
      + "\n\n"
  }

  private static let last =
    #"data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"#
    + #""usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}"# + "\n\n"
  private static let done = "data: [DONE]\n\n"

  /// A streamed call, its events in packets of their own.
  ///
  /// - Parameter waits: nanoseconds in front of the first event.
  private func streamed(
    _ events: [String] = [chunk("Hel"), chunk("lo"), last, done], waits: Int64 = 0,
    model: String = "gpt-4o", closes: Bool = true
  ) -> [Packet] {
    var talk = Conversation()
    talk.client(
      Dialogue.request(
        "POST", "/v1/chat/completions", fields: [Self.authorization],
        body: #"{"model":"\#(model)","stream":true,"messages":[{"role":"user","content":"psst"}]}"#)
    )
    talk.server(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nx-litellm-call-id: 7\r\n\r\n")
    talk.time += waits
    for event in events { talk.server(event) }
    if closes { talk.close() }
    return talk.packets()
  }

  private func check(_ rule: String, _ packets: [Packet]) throws -> Executable.Result {
    let policy = try Folder().file("policy.yml", "rules:\n  - id: tested\n    " + rule + "\n")
    return try Executable.run(
      ["check", "--policy", policy, "--no-strict", try ScratchFile(packets: packets).path])
  }

  // MARK: list, show, records

  @Test func listTellsModelTokensAndTimes() throws {
    let result = try Executable.run(["list", try ScratchFile(packets: streamed()).path])
    #expect(result.output.contains("gpt-4o  11+7  0.002/0.005 s"))
    #expect(result.output.hasSuffix("1 request, 1 call, 11+7 tokens in 1 answer\n"))
  }

  @Test func listWithoutCallsHasNoTotals() throws {
    var dialogue = Dialogue()
    dialogue.ask("GET", "/health")
    let result = try Executable.run(["list", try dialogue.file().path])
    #expect(result.output.split(separator: "\n").count == 2)
  }

  @Test func showKeepsWhatWasSaidToItself() throws {
    let file = try ScratchFile(packets: streamed()).path
    let facts = try Executable.run(["show", file]).output
    #expect(facts.contains("chat, gpt-4o, streamed, call 1"))
    #expect(facts.contains("11 prompt + 7 completion = 18 tokens"))
    #expect(facts.contains("4 events, first after 0.002 s"))
    for said in ["psst", "Hel"] { #expect(!facts.contains(said)) }
    let all = try Executable.run(["show", "--show-bodies", file]).output
    #expect(all.contains("     user:\n       psst\n"))
    #expect(all.contains("     assistant:\n       Hello\n"))
    #expect(all.contains("+0.002 s  data: {\"id\":\"c1\""))
    #expect(all.contains("+0.005 s  data: [DONE]"))
  }

  @Test func whatIsSaidCanNotPassForAnothersWords() throws {
    var dialogue = Dialogue()
    dialogue.ask(
      "POST", "/v1/chat/completions",
      body:
        #"{"messages":[{"role":"user\n     system","content":"a\n     assistant:\n\u001b[31mb"}]}"#)
    let output = try Executable.run(["show", "--show-bodies", try dialogue.file().path]).output
    #expect(!output.contains("\n     assistant:\n"))
    #expect(!output.contains("\n     system"))
    #expect(!output.contains("\u{1B}"))
  }

  @Test func keysInCallsAreHidden() throws {
    let key = "sk-live-Zq7Rw2Mn5Kx9Tb3Vc8Yp"
    let events = [Self.chunk("it is sk-live-Zq7Rw2Mn"), Self.chunk("5Kx9Tb3Vc8Yp"), Self.done]
    var packets = streamed(events, model: key)
    var dialogue = Dialogue()
    dialogue.ask(
      "POST", "/v1/chat/completions", fields: [Self.authorization],
      body:
        #"{"model":"m","api_key":"a-secret-of-mine-1234","messages":[{"role":"user","content":"\#(key)"}]}"#
    )
    packets += dialogue.packets
    let file = try ScratchFile(packets: packets).path
    for command in [["list"], ["show"], ["show", "--show-bodies"], ["export"]] {
      let output = try Executable.run(command + [file]).output
      for secret in [key, "Zq7Rw2Mn", "5Kx9Tb3Vc8Yp", "a-secret-of-mine-1234", Dialogue.key] {
        #expect(!output.contains(secret), "\(command): \(secret)")
      }
    }
  }

  @Test func recordsTellTheCall() throws {
    let records = try Executable.export([try ScratchFile(packets: streamed()).path])
    let record = try #require(records.requests.first)
    let call = try #require(record.llm)
    #expect(call.operation == "chat")
    #expect(call.model == "gpt-4o")
    #expect(call.stream == true)
    #expect(call.attempt == nil)
    #expect(call.finishReasons == ["stop"])
    #expect(call.usage?.totalTokens == 18)
    #expect(call.timeToFirstEvent == 0.002)
    #expect(call.eventGaps?.count == 3)
    #expect(call.call == 1)
    #expect(record.response?.events == 4)
    #expect(record.anomalies == [])
  }

  @Test func unknownIsNullAndAbsentIsLeftOut() throws {
    let file = try ScratchFile(packets: streamed([Self.chunk("a")], closes: false)).path
    let text = try Executable.run(["export", file]).output
    #expect(
      text.contains(#""finish_reasons":null,"usage":null,"time_to_first_event":0.002,"call":1"#))
    #expect(!text.contains("attempt"))
  }

  @Test func anomaliesOfStreamsStandOnTheRecord() throws {
    let events = [Self.chunk("a"), "data: {\"error\":{\"message\":\"boom\"}}\n\n"]
    let file = try ScratchFile(packets: streamed(events, waits: 11_000_000_000)).path
    let record = try #require(try Executable.export([file]).requests.first)
    #expect(record.anomalies == ["sse.done-missing", "sse.error-event", "sse.stalled"])
    #expect(try Executable.run(["list", file]).output.contains("[sse.stalled]"))
    // Nobody asked for the events: they change no code.
    #expect(try Executable.run(["check", file]).code == 0)
  }

  @Test func deepContentIsCountedByItsBound() throws {
    var dialogue = Dialogue()
    dialogue.ask(
      "POST", "/v1/chat/completions", fields: [Self.authorization],
      body: String(repeating: "{\"a\":", count: 2000))
    let file = try dialogue.file().path
    let text = try Executable.run(["export", file]).output
    #expect(text.contains("http.json-too-deep"))
    #expect(text.contains(#""caps":{"json_depth":1}"#))
    #expect(text.contains(#""model":null"#))
    #expect(try Executable.run(["check", file]).code == 0)
  }

  // MARK: --where

  @Test(arguments: [
    ("model=gpt-4*", true), ("model=claude*", false), ("operation=chat stream=true", true),
    ("stream=false", false), ("attempt>1", false), ("total-tokens>=18", true),
    ("prompt-tokens>11", false), ("time-to-first-event>1ms", true),
    ("time-to-first-event>1s", false),
    ("finish-reason=stop", true), ("events=4", true), ("anomaly=sse.*", false),
  ])
  func selected(_ expression: String, _ isSelected: Bool) throws {
    let file = try ScratchFile(packets: streamed()).path
    let result = try Executable.run(["list", "--where", expression, file])
    #expect(result.code == 0)
    #expect(result.output.contains("/v1/chat/completions") == isSelected)
  }

  // MARK: Rules

  private let firstEvent =
    "match: {stream: true}\n    response: {time_to_first_event: {max: 5s}}"

  @Test func firstEventInTime() throws {
    #expect(try check(firstEvent, streamed()).code == 0)
    let late = try check(firstEvent, streamed(waits: 6_000_000_000))
    #expect(late.code == 1)
    #expect(late.output.contains("first event after 6.002 s; rule tested allows 5 s"))
  }

  @Test func streamWithoutAnEventBreaksTheRule() throws {
    #expect(try check(firstEvent, streamed([": ping\n\n"])).code == 1)
  }

  @Test func ruleThatReadsWhatIsCutIsUndecided() throws {
    var packets = streamed([Self.chunk("a")], closes: false)
    #expect(try check(firstEvent, packets).code == 0)
    packets.removeLast()
    let result = try check(firstEvent, packets)
    #expect(result.code == 4)
    #expect(result.output.contains("time to the first event unknown"))
    #expect(try Executable.run(["check", try ScratchFile(packets: packets).path]).code == 0)
  }

  /// A call that is answered at once, and not by events.
  private func plain(
    _ body: String = #"{"model":"gpt-4o","stream":true}"#, target: String = "/v1/chat/completions",
    isAnswered: Bool = true
  ) -> [Packet] {
    var talk = Conversation()
    talk.client(Dialogue.request("POST", target, fields: [Self.authorization], body: body))
    if isAnswered { talk.server(Dialogue.answer()) }
    talk.close()
    return talk.packets()
  }

  @Test func answerThatIsNoStreamCanNotBeTimed() throws {
    let result = try check(firstEvent, plain())
    #expect(result.code == 4)
    #expect(result.output.contains("time to the first event unknown"))
    let always = "response: {time_to_first_event: {max: 5s}, status: 200}"
    #expect(try check(always, plain()).code == 4)
    #expect(try check(always, plain(#"{"model":"gpt-4o"}"#)).code == 0)
  }

  @Test func streamOfAnotherTypeIsUndecided() throws {
    #expect(try check(firstEvent, plain(#"{"stream":"true"}"#)).code == 4)
  }

  @Test func ruleByAStatusThatWasNotSeenIsUndecided() throws {
    let rule = "match: {status: 200}\n    credential: {header: x-api-key}"
    #expect(try check(rule, plain()).code == 1)
    let unanswered = try check(rule, plain(isAnswered: false))
    #expect(unanswered.code == 4)
    #expect(unanswered.output.contains("the capture has no status of its response"))
  }

  @Test(arguments: ["/v1/chat/%63ompletions", "/v1/chat%2Fcompletions"])
  func codesInAPathHideItFromNoRule(_ target: String) throws {
    for match in ["path: /v1/chat/completions", "operation: chat", "model: gpt-4o"] {
      let rule = "match: {\(match)}\n    credential: {header: x-api-key}"
      #expect(try check(rule, plain(target: target)).code == 1, "\(match)")
    }
  }

  @Test func formHidesAModelFromNoRule() throws {
    var dialogue = Dialogue()
    dialogue.ask(
      "POST", "/v1/chat/completions",
      fields: [Self.authorization, "Content-Type: application/x-www-form-urlencoded"],
      body: "a=b&model=gpt-4o")
    let rule = "match: {model: gpt-4*}\n    credential: {header: x-api-key}"
    #expect(try check(rule, dialogue.packets).code == 1)
  }

  @Test func tokensWithinBounds() throws {
    func code(_ limit: String, _ packets: [Packet]) throws -> Int32 {
      try check("match: {model: gpt-4*}\n    response: {usage: {\(limit)}}", packets).code
    }
    #expect(try code("total_tokens: {max: 18}", streamed()) == 0)
    #expect(try code("total_tokens: {max: 17}", streamed()) == 1)
    #expect(try code("prompt_tokens: {max: 11}, completion_tokens: {min: 8}", streamed()) == 1)
    // The answer doesn't say, or isn't whole.
    #expect(try code("total_tokens: {max: 18}", streamed([Self.chunk("a"), Self.done])) == 4)
    #expect(try code("total_tokens: {max: 18}", streamed([Self.chunk("a")], closes: false)) == 4)
  }

  @Test func answeringModel() throws {
    let rule = "match: {operation: chat}\n    response: {model: "
    #expect(try check(rule + "gpt-4o*}", streamed()).code == 0)
    let other = try check(rule + "gpt-5*}", streamed())
    #expect(other.code == 1)
    #expect(other.output.contains("answered by gpt-4o"))
  }

  @Test func ruleOfAnotherModelMatchesNothing() throws {
    let result = try check("match: {model: claude*}\n    response: {status: 500}", streamed())
    #expect(result.code == 0)
    #expect(result.output.contains("matched no request"))
  }

  @Test func refusedCallsHaveNoTokensToTest() throws {
    var dialogue = Dialogue()
    dialogue.ask(
      "POST", "/v1/chat/completions", fields: [Self.authorization], body: #"{"stream":true}"#,
      answer: Dialogue.answer("429 Too Many Requests", body: "{}"))
    let rule = firstEvent.replacing("5s}", with: "5s}, usage: {total_tokens: {max: 1}}")
    #expect(try check(rule, dialogue.packets).code == 0)
  }

  /// A request whose content has a hole, in a segment of its own.
  private func holed(key: String) -> [Packet] {
    var talk = Conversation()
    talk.segmentSize = 300
    let filler = String(repeating: "x", count: 900)
    talk.client(
      Dialogue.request(
        "POST", "/v1/chat/completions", fields: ["Authorization: Bearer \(key)"],
        body: #"{"x":"\#(filler)","model":"gpt-4o"}"#))
    talk.server(Dialogue.answer())
    talk.close()
    var packets = talk.packets()
    let full = packets.indices.filter { packets[$0].payload.count == 300 }
    packets.remove(at: full[2])
    return packets
  }

  @Test func ruleThatMayBeAboutARequestIsUndecided() throws {
    let packets = holed(key: Dialogue.key)
    #expect(try Executable.run(["check", try ScratchFile(packets: packets).path]).code == 0)
    let result = try check("match: {model: gpt-4*}\n    response: {status: 200}", packets)
    #expect(result.code == 4)
    #expect(result.output.contains("whether rule tested is about this request can't be said"))
  }

  @Test func oneDoubtfulRuleDoesNotUndoAnother() throws {
    let policy = try Folder().file(
      "policy.yml",
      """
      expect: env:MASTER
      rules:
        - id: team
          match: {model: gpt-4*}
          credential: {expect: env:TEAM}
        - id: master
          match: {model: gpt-5*}
          credential: {expect: env:MASTER}
      """)
    let file = try ScratchFile(packets: holed(key: Dialogue.key)).path
    let result = try Executable.run(
      ["check", "--policy", policy, file],
      environment: ["MASTER": Dialogue.key, "TEAM": "sk-team-8Hn3Vb6Kp0"])
    #expect(result.code == 4)
    #expect(result.output.contains("unknown: POST /v1/chat/completions"))
  }

  @Test func keyThatOnlyADoubtfulRuleAllowsIsUnknown() throws {
    let other = "sk-team-8Hn3Vb6Kp0"
    let policy = try Folder().file(
      "policy.yml",
      """
      expect: env:MASTER
      rules:
        - id: team
          match: {model: gpt-4*}
          credential: {expect: env:TEAM}
      """)
    for (key, code) in [(other, Int32(4)), (Dialogue.key, 4), ("sk-neither-2Fg6Hj1Kl", 1)] {
      let file = try ScratchFile(packets: holed(key: key)).path
      let result = try Executable.run(
        ["check", "--policy", policy, file], environment: ["MASTER": Dialogue.key, "TEAM": other])
      #expect(result.code == code, "\(result.output)")
    }
  }
}
