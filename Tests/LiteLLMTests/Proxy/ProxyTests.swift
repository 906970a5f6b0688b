import Testing

@testable import LiteLLM

/// What LiteLLM answers, by its own order of checks: measured against the real one.
@Suite struct ProxyTests {
  private static let masterKey = "sk-stand-in-for-tests"

  private static let config = """
    model_list:
      - model_name: gpt-4o
        litellm_params: {model: openai/gpt-4o, api_key: os.environ/UPSTREAM}
      - model_name: mock-gpt
        litellm_params: {model: openai/mock-gpt, mock_response: "This is a mock response"}
    general_settings:
      master_key: os.environ/MASTER
    """

  private static let rows = """
    keys:
      - {key: sk-good}
      - {key: sk-blocked, blocked: true}
      - {key: sk-expired, expires: "2020-01-01T00:00:00+00:00"}
      - {key: sk-spent-0004, spend: 10.0, max_budget: 5.0}
      - {key: sk-other-model, models: [gpt-4.1]}
      - {key: sk-once, rpm_limit: 1}
      - {key: sk-teamed, team_id: team-1}
      - {key: sk-models-only, allowed_routes: [/v1/models]}
    teams:
      - {team_id: team-1, blocked: true}
    """

  private static let chat = #"{"model":"mock-gpt","messages":[{"role":"user","content":"hi"}]}"#

  private func proxy(
    _ profile: ProxyProfile = .v106, keys: Bool = false
  ) throws -> Proxy {
    Proxy(
      profile: profile,
      configuration: try ProxyConfiguration(
        yaml: Self.config, file: "config.yaml", environment: ["MASTER": Self.masterKey]),
      keys: keys ? try KeyTable(yaml: Self.rows, file: "keys.yaml") : nil)
  }

  private func ask(
    _ proxy: inout Proxy, _ method: String, _ target: String, _ authorization: String?,
    _ body: String = ""
  ) -> (status: Int, text: String) {
    let fields =
      [(name: "host", value: "proxy:4000")]
      + (authorization.map { [(name: "authorization", value: $0)] } ?? [])
    let answer = proxy.answer(
      ProxyRequest(method: method, target: target, fields: fields, body: Array(body.utf8)),
      now: 1_767_225_600_000_000_000)
    switch answer.content {
    case .bytes(let bytes): return (answer.status, String(decoding: bytes, as: UTF8.self))
    case .events(let events):
      return (answer.status, String(decoding: events.flatMap(\.self), as: UTF8.self))
    }
  }

  @Test(arguments: [
    ("Bearer sk-stand-in-for-tests", 200, "This is a mock response"),
    ("bearer sk-stand-in-for-tests", 200, "This is a mock response"),
    ("Basic sk-stand-in-for-tests", 200, "This is a mock response"),
    ("Bearer Bearer sk-stand-in-for-tests", 200, "This is a mock response"),
    ("BEARER sk-stand-in-for-tests", 401, "Malformed API Key passed in."),
    ("Token sk-stand-in-for-tests", 401, "Malformed API Key passed in."),
    ("sk-stand-in-for-tests", 401, "Malformed API Key passed in."),
    ("Bearer", 401, "Malformed API Key passed in."),
    ("Bearer  sk-stand-in-for-tests", 400, "No connected db."),
    ("Bearer dummy-key-for-proxy", 400, "No connected db."),
    ("", 401, "No api key passed in."),
  ])
  func formsOfAuthorization(_ value: String, _ status: Int, _ words: String) throws {
    var proxy = try proxy()
    let answer = ask(&proxy, "POST", "/chat/completions", value, Self.chat)
    #expect(answer.status == status && answer.text.contains(words))
  }

  @Test func withoutAKey() throws {
    var proxy = try proxy()
    let answer = ask(&proxy, "GET", "/model/info", nil)
    #expect(answer.status == 401)
    #expect(
      answer.text
        == #"{"error":{"message":"Authentication Error, No api key passed in.","#
        + #""type":"auth_error","param":"None","code":"401"}}"#)
  }

  @Test(arguments: HeaderName.all) func theRightKeyInAnyHeaderThatLiteLLMReads(_ name: String)
    throws
  {
    var proxy = try proxy()
    let value = name == "authorization" ? "Bearer \(Self.masterKey)" : Self.masterKey
    let answer = proxy.answer(
      ProxyRequest(method: "GET", target: "/models", fields: [(name, value)]), now: 0)
    #expect(answer.status == 200)
  }

