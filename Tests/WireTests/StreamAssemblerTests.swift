import TestSupport
import Testing

@testable import Wire

/// The conversation that most of these tests disturb; packets 0 to 2 are its handshake.
func ask(
  _ isn: UInt32 = 1000, _ serverISN: UInt32 = 9000, segmentSize: Int = 1400,
  _ disturb: (inout [TestPacket]) -> Void = { _ in }
) throws -> Walk {
  var talk = Conversation(clientISN: isn, serverISN: serverISN)
  talk.segmentSize = segmentSize
  talk.client("GET /model/info")
  talk.server("401 Unauthorized")
  talk.client("GET /again")
  talk.server("200 OK")
  talk.close()
  var packets = talk.packets()
  disturb(&packets)
  let walk = try Walk(packets)
  #expect(walk.payload.unexplained == 0)
  return walk
}

let asked = "GET /model/infoGET /again"
let answered = "401 Unauthorized200 OK"

/// Traffic that has nothing to do with it: `count` packets in a second and more.
private func otherTraffic(_ count: Int, after time: Int64) -> [TestPacket] {
  var other = Conversation(client: "10.9.9.9", startingAt: time)
  other.pace = 2_000_000
  other.segmentSize = 1
  other.client(String(repeating: "x", count: count))
  return other.packets()
}

/// Takes the last packets away, to come later.
private func takeTail(_ count: Int, of packets: inout [TestPacket]) -> [TestPacket] {
  defer { packets.removeLast(count) }
  return packets.suffix(count)
}

@Suite struct StreamAssemblerTests {
  // MARK: Order

  @Test func aCleanConversationBecomesTwoStreamsThatEnd() throws {
    let walk = try ask()
    #expect(walk.client == asked)
    #expect(walk.server == answered)
    #expect(walk.kinds() == [.data, .data, .data, .data, .finished, .finished, .closed])
    #expect(walk.payload.delivered == asked.utf8.count + answered.utf8.count)
    #expect(walk.payload.holes == 0)
    #expect(walk.anomalies.occurred.isEmpty)
    #expect(walk.connections[1]?.initiator.description == "10.0.0.1:40000")
    #expect(walk.connections[1]?.responder.description == "10.0.0.2:4000")
    #expect(walk.connections[1]?.beganBeforeCapture == false)
  }

  @Test func positionsAndAcknowledgmentsAreThoseOfTheStreams() throws {
    let data = try ask().events(.data)
    #expect(data.map(\.position) == [0, 0, 15, 16])
    #expect(data.map(\.acknowledged) == [0, 15, 16, 25])
    #expect(data.map(\.frame) == [4, 5, 6, 7])
  }

  @Test func reorderedSegmentsArePutInOrder() throws {
    let walk = try ask(segmentSize: 4) { $0.swapAt(3, 5) }
    #expect(walk.client == asked)
    #expect(walk.server == answered)
    #expect(walk.payload.holes == 0)
    #expect(walk.anomalies[.outOfOrder] > 0)
  }

  @Test func anAnswerCapturedBeforeItsRequestWaitsForIt() throws {
    let walk = try ask { $0.swapAt(3, 4) }
    let data = walk.events(.data)
    #expect(data.first?.direction == .forward)
    #expect(data.map(\.acknowledged) == [0, 15, 16, 25])
    #expect(walk.client == asked)
    #expect(walk.server == answered)
    #expect(walk.payload.holes == 0)
  }

  @Test func dataBelowAFINThatCameFirstIsStillTaken() throws {
    let walk = try ask { packets in
      // The second request comes behind the client's FIN.
      let late = packets.remove(at: 5)
      packets.insert(late, at: 7)
    }
    #expect(walk.client == asked)
    #expect(walk.server == answered)
    #expect(walk.events(.finished).count == 2)
    #expect(walk.kinds().last == .closed)
  }

  // MARK: Sequence numbers

  @Test(arguments: [UInt32.max, UInt32(1) << 31, 0])
  func noInitialSequenceNumberMatters(border: UInt32) throws {
    for distance in 0...UInt32(asked.utf8.count + 3) {
      let isn = border &- distance
      let walk = try ask(isn, isn &+ 2, segmentSize: 3) { $0.swapAt(4, 6) }
      #expect(walk.client == asked, "ISN \(isn)")
      #expect(walk.server == answered, "ISN \(isn)")
      #expect(walk.kinds().last == .closed)
      #expect(walk.payload.holes == 0)
      #expect(walk.payload.retransmitted == 0)
    }
  }

