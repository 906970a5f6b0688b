import Exchanges
import TestSupport
import Testing
import Wire

@testable import LiteLLM

@Suite("An answer tells who refused") struct AnswerTests {
  private struct Sink: ExchangeSink {
    var answers: [Answer?] = []
    var known = KnownErrorBodies()

    mutating func began(_ source: CaptureSource) {}

    mutating func take(_ exchange: Exchange, in store: CaptureStore) {
      answers.append(Answer(exchange, in: store, &known))
    }
  }

  /// What is made of a response.
  private func answer(_ response: String) throws -> Answer? {
    var dialogue = Dialogue()
    dialogue.ask(answer: response)
    let file = try dialogue.file()
    var sink = Sink()
    var reconstructor = try Reconstructor(files: [file.path])
    _ = reconstructor.run(into: &sink)
    return try #require(sink.answers.first)
  }

  @Test(arguments: ErrorBodyTests.rows) func ownRefusal(_ row: ErrorBodyTests.Row) throws {
    let answer = try #require(try answer(Dialogue.answer("\(row.status) X", body: row.body)))
    #expect(answer.status == row.status)
    #expect(answer.isOwnRefusal == row.isOwnRefusal)
  }

  @Test(arguments: ErrorBodyTests.rows) func upstreamRefusal(_ row: ErrorBodyTests.Row) throws {
    let answer = try #require(try answer(Dialogue.answer("\(row.status) X", body: row.body)))
    #expect(
      answer.isUpstreamRefusal == (row.origin == .upstream && [401, 403].contains(row.status)))
  }

  @Test func refusalBehindAnEndpointIsTheUpstreams() throws {
    let answer = try #require(
      try answer(
        Dialogue.answer("401 Unauthorized", fields: ["x-litellm-call-id: 7"], body: "no")))
    #expect(answer.isUpstreamRefusal)
    #expect(!answer.isOwnRefusal)
  }

  @Test func emptyRefusalOfAWebSocketIsItsOwn() throws {
    let answer = try #require(try answer(Dialogue.answer("403 Forbidden")))
    #expect(answer.isOwnRefusal)
  }

  @Test func refusalWithoutMarksOfAServerBeforeTheProxyIsNoneOfItsOwn() throws {
    let answer = try #require(
      try answer(
        Dialogue.answer(
          "401 Unauthorized", fields: ["Server: nginx", "WWW-Authenticate: Basic realm=x"],
          body: "<html>401 Authorization Required</html>")))
    #expect(!answer.isOwnRefusal)
    #expect(!answer.hasMarks)
  }

  @Test func foreignPageWith403IsNoneOfItsOwn() throws {
    let answer = try #require(
      try answer(
        Dialogue.answer(
          "403 Forbidden", fields: ["Server: nginx", "Content-Type: text/html"],
          body: "<html><h1>403 Forbidden</h1></html>")))
    #expect(!answer.isOwnRefusal)
  }

  @Test func refusalOfTheMetricsIsItsOwn() throws {
    // Measured: a JSON text, no object.
    let body =
      #""Unauthorized access to metrics endpoint: Authentication Error, Malformed API Key passed "#
      + #"in. Ensure Key has `Bearer ` prefix. To allow unauthenticated access, set …""#
    let answer = try #require(try answer(Dialogue.answer("401 Unauthorized", body: body)))
    #expect(answer.isOwnRefusal)
  }

  @Test(arguments: ["x-litellm-version: 1", "X-LiteLLM-Model-Id: 2", "x-litellm-call-id: 3"])
  func headersThatAreMarks(_ field: String) throws {
    #expect(try #require(try answer(Dialogue.answer(fields: [field]))).hasMarks)
  }

  @Test(arguments: ["x-litellmx: 1", "x-lite: 2", "server: uvicorn", "x-request-id: 3"])
  func headersThatAreNone(_ field: String) throws {
    #expect(!(try #require(try answer(Dialogue.answer(fields: [field]))).hasMarks))
  }

  @Test func errorBodyIsAMark() throws {
    #expect(try #require(try answer(Dialogue.noKey)).hasMarks)
  }

  @Test func successHasNoErrorBody() throws {
    let answer = try #require(
      try answer(Dialogue.answer(body: #"{"error":{"message":"Authentication Error, x"}}"#)))
    #expect(answer.error == nil)
  }

  @Test func errorInChunksIsRead() throws {
    let body = ErrorBodyTests.rows[0].body
    let half = body.utf8.count / 2
    let chunks = [body.prefix(half), body.dropFirst(half)].map {
      "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n"
    }.joined()
    let response =
      "HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)0\r\n\r\n"
    #expect(try #require(try answer(response)).error?.gist == "No api key passed in.")
  }

  @Test func withoutAResponseThereIsNoAnswer() throws {
    var talk = Conversation()
    talk.client(Dialogue.request("GET", "/model/info"))
    talk.close()
    let file = try ScratchFile(packets: talk.packets())
    var sink = Sink()
    var reconstructor = try Reconstructor(files: [file.path])
    _ = reconstructor.run(into: &sink)
    #expect(sink.answers.count == 1)
    #expect(sink.answers[0] == nil)
  }
}
