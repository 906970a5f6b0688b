import TestSupport
import Testing

@testable import Exchanges
@testable import HTTP
@testable import Wire

// Holes, conflicts, sightings and other protocols. The known issues are reported bugs here too.

extension ReconstructorTests {
  // MARK: Answers that are none

  @Test(arguments: ["HTTP/1\u{0}.1 200 ok\r\n\r\n", "\u{1}\u{2}", "HTTP/1.1 20 ok\r\n\r\n"])
  func anAnswerThatBeginsLikeNoneIsNamedOnItsRequest(bytes: String) throws {
    var talk = Conversation()
    talk.client(get("/1"))
    talk.server(bytes)
    talk.close()
    let all = try Reconstruction(talk)
    #expect(all.lines == ["/1 → ? no-response"])
    #expect(all.exchanges.first?.anomalies.contains(.badStatusLine) == true)
  }

  @Test(arguments: ["Access Denied", "BREW /coffee", "x \u{1}\u{2}", "GE"])
  func aFirstLineThatCouldBeAnythingIsNoRequestButADoubt(line: String) throws {
    var talk = Conversation()
    talk.client(line)
    talk.close()
    let all = try Reconstruction(talk)
    #expect(all.exchanges.isEmpty)
    #expect(all.ledger.strayBytes.reduce(0, +) == line.utf8.count)
    #expect(all.ledger.blindSpots.map(\.length) == [line.utf8.count])
    // It counts where the same server is seen to speak HTTP.
    #expect(all.ledger.blindSpots.allSatisfy { $0.isForeign })
    #expect(all.ledger.connections.map(\.kind) == [.other])
  }

  @Test func aGreetingOfTheServerIsNoRequest() throws {
    var talk = Conversation()
    talk.server("Please Let Me In")
    talk.close()
    let all = try Reconstruction(talk)
    #expect(all.exchanges.isEmpty)
    #expect(all.ledger.connections.map(\.kind) == [.other])
  }

  // MARK: Holes

  @Test func aHoleInsideContentOfKnownLengthIsNoBlindSpot() throws {
    var talk = Conversation()
    talk.segmentSize = 40
    talk.client(post("/1", String(repeating: "x", count: 200)))
    talk.segmentSize = 1400
    talk.server(answer(200))
    talk.client(get("/2"))
    talk.server(answer(201))
    talk.close()
    var packets = talk.packets()
    packets.remove(at: 5)
    let all = try Reconstruction(packets)
    #expect(all.lines == ["/1 → 200 gap", "/2 → 201 complete"])
    #expect(all.exchanges.first?.request?.bodyState == .gap)
    #expect(all.exchanges.first?.request?.missing == 40)
    #expect(all.exchanges.first?.request?.bytes == 160)
    #expect(all.ledger.blindSpots.isEmpty)
    #expect(all.ledger.payload.missing == 40)
  }

  @Test func aHoleUpToTheEndOfTheContentEndsTheMessage() throws {
    var talk = Conversation()
    talk.client(post("/1", "", length: 9))
    talk.client("lost body")
    talk.server(answer(200))
    talk.client(get("/2"))
    talk.server(answer(201))
    talk.close()
    var packets = talk.packets()
    packets.remove(at: 4)
    let all = try Reconstruction(packets)
    #expect(all.lines == ["/1 → 200 gap", "/2 → 201 complete"])
    #expect(all.exchanges.first?.request?.missing == 9)
    #expect(all.ledger.blindSpots.isEmpty)
  }

  @Test func aHoleInAHeadMakesWhatItDoesntShowUnknown() throws {
    var talk = Conversation()
    talk.client("GET /1 HTTP/1.1\r\nHost: a\r\n")
    talk.client("Accept: all\r\n")
    talk.client("X-Last: 1\r\n\r\n")
    talk.server(answer(401))
    talk.close()
    var packets = talk.packets()
    packets.remove(at: 4)
    let all = try Reconstruction(packets)
    let exchange = try #require(all.exchanges.first)
    #expect(exchange.request?.headState == .gap)
    #expect(exchange.request?.header("authorization") == .unknown(.hole))
    #expect(exchange.request?.header("host").value != nil)
    #expect(exchange.response?.head.status == 401)
    #expect(exchange.outcome == .gap)
    #expect(all.ledger.blindSpots.first?.cause == .hole)
  }

