import Testing

@testable import LiteLLM

/// Every error body that was measured, with whose refusal it is.
@Suite("LiteLLM's error bodies are told apart") struct ErrorBodyTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var cause: String
    var status: Int
    var body: String
    var origin: ErrorBody.Origin
    var isOwnRefusal: Bool

    var testDescription: String { cause }
  }

  static func error(_ message: String, type: String?, param: String, code: Int) -> String {
    let type = type.map { "\"\($0)\"" } ?? "null"
    return
      #"{"error":{"message":"\#(message)","type":\#(type),"param":\#(param),"code":"\#(code)"}}"#
  }

  static let rows: [Row] = [
    Row(
      cause: "no key", status: 401,
      body: error(
        "Authentication Error, No api key passed in.", type: "auth_error", param: "\"None\"",
        code: 401), origin: .keyRefused, isOwnRefusal: true),
    Row(
      cause: "malformed", status: 401,
      body: error(
        "Authentication Error, Malformed API Key passed in. Ensure Key has `Bearer ` prefix.",
        type: "auth_error", param: "\"None\"", code: 401), origin: .keyRefused, isOwnRefusal: true),
    Row(
      cause: "wrong key, no database", status: 400,
      body: error("No connected db.", type: "no_db_connection", param: "null", code: 400),
      origin: .noDatabase, isOwnRefusal: true),
    Row(
      cause: "key without sk-", status: 401,
      body: error(
        "LiteLLM Virtual Key expected. Received=dumm****roxy, expected to start with 'sk-'.",
        type: "auth_error", param: "\"None\"", code: 401), origin: .keyRefused, isOwnRefusal: true),
    Row(
      cause: "key without sk-, 1.76", status: 401,
      body: error(
        "Authentication Error, LiteLLM Virtual Key expected. Received=dummy-key-for-proxy, "
          + "expected to start with 'sk-'.", type: "auth_error", param: "\"None\"", code: 401),
      origin: .keyRefused, isOwnRefusal: true),
    Row(
      cause: "unknown key", status: 401,
      body: error(
        "Authentication Error, Invalid proxy server token passed. Received API Key = sk-...1234, "
          + "Key Hash (Token) =eb79. Unable to find token in cache or "
          + "`LiteLLM_VerificationTokenTable`", type: "token_not_found_in_db", param: "\"key\"",
        code: 401), origin: .keyRefused, isOwnRefusal: true),
    Row(
      cause: "blocked", status: 401,
      body: error(
        "Authentication Error, Key is blocked. Update via `/key/unblock` if you're an admin.",
        type: "auth_error", param: "\"None\"", code: 401), origin: .keyRefused, isOwnRefusal: true),
    Row(
      cause: "expired", status: 401,
      body: error(
        "Authentication Error - Expired Key. Key Expiry time 2020-01-01 00:00:00+00:00 and "
          + "current time 2026-01-01", type: "expired_key", param: "\"sk-...508f\"", code: 401),
      origin: .keyRefused, isOwnRefusal: true),
    Row(
      cause: "key over budget", status: 422,
      body: error(
        "Budget has been exceeded! Key=key (sk-...0004) Current cost: 10.0, Max budget: 5.0",
        type: "budget_exceeded", param: "null", code: 422), origin: .other, isOwnRefusal: false),
    Row(
      cause: "team over budget", status: 422,
      body: error(
        "Budget has been exceeded! Team=team-3 Current cost: 100.0, Max budget: 1.0",
        type: "budget_exceeded", param: "null", code: 422), origin: .other, isOwnRefusal: false),
    Row(
      cause: "team blocked", status: 401,
      body: error(
        "Authentication Error, Team=team-1 is blocked. Update via `/team/unblock` if you're an "
          + "admin.", type: "auth_error", param: "\"None\"", code: 401), origin: .keyRefused,
      isOwnRefusal: true),
    Row(
      cause: "model not allowed", status: 403,
      body: error(
        "The requested model 'gpt-4o' is not available for this API key, or the model name is "
          + "invalid. Check the models available to you and try again.",
        type: "key_model_access_denied", param: "\"model\"", code: 403), origin: .keyRefused,
      isOwnRefusal: true),
    Row(
      cause: "model not allowed for the team", status: 403,
      body: error(
        "The requested model 'gpt-4o' is not available for this API key, or the model name is "
          + "invalid. Check the models available to you and try again.",
        type: "team_model_access_denied", param: "\"model\"", code: 403), origin: .keyRefused,
      isOwnRefusal: true),
    Row(
      cause: "model not allowed, 1.76", status: 401,
      body: error(
        "key not allowed to access model. This key can only access models=['gpt-4.1']. Tried to "
          + "access gpt-4o", type: "key_model_access_denied", param: "\"model\"", code: 401),
      origin: .keyRefused, isOwnRefusal: true),
    Row(
      cause: "route not allowed", status: 403,
      body: #"{"detail":"Virtual key is not allowed to call this route. Only allowed to call "#
        + #"routes: ['/v1/models']. Tried to call route: /chat/completions"}"#,
      origin: .keyRefused, isOwnRefusal: true),
    Row(
      cause: "admin's route", status: 401,
      body: error(
        "Authentication Error, Only proxy admin can be used to generate, delete, update info for "
          + "new keys/users/teams. Route=/key/generate. Your role=unknown.", type: "auth_error",
        param: "\"None\"", code: 401), origin: .keyRefused, isOwnRefusal: true),
    Row(
      cause: "rate limit of the key", status: 429,
      body: error(
        "Rate limit exceeded for api_key: 1f9e. Limit type: requests. Current limit: 1, "
          + "Remaining: 0. Limit resets at: x UTC", type: "throttling_error", param: "null",
        code: 429), origin: .other, isOwnRefusal: false),
    Row(
      cause: "upstream's own 401", status: 401,
      body: error(
        "litellm.AuthenticationError: AuthenticationError: OpenAIException - Incorrect API key "
          + "provided\\n\\nLiteLLM: model group 'X' failed with the error above.",
        type: nil, param: "null", code: 401), origin: .upstream, isOwnRefusal: false),
    Row(
      cause: "upstream's 401 with auth_error", status: 401,
      body: error(
        "litellm.AuthenticationError: AuthenticationError: OpenAIException - Incorrect API key",
        type: "auth_error", param: "null", code: 401), origin: .upstream, isOwnRefusal: false),
    Row(
      cause: "upstream's 429", status: 429,
      body: error(
        "litellm.RateLimitError: RateLimitError: OpenAIException - Rate limit reached",
        type: "throttling_error", param: "null", code: 429), origin: .upstream,
      isOwnRefusal: false),
    Row(
      cause: "upstream's 500", status: 500,
      body: error(
        "litellm.InternalServerError: InternalServerError: OpenAIException - The server had an "
          + "error", type: "internal_server_error", param: "null", code: 500), origin: .upstream,
      isOwnRefusal: false),
    Row(
      cause: "unknown model", status: 400,
      body: error(
        "/chat/completions: Invalid model name passed in model=no-such-model. Call `/v1/models` "
          + "to view available models for your key.", type: "invalid_request_error",
        param: "null", code: 400), origin: .other, isOwnRefusal: false),
    Row(
      cause: "bad JSON", status: 400,
      body: error(
        "Invalid JSON payload: unexpected end of data: line 1 column 21 (char 20)",
        type: "invalid_request_error", param: "\"request_body\"", code: 400), origin: .other,
      isOwnRefusal: false),
    Row(
      cause: "unknown path", status: 404, body: #"{"detail":"Not Found"}"#, origin: .other,
      isOwnRefusal: false),
    Row(
      cause: "no database where one is needed", status: 500,
      body: error(
        "{'error': \\\"No DB Connected. Here's how to do it\\\"}", type: "auth_error",
        param: "\"None\"", code: 500), origin: .keyRefused, isOwnRefusal: false),
  ]

  @Test(arguments: rows) func origin(_ row: Row) throws {
    let body = try #require(ErrorBody(Array(row.body.utf8)))
    #expect(body.origin == row.origin)
  }

  @Test func messageAndType() throws {
    let body = try #require(ErrorBody(Array(Self.rows[2].body.utf8)))
    #expect(body.message == "No connected db.")
    #expect(body.type == "no_db_connection")
  }

  @Test(arguments: [
    (0, "No api key passed in."), (1, "Malformed API Key passed in."),
    (2, "No connected db."), (3, "LiteLLM Virtual Key expected."),
    (4, "LiteLLM Virtual Key expected."),
  ])
  func gist(_ row: Int, _ gist: String) throws {
    #expect(try #require(ErrorBody(Array(Self.rows[row].body.utf8))).gist == gist)
  }

  @Test(arguments: rows) func gistIsOneShortLine(_ row: Row) throws {
    let gist = try #require(ErrorBody(Array(row.body.utf8))).gist
    #expect(!gist.isEmpty && !gist.contains("\n") && gist.count <= 120)
  }

  @Test func gistOfAnUnknownKeyHoldsNoHash() throws {
    let row = try #require(Self.rows.first { $0.cause == "unknown key" })
    #expect(try !#require(ErrorBody(Array(row.body.utf8))).gist.contains("eb79"))
  }

  @Test(arguments: [
    "", "Invalid HTTP request received.", "[]", "{}", #"{"error":7}"#, #"{"detail":{"error":"x"}}"#,
    #"{"error":{"message":"cut"#, "\"text\"", "{\"error\":{\"type\":\"auth_error\"}}",
  ])
  func noErrorBody(_ text: String) {
    #expect(ErrorBody(Array(text.utf8)) == nil)
  }

  @Test func anthropicsShape() throws {
    let text = #"{"type":"error","error":{"type":"invalid_request_error","message":"no"}}"#
    #expect(try #require(ErrorBody(Array(text.utf8))).origin == .other)
  }

  @Test func bodyBeyondTheBoundIsNotRead() {
    let text = #"{"detail":""# + String(repeating: "x", count: ErrorBody.limit) + #""}"#
    #expect(ErrorBody(Array(text.utf8)) == nil)
  }

  @Test func deepNestingIsNoTrap() {
    let text =
      #"{"error":"# + String(repeating: "[", count: 30_000) + String(repeating: "]", count: 30_000)
      + "}"
    #expect(ErrorBody(Array(text.utf8)) == nil)
  }
}