  // MARK: Again

  @Test func whatIsSentAgainIsToldOnceAndCounted() throws {
    let walk = try ask { $0.insert($0[3].sentAgain(), at: 4) }
    #expect(walk.client == asked)
    #expect(walk.payload.retransmitted == 15)
    #expect(walk.payload.duplicate == 0)
    #expect(walk.anomalies[.retransmission] == 1)
    #expect(walk.events(.sighting).isEmpty)
    #expect(walk.events(.data).first?.time.nanoseconds == 1_700_000_000_004_000_000)
  }

  @Test func theSamePacketAtAnotherPlaceIsASighting() throws {
    let walk = try ask { $0.insert($0[3].seen(onVLAN: 7), at: 4) }
    #expect(walk.client == asked)
    #expect(walk.payload.duplicate == 15)
    #expect(walk.payload.retransmitted == 0)
    #expect(walk.anomalies[.duplicate] == 1)
    let sighting = walk.events(.sighting)
    #expect(sighting.map(\.position) == [0])
    #expect(sighting.map(\.length) == [15])
    #expect(sighting.map(\.frame) == [5])
  }

  @Test func twoSightingsOnTwoInterfacesOfAPcapng() throws {
    var talk = Conversation()
    talk.client("GET /")
    var script = CaptureScript()
    script.section()
    script.interface(resolution: 9)
    script.interface(resolution: 9)
    for packet in talk.packets() {
      for interface in 0...1 {
        script.packet(packet.frame, interface: interface, time: Int(packet.time) + interface)
      }
    }
    let walk = try Walk(file: script.bytes)
    #expect(walk.client == "GET /")
    #expect(walk.events(.sighting).count == 1)
    #expect(walk.payload.duplicate == 5)
    #expect(walk.payload.unexplained == 0)
  }

  @Test func atAnotherPlaceButMoreThan10MsLaterItWasSentAgain() throws {
    let walk = try ask { $0.insert($0[3].seen(onVLAN: 7, after: 10_000_001), at: 4) }
    #expect(walk.payload.retransmitted == 15)
    #expect(walk.payload.duplicate == 0)
  }

  @Test func anotherIdentificationIsAnotherPacket() throws {
    let walk = try ask { packets in
      var again = packets[3].seen(onVLAN: 7)
      again.identification += 1
      packets.insert(again, at: 4)
    }
    #expect(walk.payload.retransmitted == 15)
    #expect(walk.payload.duplicate == 0)
  }

  @Test func otherBytesInTheSamePlaceAreAConflictAndTheFirstWin() throws {
    let walk = try ask { $0.insert($0[3].sentAgain().saying("GET /model/INFO"), at: 4) }
    #expect(walk.client == asked)
    #expect(walk.anomalies[.overlapConflict] == 1)
    let conflict = walk.events(.conflict)
    #expect(conflict.map(\.position) == [0])
    #expect(conflict.map(\.length) == [15])
    #expect(walk.payload.retransmitted == 15)
  }

  @Test func heldBytesThatComeAgainOtherwiseAreAConflictToo() throws {
    let walk = try ask { packets in
      // The second request is ahead of the first, twice, with different content.
      let second = packets.remove(at: 5)
      packets.insert(second, at: 3)
      packets.insert(second.sentAgain().saying("GET /AGAIN"), at: 4)
    }
    #expect(walk.client == asked)
    #expect(walk.anomalies[.overlapConflict] == 1)
    #expect(walk.events(.conflict).map(\.position) == [15])
  }

  @Test func aSegmentThatBeginsInOldBytesBringsItsNewOnes() throws {
    let walk = try ask { packets in
      var longer = packets[3].sentAgain()
      longer.payload = Array(asked.utf8)
      packets.insert(longer, at: 4)
    }
    #expect(walk.client == asked)
    #expect(walk.payload.retransmitted == 15 + 10)
    #expect(walk.events(.conflict).isEmpty)
  }

  @Test func aSegmentOverHeldOnesFillsWhatTheyLeaveOpen() throws {
    let walk = try ask(segmentSize: 5) { packets in
      // Of the first request's three segments only the middle one comes, then all of it at once.
      let middle = packets[4]
      packets.removeSubrange(3...5)
      packets.insert(middle, at: 3)
      var whole = middle.sentAgain()
      whole.sequence &-= 5
      whole.payload = Array("GET /model/info".utf8)
      packets.insert(whole, at: 4)
    }
    #expect(walk.client == asked)
    #expect(walk.payload.retransmitted == 5)
    #expect(walk.payload.holes == 0)
  }