  @Test func badJSONBeatsAMissingKey() throws {
    var proxy = try proxy()
    let answer = ask(&proxy, "POST", "/chat/completions", nil, #"{"model": "gpt-4o", "#)
    #expect(answer.status == 400)
    #expect(answer.text.contains("unexpected end of data: line 1 column 21 (char 20)"))
  }

  @Test(arguments: [
    ("GET", "//model/info", 404), ("GET", "/v1/v1/models", 404), ("POST", "/messages", 404),
    ("POST", "/model/info", 405), ("GET", "/chat/completions", 405), ("GET", "/model/info/", 307),
    ("GET", "/health/liveliness", 200), ("GET", "/health", 401),
  ])
  func routesComeBeforeTheKey(_ method: String, _ target: String, _ status: Int) throws {
    var proxy = try proxy()
    #expect(ask(&proxy, method, target, nil).status == status)
  }

  @Test(arguments: [
    ("sk-good", 200, "mock response"), ("sk-nobody", 401, "Invalid proxy server token passed."),
    ("nobody", 401, "LiteLLM Virtual Key expected. Received=****"),
    ("sk-blocked", 401, "Key is blocked."), ("sk-expired", 401, "Expired Key."),
    ("sk-spent-0004", 422, "Key=key (sk-...0004) Current cost: 10.0, Max budget: 5.0"),
    ("sk-other-model", 403, "key_model_access_denied"),
    ("sk-teamed", 401, "Team=team-1 is blocked."),
    ("sk-models-only", 403, "Tried to call route: /chat/completions"),
  ])
  func virtualKeys(_ key: String, _ status: Int, _ words: String) throws {
    var proxy = try proxy(keys: true)
    let answer = ask(&proxy, "POST", "/chat/completions", "Bearer \(key)", Self.chat)
    #expect(answer.status == status && answer.text.contains(words), "\(answer.text)")
  }

  @Test func aRateLimitCountsTheMinute() throws {
    var proxy = try proxy(keys: true)
    let first = ask(&proxy, "POST", "/chat/completions", "Bearer sk-once", Self.chat)
    let second = ask(&proxy, "POST", "/chat/completions", "Bearer sk-once", Self.chat)
    #expect(first.status == 200 && second.status == 429)
    #expect(second.text.contains("Limit type: requests. Current limit: 1, Remaining: 0."))
  }

  @Test func theSameRequestGivesTheSameBytes() throws {
    var one = try proxy()
    var other = try proxy()
    let authorization = "Bearer \(Self.masterKey)"
    #expect(
      ask(&one, "POST", "/v1/chat/completions", authorization, Self.chat)
        == ask(&other, "POST", "/v1/chat/completions", authorization, Self.chat))
  }

  @Test func aStreamEndsWithDone() throws {
    var proxy = try proxy()
    let body = Self.chat.dropLast() + #","stream":true,"stream_options":{"include_usage":true}}"#
    let answer = ask(
      &proxy, "POST", "/chat/completions", "Bearer \(Self.masterKey)", String(body))
    #expect(answer.text.hasPrefix("data: {\"id\":\"chatcmpl-"))
    #expect(answer.text.contains(#""content":"Thi""#) && answer.text.contains(#""usage":{"#))
    #expect(answer.text.hasSuffix("data: [DONE]\n\n"))
  }

  @Test func bytebotsReasoningEffort() throws {
    var proxy = try proxy()
    let body =
      #"{"model":"openai/gpt-4o","messages":[],"reasoning_effort":"high"}"#
    let answer = ask(&proxy, "POST", "/chat/completions", "Bearer \(Self.masterKey)", body)
    #expect(answer.status == 400 && answer.text.contains("UnsupportedParamsError"))
  }

  @Test func anOpenProxyTakesEverybody() {
    var proxy = Proxy(profile: .v106, configuration: ProxyConfiguration())
    #expect(ask(&proxy, "POST", "/chat/completions", nil, Self.chat).status == 200)
  }