  @Test func aSnapshotLengthIsToldAsTheReason() throws {
    var talk = Conversation()
    talk.client(
      get("/1", "Authorization: Bearer sk-1", "X-Long: " + String(repeating: "x", count: 90)))
    talk.server(answer(200))
    talk.close()
    var packets = talk.packets()
    for index in packets.indices { packets[index].snaplen = 96 }
    let all = try Reconstruction(packets)
    #expect(all.exchanges.first?.request?.header("authorization") == .unknown(.snaplen))
    #expect(all.exchanges.first?.response?.head.status == 200)
    #expect(all.ledger.blindSpots.first?.cause == .snaplen)
  }

  @Test func aHoleInTheAnswerIsNoBlindSpot() throws {
    var talk = Conversation()
    talk.segmentSize = 50
    talk.client(get("/1"))
    talk.server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    talk.server("5\r\nhello\r\n")
    talk.server("5\r\nworld\r\n0\r\n\r\n")
    talk.client(get("/2"))
    talk.server(answer(201))
    talk.close()
    var packets = talk.packets()
    packets.remove(at: 5)
    let all = try Reconstruction(packets)
    #expect(all.lines == ["/1 → 200 gap", "/2 → 201 complete"])
    #expect(all.exchanges.first?.response?.bodyState == .gap)
    #expect(all.ledger.blindSpots.isEmpty)
  }

  @Test func everyPacketThatIsLostTouchesOnlyItsOwnExchange() throws {
    var talk = Conversation()
    talk.segmentSize = 30
    for (target, status) in [("/1", 201), ("/2", 202), ("/3", 203)] {
      talk.client(post(target, String(repeating: "q", count: 70)))
      talk.server(answer(status, String(repeating: "a", count: 70)))
    }
    talk.close()
    let packets = talk.packets()
    for lost in packets.indices where !packets[lost].payload.isEmpty {
      var fewer = packets
      fewer.remove(at: lost)
      let all = try Reconstruction(fewer)
      let touched = all.exchanges.filter { $0.outcome != .complete }
      #expect(!touched.isEmpty, "packet \(lost)")
      let whole = all.lines.filter { $0.hasSuffix("complete") }
      let pairs: Set = ["/1 → 201 complete", "/2 → 202 complete", "/3 → 203 complete"]
      #expect(pairs.isSuperset(of: whole), "packet \(lost): \(all.lines)")
      #expect(whole.count == 2, "packet \(lost): \(all.lines)")
    }
  }

  // MARK: Overlaps and sightings

  @Test func aConflictInsideAHeadMakesTheHeadUnknown() throws {
    var talk = Conversation()
    talk.client(get("/1", "Authorization: Bearer sk-1"))
    talk.server(answer(200))
    talk.close()
    var packets = talk.packets()
    packets.insert(
      packets[3].sentAgain(after: 1000).saying(get("/1", "Authorization: Bearer sk-2")), at: 4)
    let exchange = try #require(try Reconstruction(packets).exchanges.first)
    #expect(exchange.anomalies.contains(.overlapConflict))
    #expect(exchange.request?.header("authorization") == .unknown(.overlap))
    #expect(exchange.request?.headDoubt == .overlap)
  }

  @Test func aConflictInsideContentLeavesTheHeadAlone() throws {
    var talk = Conversation()
    talk.client(post("/1", "one"))
    talk.server(answer(200))
    talk.close()
    var packets = talk.packets()
    packets.insert(packets[3].sentAgain(after: 1000).saying(post("/1", "two")), at: 4)
    let all = try Reconstruction(packets)
    #expect(all.contents.first?.request == "one")
    #expect(all.exchanges.first?.request?.headDoubt == .overlap)
    var late = talk.packets()
    var body = late[3].sentAgain(after: 1000).saying("two")
    body.sequence &+= UInt32(late[3].payload.count - 3)
    late.insert(body, at: 4)
    let exchange = try #require(try Reconstruction(late).exchanges.first)
    #expect(exchange.anomalies.contains(.overlapConflict))
    #expect(exchange.request?.headDoubt == nil)
  }

  @Test(arguments: [1, 2, 3])
  func observationsCountThePlacesWhereThePacketsWereSeen(places: Int) throws {
    let scripts: [(String, Int)] = [
      (get("/1"), 1400), (get("/1"), 12), (post("/1", String(repeating: "x", count: 50)), 20),
    ]
    for (request, size) in scripts {
      #expect(try observations(of: request, by: size, places: places) == places)
    }
  }

