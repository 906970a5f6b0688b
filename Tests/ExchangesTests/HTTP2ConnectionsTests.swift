import TestSupport
import Testing

@testable import Exchanges
@testable import HTTP
@testable import Wire

/// Whole connections of HTTP/2, from packets to exchanges.
@Suite struct HTTP2ConnectionsTests {
  private typealias Frames = HTTP2Frames

  private func began() -> Conversation {
    var talk = Conversation()
    talk.client(Frames.preface + Frames.settings)
    talk.server(Frames.settings)
    return talk
  }

  private let ok = [(":status", "200")]

  @Test func interleavedStreamsAreAnExchangeEach() throws {
    var talk = began()
    talk.client(
      Frames.headers(1, Frames.request("POST", "/1"))
        + Frames.headers(
          3, Frames.request("POST", "/3")) + Frames.data(1, "one, "))
    talk.client(Frames.data(3, "three", ends: true) + Frames.data(1, "more", ends: true))
    talk.server(Frames.headers(3, [(":status", "401")], ends: true) + Frames.headers(1, ok))
    talk.server(Frames.data(1, "fine", ends: true))
    talk.close()
    let all = try Reconstruction(talk)
    #expect(all.lines == ["/1 → 200 complete", "/3 → 401 complete"])
    #expect(all.contents.map(\.request) == ["one, more", "three"])
    #expect(all.contents.map(\.response) == ["fine", ""])
    #expect(all.exchanges.map { $0.request?.head.isHTTP2 } == [true, true])
    #expect(all.exchanges.allSatisfy { $0.anomalies.isEmpty })
    #expect(all.ledger.blindSpots.isEmpty)
    #expect(all.ledger.connections.map(\.kind) == [.http])
  }

  @Test func theServerMaySpeakFirst() throws {
    var talk = Conversation()
    talk.server(Frames.settings)
    talk.client(
      Frames.preface + Frames.settings
        + Frames.headers(1, Frames.request("GET", "/1"), ends: true))
    talk.server(Frames.headers(1, ok, ends: true))
    talk.close()
    #expect(try Reconstruction(talk).lines == ["/1 → 200 complete"])
  }

  @Test func aConnectionCutAtEveryByteIsTheSame() throws {
    let asked =
      Frames.preface + Frames.settings
      + Frames.headers(1, Frames.request("POST", "/1", ("authorization", "Bearer sk-made-up")))
      + Frames.data(1, "{}", ends: true)
    let answered = Frames.settings + Frames.headers(1, ok) + Frames.data(1, "fine", ends: true)
    for size in [1, 2, 3, 7, 24, 25, 33, 34] {
      var talk = Conversation()
      talk.segmentSize = size
      talk.client(asked)
      talk.server(answered)
      talk.close()
      let all = try Reconstruction(talk)
      #expect(all.lines == ["/1 → 200 complete"], "\(size)")
      #expect(all.contents.map(\.request) == ["{}"], "\(size)")
      #expect(all.exchanges.allSatisfy { $0.anomalies.isEmpty }, "\(size)")
    }
  }

  @Test func informationalAnswersAndTrailersKeepTheirPlaces() throws {
    var talk = began()
    talk.client(Frames.headers(1, Frames.request("POST", "/1")) + Frames.data(1, "x"))
    talk.server(Frames.headers(1, [(":status", "103")]))
    talk.client(Frames.headers(1, [("authorization", "Bearer sk-made-up")], ends: true))
    talk.server(Frames.headers(1, ok, ends: true))
    talk.close()
    let all = try Reconstruction(talk)
    #expect(all.lines == ["/1 → 200 complete"])
    #expect(all.exchanges.first?.interim.map(\.head.status) == [103])
    #expect(all.exchanges.first?.anomalies.contains(.credentialInTrailer) == true)
    #expect(all.exchanges.first?.request?.header("authorization") == .absent)
  }