  @Test func brokenConfigurationsAreNamedWithTheirPlace() {
    #expect {
      try ProxyConfiguration(yaml: "model_list: [\n  {", file: "c.yaml", environment: [:])
    } throws: {
      "\($0)".hasPrefix("c.yaml:")
    }
    #expect {
      try ProxyConfiguration(yaml: "model_list: [{}]", file: "c.yaml", environment: [:])
    } throws: {
      "\($0)".contains("model_list[0] needs model_name")
    }
  }

  @Test func whatTheStubDoesNotKnowIsNamedOnce() throws {
    let configuration = try ProxyConfiguration(
      yaml: "general_settings: {alerting: [slack]}\nguardrails: []", file: "c.yaml",
      environment: [:])
    #expect(configuration.unknownMembers == ["guardrails", "general_settings.alerting"])
  }

  // MARK: The rest of its routes

  /// What any route of LiteLLM says to nobody, to a wrong key and to the master key.
  @Test(arguments: [
    ("GET", "/v1/files/file-1", "", 500), ("POST", "/v1/rerank", "{}", 400),
    ("POST", "/team/new", "{}", 500), ("GET", "/key/list", "", 500),
    ("DELETE", "/guardrails/g1", "", 500),
  ])
  func everyRouteAsksForTheKey(_ method: String, _ path: String, _ body: String, _ allowed: Int)
    throws
  {
    var proxy = try proxy()
    #expect(ask(&proxy, method, path, nil, body).text.contains("No api key passed in."))
    #expect(ask(&proxy, method, path, "Bearer sk-other", body).text.contains("No connected db."))
    #expect(ask(&proxy, method, path, "Bearer \(Self.masterKey)", body).status == allowed)
  }

  @Test func whatLiteLLMDoesNotHaveIsNotFound() throws {
    var proxy = try proxy()
    #expect(ask(&proxy, "GET", "/v1/file", nil).status == 404)
    #expect(ask(&proxy, "PUT", "/team/new", nil).status == 405)
    // Of this one, the older one knows nothing.
    var older = try self.proxy(.v76)
    #expect(ask(&proxy, "POST", "/v1/evals", nil, "{}").status == 401)
    #expect(ask(&older, "POST", "/v1/evals", nil, "{}").status == 404)
  }

  @Test func aPathsParameterStandsInItsAnswer() throws {
    var proxy = try proxy()
    let answer = ask(&proxy, "GET", "/prompts/p%201", "Bearer \(Self.masterKey)")
    #expect(answer.status == 400 && answer.text.contains("p 1"))
  }

  @Test func onlyWhatIsLackingIsNamed() throws {
    var proxy = try proxy()
    let key = "Bearer \(Self.masterKey)"
    let both = ask(&proxy, "POST", "/v1/memory", key, "{}")
    let one = ask(&proxy, "POST", "/v1/memory", key, #"{"key":"k"}"#)
    #expect(both.status == 422 && both.text.contains(#"["body","key"]"#))
    #expect(!one.text.contains(#"["body","key"]"#) && one.text.contains(#"["body","value"]"#))
    #expect(ask(&proxy, "POST", "/v1/memory", key).text.contains(#""loc":["body"]"#))
  }

  @Test func aVirtualKeyIsRefusedWhereOnlyAdminsMay() throws {
    var proxy = try proxy(keys: true)
    #expect(ask(&proxy, "GET", "/spend/logs", "Bearer sk-good").text.contains("Only proxy admin"))
    #expect(ask(&proxy, "GET", "/health/services", "Bearer sk-good").status == 422)
  }

  // MARK: What a call costs

  @Test func theFieldsSayWhatACallCost() throws {
    var proxy = try proxy()
    func fields(_ model: String, _ more: String = "") -> [String: String] {
      let body = #"{"model":"\#(model)","messages":[]\#(more)}"#
      let answer = proxy.answer(
        ProxyRequest(
          method: "POST", target: "/chat/completions",
          fields: [("authorization", "Bearer \(Self.masterKey)")], body: Array(body.utf8)), now: 0)
      return Dictionary(answer.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }
    let whole = fields("gpt-4o")
    let total = try #require(whole["x-litellm-response-cost"].flatMap(Double.init))
    let parts = ["input", "output"].compactMap { whole["x-litellm-response-cost-\($0)"] }
    #expect(total > 0 && parts.compactMap(Double.init).reduce(0, +) == total)
    // No price in its table, and none yet at a stream's head.
    #expect(fields("mock-gpt")["x-litellm-response-cost"] == nil)
    #expect(fields("gpt-4o", #","stream":true"#)["x-litellm-response-cost-original"] == "0.0")
    // An error says that it cost nothing.
    #expect(fields("nobody")["x-litellm-response-cost"] == "0")
  }

  @Test func informationOfTheConfigurationStandsBeforeTheTables() throws {
    var proxy = Proxy(
      profile: .v106,
      configuration: try ProxyConfiguration(
        yaml: """
          model_list:
            - model_name: four
              litellm_params: {model: openai/gpt-4o}
              model_info: {mode: responses}
          """, file: "c.yaml", environment: [:]))
    let answer = ask(&proxy, "GET", "/model/info", nil).text
    let value = try #require(JSONValue(json: Array(answer.utf8)))
    let model = try #require(value["data"]?.array?.first?["model_info"])
    #expect(model["mode"] == .string("responses"))
    #expect(model["max_input_tokens"] == .integer(128_000))
    #expect(answer.ranges(of: #""mode""#).count == 1)
  }
}