  @Test func observationsOfAHeadWithContentAndOfSeveralChunksInAPacket() throws {
    let chunks =
      "POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      + "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n"
    #expect(try observations(of: post("/1", "content"), by: 1400, places: 2) == 2)
    let thrice = try observations(of: post("/1", "content"), by: 1400, places: 3)
    let chunked = try observations(of: chunks, by: 1400, places: 2)
    #expect(thrice == 3)
    #expect(chunked == 2)
  }

  /// What a request that was seen at so many places is said to have been observed.
  private func observations(of request: String, by size: Int, places: Int) throws -> Int? {
    var talk = Conversation()
    talk.segmentSize = size
    talk.client(request)
    talk.server(answer(200))
    talk.close()
    let packets = talk.packets().flatMap { packet in
      (0..<places).map { packet.seen(onVLAN: UInt16($0 + 1), after: Int64($0) * 1000) }
    }
    let all = try Reconstruction(packets)
    #expect(all.lines == ["/1 → 200 complete"])
    return all.exchanges.first?.observations
  }

  @Test func aRequestThatWasSentAgainWasObservedOnce() throws {
    var talk = Conversation()
    talk.client(get("/1"))
    talk.server(answer(200))
    talk.close()
    var packets = talk.packets()
    packets.insert(packets[3].sentAgain(), at: 4)
    #expect(try Reconstruction(packets).exchanges.map(\.observations) == [1])
  }

  // MARK: Other protocols

  /// A TLS ClientHello with a session id, two suites, and the server's name behind another
  /// extension.
  private func clientHello(for name: String) -> [UInt8] {
    func vector(_ width: Int, _ content: [UInt8]) -> [UInt8] {
      (width == 2 ? [UInt8(content.count >> 8)] : []) + [UInt8(content.count & 255)] + content
    }
    let entry = vector(2, [0] + vector(2, Array(name.utf8)))
    let extensions = [0, 23] + vector(2, []) + [0, 0] + vector(2, entry)
    let body: [UInt8] =
      [3, 3] + [UInt8](repeating: 9, count: 32) + vector(1, [1, 2, 3])
      + vector(2, [0x13, 1, 0x13, 2])
      + vector(1, [0]) + vector(2, extensions)
    let handshake: [UInt8] = [1, 0] + vector(2, body)
    return [22, 3, 1] + vector(2, handshake)
  }

  @Test func tlsThatStaysShutIsToldWithTheNameThatWasAskedFor() throws {
    var talk = Conversation()
    talk.client(clientHello(for: "litellm.example.com"))
    talk.server([22, 3, 3, 0, 2, 2, 0])
    talk.close()
    let all = try Reconstruction(talk)
    #expect(all.exchanges.isEmpty)
    let connection = try #require(all.ledger.connections.first)
    #expect(connection.kind == .tls)
    #expect(connection.serverName == "litellm.example.com")
    #expect(connection.bytes == clientHello(for: "litellm.example.com").count + 7)
    #expect(connection.firstFrame == 4)
    #expect(all.ledger.blindSpots.isEmpty)
  }

  @Test func tlsThatIsOlderThanTheCaptureIsTLS() throws {
    var talk = Conversation(handshake: false)
    talk.client([23, 3, 3, 0, 4, 1, 2, 3, 4])
    talk.server([23, 3, 3, 0, 4, 1, 2, 3, 4])
    talk.close()
    let connection = try #require(try Reconstruction(talk).ledger.connections.first)
    #expect(connection.beganBeforeCapture)
    #expect(connection.kind == .tls)
  }

  @Test func anotherProtocolIsNoHTTP() throws {
    var talk = Conversation()
    talk.server("SSH-2.0-OpenSSH_9.6\r\n")
    talk.client("SSH-2.0-Go\r\n")
    talk.close()
    let all = try Reconstruction(talk)
    #expect(all.exchanges.isEmpty)
    #expect(all.ledger.connections.map(\.kind) == [.other])
    #expect(all.ledger.blindSpots.filter { !$0.isForeign }.isEmpty)
  }

  @Test func aConnectionThatIsOlderThanTheCaptureIsHuntedForItsNextMessage() throws {
    var talk = Conversation(handshake: false)
    talk.server("the rest of an answer")
    talk.client(get("/1"))
    talk.server(answer(200))
    talk.close()
    let all = try Reconstruction(talk)
    #expect(all.lines == ["/1 → 200 complete"])
    #expect(all.exchanges.first?.beganBeforeCapture == true)
    let midstream = MessageDecoder.StrayReason.midstream.index
    #expect(all.ledger.strayBytes[midstream] == 21)
  }
}
