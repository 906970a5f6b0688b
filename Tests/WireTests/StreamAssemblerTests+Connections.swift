import TestSupport
import Testing

@testable import Wire

// Where connections begin and end, and what lies outside of them.

extension StreamAssemblerTests {
  // MARK: Beginnings

  @Test func dataOnASYNBeginsBehindItsSequenceNumber() throws {
    let walk = try ask { packets in
      packets[0].payload = Array("GET /".utf8)
      packets[3].payload = Array("GET /model/info".utf8)
    }
    #expect(walk.client == asked)
    #expect(walk.payload.retransmitted == 5)
    #expect(walk.payload.holes == 0)
  }

  @Test func aStreamMayBeginInTheMiddle() throws {
    let walk = try ask { $0.removeFirst(3) }
    #expect(walk.client == asked)
    #expect(walk.server == answered)
    #expect(walk.connections[1]?.beganBeforeCapture == true)
    #expect(walk.anomalies[.midstream] == 1)
  }

  @Test func bytesFromBeforeTheFirstOneSeenHaveAnAccount() throws {
    let walk = try ask { packets in
      packets.removeFirst(3)
      packets.swapAt(0, 2)
      packets[2].acknowledgment = packets[0].acknowledgment
    }
    #expect(walk.payload.beforeStart == 15)
    #expect(!walk.client.contains("model"))
  }

  @Test func whoAnsweredWithASYNACKIsTheResponder() throws {
    let walk = try ask { $0.remove(at: 0) }
    #expect(walk.connections[1]?.initiator.description == "10.0.0.1:40000")
    #expect(walk.connections[1]?.beganBeforeCapture == false)
    #expect(walk.client == asked)
  }

  @Test func connectionsAreNumberedInTheOrderOfTheirFirstByte() throws {
    var silent = Conversation(client: "10.0.0.3")
    var early = Conversation(client: "10.0.0.1")
    var late = Conversation(client: "10.0.0.2", server: "10.0.0.9")
    late.client("second")
    early.client("first")
    silent.close()
    let walk = try Walk(
      silent.packets() + Array(late.packets().prefix(3)) + early.packets()
        + late.packets().dropFirst(3))
    #expect(walk.stream(.forward, of: 1) == "first")
    #expect(walk.stream(.forward, of: 2) == "second")
  }

  // MARK: The same ports again

  @Test func thePortsOfAClosedConnectionMayOpenAnotherOne() throws {
    var first = Conversation()
    first.client("one")
    first.close()
    var second = Conversation(startingAt: first.time, clientISN: 1100, serverISN: 9100)
    second.client("two")
    let walk = try Walk(first.packets() + second.packets())
    #expect(walk.stream(.forward, of: 1) == "one")
    #expect(walk.stream(.forward, of: 2) == "two")
    #expect(walk.anomalies[.portReuse] == 1)
    #expect(walk.payload.unexplained == 0)
  }

  @Test func aSYNOutsideTheWindowOpensAnotherConnectionOverAnOpenOne() throws {
    var first = Conversation()
    first.client("one")
    var second = Conversation(startingAt: first.time, clientISN: 3_000_000_000)
    second.client("two")
    let walk = try Walk(first.packets() + second.packets())
    #expect(walk.stream(.forward, of: 1) == "one")
    #expect(walk.stream(.forward, of: 2) == "two")
  }

  @Test func aSYNInsideTheWindowDoesSoWhenItIsAnswered() throws {
    var first = Conversation()
    first.client("one")
    var second = Conversation(startingAt: first.time, clientISN: 1100, serverISN: 50_000)
    second.client("two")
    let answeredToo = try Walk(first.packets() + second.packets())
    #expect(answeredToo.stream(.forward, of: 2) == "two")
    let stray = try Walk(first.packets() + [second.packets()[0]])
    #expect(stray.connections.count == 1)
    #expect(stray.anomalies[.portReuse] == 0)
  }

  @Test func aSYNThatIsSentAgainOpensNothing() throws {
    let walk = try ask { $0.insert($0[0].sentAgain(), at: 1) }
    #expect(walk.connections.count == 1)
    #expect(walk.client == asked)
    #expect(walk.anomalies[.portReuse] == 0)
  }