  @Test func aKeepAliveProbeIsNeitherDataNorConflict() throws {
    let walk = try ask { packets in
      var probe = packets[5]
      probe.sequence &-= 1
      packets.insert(probe.saying("?", flags: 0x10), at: 5)
      packets.insert(probe.saying("", flags: 0x10), at: 5)
    }
    #expect(walk.client == asked)
    #expect(walk.payload.keepalive == 1)
    #expect(walk.anomalies[.keepalive] == 2)
    #expect(walk.anomalies[.overlapConflict] == 0)
    #expect(walk.payload.retransmitted == 0)
  }

  @Test func theByteOfAZeroWindowProbeIsData() throws {
    let walk = try ask { packets in
      var closed = packets[4]
      closed.acknowledgment = packets[5].sequence
      closed.sequence = packets[6].sequence
      closed.window = 0
      packets.insert(closed.saying("", flags: 0x10), at: 5)
      packets.insert(packets[6].saying("G"), at: 6)
    }
    #expect(walk.client == asked)
    #expect(walk.anomalies[.zeroWindow] == 1)
    #expect(walk.payload.retransmitted == 1)
    #expect(walk.anomalies[.overlapConflict] == 0)
  }

  // MARK: Holes

  @Test func aHoleIsGivenUpWhenItWasAcknowledgedAndIsOldEnough() throws {
    let walk = try ask { packets in
      let rest = takeTail(3, of: &packets)
      packets.remove(at: 3)
      packets += otherTraffic(1100, after: packets.last?.time ?? 0) + rest
    }
    #expect(walk.client == "[15 hole]GET /again")
    #expect(walk.server == answered)
    #expect(walk.payload.missing == 15)
    #expect(walk.payload.holes == 1)
    #expect(walk.anomalies[.gap] == 1)
    // Not only when the connection was closed.
    let gap = try #require(walk.told.firstIndex { $0.event.kind == .gap })
    #expect(walk.told[gap...].contains { $0.number == 2 && $0.event.kind == .data })
  }

  @Test func aPacketThatComesWithinThePatienceFillsItsHole() throws {
    let walk = try ask { packets in
      let late = packets.remove(at: 3)
      let rest = takeTail(3, of: &packets)
      packets += otherTraffic(900, after: packets.last?.time ?? 0) + [late] + rest
    }
    #expect(walk.client == asked)
    #expect(walk.payload.holes == 0)
  }

  @Test func manyPacketsInAShortTimeAreNoPatience() throws {
    let walk = try ask { packets in
      let late = packets.remove(at: 3)
      let rest = takeTail(3, of: &packets)
      var other = otherTraffic(1500, after: packets.last?.time ?? 0)
      for index in other.indices { other[index].time = (packets.last?.time ?? 0) + 1000 }
      packets += other + [late] + rest
    }
    #expect(walk.client == asked)
    #expect(walk.payload.holes == 0)
  }

  @Test func aHoleThatNobodyAcknowledgedWaitsForTheEnd() throws {
    let walk = try ask { packets in
      packets = Array(packets.prefix(3)) + [packets[5]]
      packets += otherTraffic(1500, after: packets.last?.time ?? 0)
    }
    #expect(walk.client == "[15 hole]GET /again")
    let gap = try #require(walk.told.firstIndex { $0.event.kind == .gap })
    #expect(!walk.told[gap...].contains { $0.number == 2 && $0.event.kind == .data })
  }

  @Test func anAcknowledgmentAloneIsNoEvidenceThatBytesAreMissing() throws {
    let walk = try ask { packets in
      let request = packets.remove(at: 3)
      // The server's acknowledgment comes first, then the request.
      packets.insert(packets[3].saying("", flags: 0x10), at: 3)
      packets.insert(request, at: 4)
    }
    #expect(walk.client == asked)
    #expect(walk.payload.holes == 0)
  }