  @Test func aResetEndsOneStreamOnly() throws {
    var talk = began()
    talk.client(
      Frames.headers(1, Frames.request("POST", "/1"))
        + Frames.headers(3, Frames.request("GET", "/3"), ends: true)
        + Frames.headers(5, Frames.request("GET", "/5"), ends: true))
    talk.client(Frames.reset(1))
    talk.server(Frames.headers(3, ok, ends: true) + Frames.reset(5, code: 2))
    talk.close()
    let all = try Reconstruction(talk)
    #expect(
      all.lines == ["/1 → ? client-aborted", "/3 → 200 complete", "/5 → ? server-reset"])
    #expect(all.exchanges[0].anomalies.contains(.h2Reset))
  }

  @Test func anAnswerThatWasUnderWayBelongsToTheRequestThatWasGivenUp() throws {
    var talk = began()
    talk.client(Frames.headers(1, Frames.request("GET", "/1"), ends: true))
    talk.client(Frames.reset(1))
    talk.server(Frames.headers(1, ok) + Frames.data(1, "late", ends: true))
    talk.close()
    let all = try Reconstruction(talk)
    #expect(all.lines == ["/1 → 200 client-aborted"])
    #expect(all.contents.first?.response == "late")
  }

  @Test func anAnswerBeforeTheEndOfTheRequestIsWholeAllTheSame() throws {
    var talk = began()
    talk.client(Frames.headers(1, Frames.request("POST", "/1")) + Frames.data(1, "x"))
    talk.server(Frames.headers(1, [(":status", "413")], ends: true) + Frames.reset(1, code: 0))
    talk.close()
    let all = try Reconstruction(talk)
    #expect(all.lines == ["/1 → 413 complete"])
    #expect(all.exchanges.first?.request?.bodyState == .cut)
  }

  @Test func whatHasNoAnswerWhenTheConnectionEndsIsTold() throws {
    var talk = began()
    talk.client(Frames.headers(1, Frames.request("GET", "/1"), ends: true))
    talk.finish(byClient: false)
    talk.finish(byClient: true)
    #expect(try Reconstruction(talk).lines == ["/1 → ? no-response"])
  }

  // MARK: Holes

  @Test func aHoleInContentIsThatStreamsAlone() throws {
    var talk = began()
    talk.client(
      Frames.headers(1, Frames.request("GET", "/1"), ends: true)
        + Frames.headers(3, Frames.request("GET", "/3"), ends: true))
    let content = String(repeating: "x", count: 4000)
    talk.server(
      Frames.headers(1, ok) + Frames.headers(3, ok) + Frames.data(1, content, ends: true))
    talk.server(Frames.data(3, "whole", ends: true))
    talk.close()
    // The second of the packets that carry the content.
    let packets = talk.packets()
    let lost = packets.lastIndex { $0.payload.count == 1400 }
    let all = try Reconstruction(packets.enumerated().filter { $0.offset != lost }.map(\.element))
    #expect(all.lines == ["/1 → 200 gap", "/3 → 200 complete"])
    #expect(all.exchanges.first?.response?.missing == 1400)
    #expect(all.ledger.blindSpots.isEmpty)
  }

  @Test func aHoleBetweenRequestsCouldHideOne() throws {
    var talk = began()
    talk.client(Frames.headers(1, Frames.request("GET", "/1"), ends: true))
    talk.client(Frames.headers(3, Frames.request("GET", "/lost"), ends: true))
    talk.client(Frames.headers(5, Frames.request("GET", "/5"), ends: true))
    talk.server(
      Frames.headers(1, ok, ends: true) + Frames.headers(3, ok, ends: true)
        + Frames.headers(5, ok, ends: true))
    talk.close()
    let packets = talk.packets().filter { packet in
      !packet.payload.elementsEqual(
        Frames.headers(3, Frames.request("GET", "/lost"), ends: true))
    }
    let all = try Reconstruction(packets)
    #expect(all.lines.contains("/1 → 200 complete"))
    #expect(all.lines.contains("/5 → 200 complete"))
    #expect(all.lines.contains("? → 200 orphan-response"))
    #expect(all.ledger.blindSpots.map(\.cause) == [.hole])
  }

  // MARK: Upgrades

  @Test func anUpgradeIsAnsweredOnTheFirstStream() throws {
    var talk = Conversation()
    talk.client(get("/1", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings"))
    talk.server(
      Array("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n".utf8)
        + Frames.settings)
    talk.client(Frames.preface + Frames.settings)
    talk.server(Frames.headers(1, ok) + Frames.data(1, "fine", ends: true))
    talk.client(Frames.headers(3, Frames.request("GET", "/3"), ends: true))
    talk.server(Frames.headers(3, ok, ends: true))
    talk.close()
    let all = try Reconstruction(talk)
    #expect(all.lines == ["/1 → 200 complete", "/3 → 200 complete"])
    #expect(all.exchanges.first?.interim.map(\.head.status) == [101])
    #expect(all.contents.first?.response == "fine")
    #expect(all.ledger.blindSpots.isEmpty)
  }

  // MARK: Older than the capture

  @Test func aConnectionThatIsOlderThanTheCaptureIsRead() throws {
    var talk = Conversation(handshake: false)
    talk.client(Frames.headers(5, Frames.request("GET", "/5"), ends: true))
    talk.server(Frames.headers(5, ok, ends: true))
    talk.close()
    let all = try Reconstruction(talk)
    #expect(all.lines == ["/5 → 200 complete"])
    #expect(all.exchanges.first?.request?.header("authorization") == .absent)
  }

  @Test func whoAsksIsToldByTheHeadsAndNotByWhoWasSeenFirst() throws {
    var talk = Conversation(handshake: false)
    talk.server(Frames.data(3, "the rest", ends: true))
    talk.client(Frames.headers(5, Frames.request("POST", "/5"), ends: true))
    talk.server(Frames.headers(5, ok, ends: true))
    let all = try Reconstruction(talk)
    #expect(all.lines == ["/5 → 200 truncated"] || all.lines == ["/5 → 200 complete"])
    #expect(all.exchanges.first?.server.port == 4000)
  }

  @Test func contentOfAStreamThatNobodySawBeginIsADoubt() throws {
    var talk = Conversation(handshake: false)
    // Nine bytes that look like the header of a large frame, in front of a request.
    talk.client(Array(Frames.frame(0, 7, [UInt8](repeating: 120, count: 60_000)).prefix(500)))
    talk.client(Frames.headers(9, Frames.request("POST", "/9"), ends: true))
    #expect(try !Reconstruction(talk).ledger.blindSpots.isEmpty)
  }

  @Test func theContentOfCONNECTIsAnotherProtocol() throws {
    var talk = began()
    talk.client(Frames.headers(1, [(":method", "CONNECT"), (":authority", "b:80")]))
    talk.server(Frames.headers(1, ok))
    talk.client(Frames.data(1, "GET /inside HTTP/1.1\r\n\r\n"))
    talk.close()
    #expect(try Reconstruction(talk).ledger.blindSpots.count == 1)
  }

  @Test func anUpgradeKeepsARequestWhoseContentIsNotOver() throws {
    var talk = Conversation()
    talk.client(
      "POST /1 HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nContent-Length: 100\r\n\r\nx")
    talk.server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n")
    talk.server(Frames.settings + Frames.headers(1, ok, ends: true))
    talk.close()
    let all = try Reconstruction(talk)
    #expect(all.lines == ["/1 → 200 complete"])
    #expect(all.exchanges.first?.request?.bodyState == .cut)
  }

  @Test func fieldsOfATableThatNobodySawStayUnknown() throws {
    var talk = Conversation(handshake: false)
    // An indexed field of the dynamic table beside literals.
    let block = Frames.block(Frames.request("GET", "/5")) + [0xBE]
    talk.client(Frames.frame(1, 5, flags: 5, block))
    talk.server(Frames.headers(5, ok, ends: true))
    talk.close()
    let all = try Reconstruction(talk)
    #expect(all.lines == ["/5 → 200 complete"])
    #expect(all.exchanges.first?.request?.header("authorization") == .unknown(.midStream))
    #expect(all.exchanges.first?.anomalies.contains(.h2UnknownTable) == true)
  }
}