  // MARK: Resets

  @Test func aResetEndsTheConnectionAtItsSequenceNumber() throws {
    var talk = Conversation()
    talk.client("GET /stream")
    talk.server("data: one")
    talk.reset(byClient: false)
    let walk = try Walk(talk.packets())
    #expect(walk.kinds() == [.data, .data, .reset, .closed])
    #expect(walk.events(.reset).first?.direction == .backward)
    #expect(walk.events(.reset).first?.position == 9)
  }

  @Test func dataBehindAResetIsReportedNotMerged() throws {
    var talk = Conversation()
    talk.client("GET /stream")
    talk.reset(byClient: false)
    talk.server("late")
    let walk = try Walk(talk.packets())
    #expect(walk.server.isEmpty)
    #expect(walk.payload.afterClose == 4)
    #expect(walk.anomalies[.dataAfterClose] == 1)
    #expect(walk.payload.unexplained == 0)
  }

  @Test func aResetBehindAFINMakesNoHole() throws {
    var talk = Conversation()
    talk.client("GET /stream")
    talk.finish(byClient: true)
    talk.reset(byClient: true)
    // Its sender acknowledges the FIN, and hasn't seen the reset yet.
    talk.server("data: one")
    let walk = try Walk(talk.packets())
    #expect(walk.client == "GET /stream")
    #expect(walk.server == "data: one")
    #expect(walk.payload.holes == 0)
    #expect(walk.kinds().filter { $0 == .finished } == [.finished])
  }

  @Test func dataInThePlaceOfAFINIsReportedNotMerged() throws {
    var talk = Conversation()
    talk.client("GET /stream")
    talk.finish(byClient: true)
    var packets = talk.packets()
    try packets.append(#require(packets.last).saying("more", flags: 0x18))
    let walk = try Walk(packets)
    #expect(walk.client == "GET /stream")
    #expect(walk.payload.afterClose == 4)
    #expect(walk.payload.unexplained == 0)
  }

  @Test(arguments: [UInt32(0) &- 5, 10_000_000])
  func aResetOutsideTheWindowIsNoEnd(offset: UInt32) throws {
    let walk = try ask { packets in
      var stray = packets[4].saying("", flags: 0x14)
      stray.sequence &+= offset
      packets.insert(stray, at: 4)
    }
    #expect(walk.server == answered)
    #expect(walk.anomalies[.outOfWindow] == 1)
    #expect(walk.events(.reset).isEmpty)
  }

  @Test func aSYNThatIsAnsweredByAResetWasRefused() throws {
    var talk = Conversation(handshake: false)
    talk.finish(byClient: true)
    var packets = [talk.packets()[0].saying("", flags: 0x02)]
    var refusal = packets[0].saying("", flags: 0x14)
    (refusal.source, refusal.destination) = (refusal.destination, refusal.source)
    (refusal.sourcePort, refusal.destinationPort) = (refusal.destinationPort, refusal.sourcePort)
    (refusal.sequence, refusal.acknowledgment) = (0, packets[0].sequence &+ 1)
    packets.append(refusal)
    let walk = try Walk(packets)
    #expect(walk.anomalies[.refused] == 1)
    #expect(walk.payload.total == 0)
  }

  // MARK: Far ahead

  @Test(arguments: [UInt32(100_000_000), 1 << 30])
  func whatNoReceiverWouldTakeHasAnAccount(ahead: UInt32) throws {
    let walk = try ask { packets in
      var stray = packets[3].saying("stray")
      stray.sequence &+= ahead
      packets.insert(stray, at: 4)
    }
    #expect(walk.client == asked)
    #expect(walk.server == answered)
    #expect(walk.payload.outOfWindow == 5)
    #expect(walk.payload.holes == 0)
  }

  @Test func urgentDataStaysInBand() throws {
    let walk = try ask { $0[3].flags |= 0x20 }
    #expect(walk.client == asked)
    #expect(walk.anomalies[.urgentData] == 1)
  }
}
