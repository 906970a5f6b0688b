import TestSupport
import Testing

@testable import Exchanges
@testable import HTTP
@testable import Wire

/// Which answer belongs to which request, where one of either was never captured.
@Suite("Pairing around a hole") struct LostMessagesTests {
  /// The packets that carry these texts are missing.
  private func lines(_ talk: Conversation, without lost: String...) throws -> [String] {
    let packets = talk.packets().filter { packet in
      !lost.contains { Array($0.utf8) == packet.payload }
    }
    return try Reconstruction(packets).lines
  }

  @Test func theAnswerToALostRequestIsNobodys() throws {
    var talk = Conversation()
    talk.client(get("/1"))
    talk.server(answer(201))
    talk.client(get("/2"))
    talk.server(answer(202))
    talk.close()
    #expect(
      try lines(talk, without: get("/1")) == ["? → 201 orphan-response", "/2 → 202 complete"])
  }

  @Test func whoseAnswerIsWhoseIsNotGuessedBehindALostPipelinedRequest() throws {
    var talk = Conversation()
    for number in 1...3 { talk.client(get("/\(number)")) }
    for number in 1...3 { talk.server(answer(200 + number)) }
    talk.client(get("/4"))
    talk.server(answer(204))
    talk.close()
    #expect(
      try lines(talk, without: get("/1")) == [
        "/2 → ? gap", "/3 → ? gap", "? → 201 orphan-response", "? → 202 orphan-response",
        "? → 203 orphan-response", "/4 → 204 complete",
      ])
  }

  @Test func theLostAnswerOfTheOnlyRequestWasAnInterimOne() throws {
    var talk = Conversation()
    talk.client(post("/chat", "q"))
    talk.server("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n")
    talk.server(answer(200, "a"))
    talk.close()
    #expect(
      try lines(talk, without: "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n") == [
        "/chat → 200 gap"
      ])
  }

  @Test func anAnswerToAnUnknownRequestMayHaveBeenToHEAD() throws {
    var talk = Conversation()
    talk.client("HEAD /health HTTP/1.1\r\nHost: a\r\n\r\n")
    talk.server("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n")
    talk.client(get("/model/info"))
    talk.server(answer(401))
    talk.close()
    #expect(
      try lines(talk, without: "HEAD /health HTTP/1.1\r\nHost: a\r\n\r\n") == [
        "? → 200 orphan-response", "/model/info → 401 complete",
      ])
  }

  @Test func aConnectionWhoseSYNIsMissingIsOneOfItsOwn() throws {
    var first = Conversation()
    first.client(get("/1"))
    first.server(answer(201))
    var second = Conversation(
      startingAt: first.time, clientISN: 3_000_000_000, serverISN: 2_000_000_000)
    second.client(get("/2"))
    second.server(answer(202))
    let all = try Reconstruction(first.packets() + second.packets().dropFirst())
    #expect(all.lines == ["/1 → 201 truncated", "/2 → 202 truncated"] || all.exchanges.count == 2)
    #expect(all.exchanges.map(\.connection) == [1, 2])
  }

  @Test func requestsThatNobodyAnswersDontWaitForEver() throws {
    var talk = Conversation()
    for _ in 0..<50 { talk.client(String(repeating: get("/"), count: 100)) }
    talk.server(answer(201) + answer(202))
    let all = try Reconstruction(talk)
    #expect(all.ledger.caps[.waitingRequests] > 0)
    #expect(all.ledger.requests == 5000)
    // The first two answers are those of requests that were let go.
    #expect(all.lines.count { $0.hasSuffix("orphan-response") } == 2)
  }
}
