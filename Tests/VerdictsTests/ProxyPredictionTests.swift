import TestSupport
import Testing

/// What `check` says LiteLLM would answer, beside what the capture shows.
@Suite struct ProxyPredictionTests {
  private func check(
    _ fields: String, answered answer: String, expecting key: String? = nil
  ) throws -> Executable.Result {
    var conversation = Conversation()
    conversation.client("GET /model/info HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
    conversation.server(answer)
    let capture = try TemporaryFile(packets: conversation.packets())
    var environment: [String: String] = [:]
    environment["KEY"] = key
    return try Executable.run(
      ["check", "--proxy", "any"] + (key == nil ? [] : ["--expect-key", "env:KEY"])
        + [capture.path], environment: environment)
  }

  private static let accepted = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
  private static func refused(_ status: Int, _ message: String, _ type: String) -> String {
    let body =
      #"{"error":{"message":"\#(message)","type":"\#(type)","param":"None","code":"\#(status)"}}"#
    return "HTTP/1.1 \(status) No\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  @Test func whatTheCaptureShowsToo() throws {
    let result = try check(
      "", answered: Self.refused(401, "Authentication Error, No api key passed in.", "auth_error"))
    #expect(result.output.contains("LiteLLM would answer 401 No api key passed in.\n"))
    #expect(!result.output.contains("Here it was"))
  }

  @Test func aProxyThatAsksForNoKeyIsNamed() throws {
    let result = try check("", answered: Self.accepted)
    #expect(
      result.output.contains(
        "LiteLLM would answer 401 No api key passed in. Here it was 200: the proxy asks for no key")
    )
  }

  @Test func whatLiteLLMTakesAndThePolicyDoesNot() throws {
    let result = try check(
      "x-api-key: sk-right-4f9Qm2Xw7Lr1\r\n", answered: Self.accepted,
      expecting: "sk-right-4f9Qm2Xw7Lr1")
    #expect(result.code == 1 && result.output.contains("LiteLLM itself would let it in"))
  }

  @Test func whatDependsOnTheDatabaseIsSaidWithBoth() throws {
    let result = try check(
      "Authorization: Bearer dummy-key-for-proxy\r\n",
      answered: Self.refused(400, "No connected db.", "no_db_connection"))
    #expect(
      result.output.contains(
        "LiteLLM would answer 400 No connected db. Or, with a database, 401 LiteLLM Virtual Key"))
  }

  @Test func aKeyThatMayBeRightIsNotSaidToBeWrong() throws {
    let result = try check(
      "x-api-key: sk-perhaps-4f9Qm2Xw7Lr1\r\n", answered: Self.accepted)
    #expect(result.output.contains("Or let it in, where that is its key"))
    #expect(!result.output.contains("Here it was") && !result.output.contains("sk-perhaps"))
  }
}