  @Test func whatWasAcknowledgedBehindTheLastByteIsMissing() throws {
    let walk = try ask { packets in
      packets = Array(packets.prefix(5))
      var more = packets[4].saying("", flags: 0x10)
      more.sequence &+= 16
      more.acknowledgment &+= 10
      packets.append(more)
    }
    #expect(walk.client == "GET /model/info[10 hole]")
    #expect(walk.payload.missing == 10)
  }

  @Test func theAcknowledgmentOfAFINThatWasNotCapturedIsNoHole() throws {
    let walk = try ask { $0.remove(at: 7) }
    #expect(walk.client == asked)
    #expect(walk.server == answered)
    #expect(walk.payload.holes == 0)
  }

  @Test func moreThanIsHeldBehindAHoleGivesItUp() throws {
    var talk = Conversation()
    talk.client("lost")
    talk.segmentSize = 1
    talk.client(String(repeating: "x", count: StreamAssembler.Bounds.heldSegments + 5))
    var packets = talk.packets()
    packets.remove(at: 3)
    let walk = try Walk(packets)
    #expect(walk.client.hasPrefix("[4 cap]xxx"))
    #expect(walk.payload.delivered == StreamAssembler.Bounds.heldSegments + 5)
    #expect(walk.payload.unexplained == 0)
  }

  @Test func theTailThatASnapshotLengthCutOffIsAHoleOfKnownLength() throws {
    let walk = try ask { packets in
      // 14 of Ethernet, 20 of IP, 20 of TCP, and four bytes.
      for index in packets.indices { packets[index].snaplen = 58 }
    }
    #expect(walk.client == "GET [11 snaplen]GET [6 snaplen]")
    #expect(walk.server == "401 [12 snaplen]200 [2 snaplen]")
    #expect(walk.payload.missing == 31)
    #expect(walk.anomalies[.snaplenTruncated] == 4)
  }

  @Test func aCutPacketThatComesAgainIsNoSecondHole() throws {
    let walk = try ask { packets in
      packets[3].snaplen = 58
      packets.insert(packets[3].sentAgain(), at: 4)
    }
    #expect(walk.client == "GET [11 snaplen]GET /again")
    #expect(walk.payload.holes == 1)
  }

  // MARK: At random

  @Test(arguments: 0..<120)
  func whateverHappensToThePacketsNoByteIsInventedOrLost(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let said = (
      client: (0..<180).map { UInt8(truncatingIfNeeded: $0 &* 7 + $0 / 32) },
      server: (0..<240).map { UInt8(truncatingIfNeeded: $0 &* 11 + $0 / 32) }
    )
    var talk = Conversation(
      clientISN: UInt32.max &- UInt32.random(in: 0...300, using: &dice),
      serverISN: UInt32.random(in: 0...UInt32.max, using: &dice))
    talk.segmentSize = Int.random(in: 1...40, using: &dice)
    for turn in 0..<6 {
      talk.client(Array(said.client[turn * 30..<turn * 30 + 30]))
      talk.server(Array(said.server[turn * 40..<turn * 40 + 40]))
    }
    talk.close()
    var packets = talk.packets()
    for _ in 0..<Int.random(in: 0...12, using: &dice) {
      let index = Int.random(in: 3..<packets.count - 1, using: &dice)
      switch Int.random(in: 0..<6, using: &dice) {
      case 0: packets.remove(at: index)
      case 1: packets.insert(packets[index].sentAgain(), at: index + 1)
      case 2: packets.insert(packets[index].seen(onVLAN: 9), at: index + 1)
      case 3: packets[index].snaplen = Int.random(in: 40...80, using: &dice)
      case 4: packets.swapAt(index, Int.random(in: 3..<packets.count, using: &dice))
      default:
        let end = min(packets.count, index + 9)
        packets[index..<end].shuffle(using: &dice)
      }
    }
    let walk = try Walk(packets)
    #expect(walk.payload.unexplained == 0)
    for (direction, original) in [(Direction.forward, said.client), (.backward, said.server)] {
      var position = 0
      for one in walk.told where one.event.direction == direction {
        guard one.event.kind == .data || one.event.kind == .gap else { continue }
        #expect(one.event.position == position)
        let length = one.event.kind == .gap ? one.event.length : one.bytes.count
        if one.event.kind == .data, position + length <= original.count {
          #expect(one.bytes == Array(original[position..<position + length]))
        }
        position += length
      }
      // What was acknowledged at the tail may count a FIN that was lost.
      #expect(position <= original.count + 1)
    }
    #expect(walk.kinds().last == .closed)
  }
}
