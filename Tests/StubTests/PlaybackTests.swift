import LiteLLM
import Testing

@testable import Stub

/// Recorded answers, played back to requests.
@Suite struct PlaybackTests {
  private static let key = "sk-stand-in-for-tests"

  private func recorded(
    _ id: Int, _ asked: String, _ pieces: [String], hasLength: Bool = false
  ) -> RecordedAnswer {
    RecordedAnswer(
      exchange: id, method: "POST", target: "/chat/completions", asked: Array(asked.utf8),
      status: 200, reason: "OK", fields: [("Content-Type", "text/event-stream"), ("X-Is", "kept")],
      hasLength: hasLength,
      pieces: pieces.map { RecordedAnswer.Piece(delay: 1_000_000, bytes: Array($0.utf8)) })
  }

  private func ask(
    _ answers: [RecordedAnswer], _ bodies: [String], key: String = Self.key
  ) async throws -> [WireClient.Received] {
    var configuration = ProxyConfiguration()
    configuration.masterKey = Self.key
    var options = StubOptions(proxy: Proxy(profile: .v106, configuration: configuration))
    options.port = 0
    options.recorded = answers
    options.recordedName = "agent.pcap"
    let server = try StubServer(options)
    defer { server.stop(grace: 0) }
    var received: [WireClient.Received] = []
    for body in bodies {
      received.append(
        try await WireClient.exchange(
          server.port,
          "POST /chat/completions HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
            + "Authorization: Bearer \(key)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"))
    }
    return received
  }

  @Test func chunksAndFieldsComeAsRecorded() async throws {
    let answer = try await ask(
      [recorded(1, #"{"a":1}"#, ["data: one\n\n", "data: two\n\n"])], [#"{"a":1}"#])[0]
    #expect(answer.content == "b\r\ndata: one\n\n\r\nb\r\ndata: two\n\n\r\n0\r\n\r\n")
    #expect(answer.text.contains("\r\nX-Is: kept\r\n"))
  }

  @Test func theOrderOfMembersAndWhoAsksDontMatter() async throws {
    let answer = try await ask(
      [recorded(1, #"{"model":"m","messages":[1,2]}"#, ["yes"], hasLength: true)],
      [#"{ "messages": [1, 2], "user": "somebody", "seed": null, "model": "m" }"#])[0]
    #expect(answer.status == 200 && answer.content == "yes")
  }

  @Test func firstInFirstOutAndThenAnError() async throws {
    let answers = try await ask(
      [
        recorded(1, "{}", ["first"], hasLength: true),
        recorded(2, "{}", ["second"], hasLength: true),
      ], ["{}", "{}", "{}"])
    #expect(answers.map(\.status) == [200, 200, 404])
    #expect(answers[0].content == "first" && answers[1].content == "second")
    #expect(answers[2].content.contains("recorded 2 times, and all of that is played"))
  }

  @Test func aMissNamesTheNearestAndTheFirstDifference() async throws {
    let miss = try await ask(
      [
        recorded(3, #"{"model":"other","messages":[{"content":"x"}]}"#, ["no"]),
        recorded(7, #"{"model":"m","messages":[{"content":"recorded"}]}"#, ["no"]),
      ], [#"{"model":"m","messages":[{"content":"private"}]}"#])[0]
    #expect(miss.status == 404)
    #expect(miss.content.contains("nearest is exchange 7"))
    #expect(miss.content.contains(#""param":"$.messages[0].content""#))
    // A prompt is nobody else's business.
    #expect(!miss.content.contains("private") && !miss.content.contains("recorded\""))
  }

  @Test func theKeyIsJudgedWhateverTheRecordingSays() async throws {
    let answer = try await ask([recorded(1, "{}", ["yes"])], ["{}"], key: "sk-another-one")[0]
    #expect(answer.status == 400 && answer.content.contains("No connected db."))
  }
}
