import TestSupport
import Testing

@testable import Wire

@Suite struct DissectorTests {
  private let request = "GET /model/info HTTP/1.1\r\nAuthorization: Bearer sk-1\r\n\r\n"

  private func conversation() -> [TestPacket] {
    var talk = Conversation()
    talk.client(request)
    return talk.packets()
  }

  /// A raw capture in which the request's datagram comes in fragments of 16 bytes.
  private func walk(_ arrange: (inout [[UInt8]]) -> Void) throws -> Walk {
    let packets = conversation()
    let whole = packets[3].ipPacket
    var fragments: [[UInt8]] = []
    let payload = whole[20...]
    for offset in stride(from: 0, to: payload.count, by: 16) {
      let piece = payload.dropFirst(offset).prefix(16)
      let more: UInt8 = offset + 16 < payload.count ? 0x20 : 0
      var bytes = Array(whole[..<20]) + piece
      bytes[3] = UInt8(20 + piece.count)
      (bytes[6], bytes[7]) = (more, UInt8(offset / 8))
      fragments.append(bytes)
    }
    arrange(&fragments)
    var script = CaptureScript()
    script.pcapHeader(linkType: 101)
    for packet in packets.prefix(3) { script.record(packet.ipPacket) }
    for fragment in fragments { script.record(fragment) }
    let walk = try Walk(file: script.bytes)
    #expect(walk.payload.unexplained == 0)
    #expect(walk.frames[FrameBucket.fragment.rawValue] == fragments.count)
    return walk
  }

  @Test func fragmentsBecomeASegmentInAnyOrder() throws {
    for arrange in [{ _ in }, { $0.reverse() }, { $0.swapAt(0, 2) }] as [(inout [[UInt8]]) -> Void]
    {
      let walk = try walk(arrange)
      #expect(walk.client == request)
      #expect(walk.anomalies[.fragmentIncomplete] == 0)
    }
  }

  @Test func fragmentsSeenTwiceAreOneDatagram() throws {
    let twice = try walk { $0 = $0.flatMap { [$0, $0] } }
    #expect(twice.client == request)
    #expect(twice.payload.retransmitted == 0)
    #expect(twice.anomalies[.fragmentIncomplete] == 0)
    #expect(twice.anomalies[.fragmentOverlap] == 0)
    let again = try walk { $0 += $0 }
    #expect(again.client == request)
    #expect(again.anomalies[.fragmentIncomplete] == 0)
  }

  @Test func anIdentificationIsUsedAnew() throws {
    // The same addresses and identification, and other bytes: another datagram.
    let anew = try walk { fragments in
      fragments += fragments.map { fragment in
        var other = fragment
        if other[7] == 0 { other[20 + 7] &+= UInt8(request.utf8.count) }
        other[other.count - 1] ^= 1
        return other
      }
    }
    #expect(anew.payload.total == 2 * request.utf8.count)
  }

  @Test func whereFragmentsOverlapTheFirstWins() throws {
    let walk = try walk { fragments in
      var other = fragments[2]
      other[20] ^= 0xFF
      fragments.insert(other, at: 3)
    }
    #expect(walk.client == request)
    #expect(walk.anomalies[.fragmentOverlap] == 1)
  }

  @Test func anIncompleteDatagramIsCounted() throws {
    let walk = try walk { $0.remove(at: 1) }
    #expect(walk.client.isEmpty)
    #expect(walk.anomalies[.fragmentIncomplete] == 1)
  }

  @Test func aFragmentBeyondTheLongestDatagramIsRefused() throws {
    let walk = try walk { fragments in
      var far = fragments[1]
      (far[6], far[7]) = (0x3F, 0xFF)
      fragments.insert(far, at: 1)
    }
    #expect(walk.client == request)
  }

  @Test func eachFrameIsInOneBucket() throws {
    var script = CaptureScript()
    script.section()
    script.interface()
    script.interface(linkType: 147)
    let good = conversation()[3].frame
    func with(transport: UInt8) -> [UInt8] {
      var frame = good
      frame[23] = transport
      return frame
    }
    func with(etherType: [UInt8]) -> [UInt8] { good[..<12] + etherType + good[14...] }
    script.packet(good)
    script.packet(with(transport: 17))
    script.packet(with(transport: 1))
    script.packet(with(transport: 132))
    script.packet(with(etherType: [8, 6]))
    script.packet(with(etherType: [0x88, 0xCC]))
    script.packet(Array(good.prefix(10)))
    script.packet(Array(good.prefix(40)))
    script.packet(good, interface: 1)
    let walk = try Walk(file: script.bytes)
    let named = zip(FrameBucket.allCases, walk.frames).filter { $0.1 > 0 }
    #expect(
      Dictionary(uniqueKeysWithValues: named.map { ($0.0.name, $0.1) }) == [
        "tcp": 1, "udp": 1, "icmp": 1, "other_transport": 1, "arp": 1, "other_network": 1,
        "malformed": 2, "unsupported_link": 1,
      ])
    #expect(walk.anomalies[.unsupportedLinkType] == 1)
    // Three headers were changed without their checksum.
    #expect(walk.anomalies[.badChecksum] == 3)
    // A header cut by the snapshot length hides what it carried.
    #expect(walk.anomalies[.snaplenTruncated] == 1)
  }

  @Test(arguments: [UInt8(17), 4, 41, 47, 132])
  func anIPv6HeaderThatReachesBeyondTheCaptureIsNoEndOfIt(transport: UInt8) throws {
    let good = conversation()[3].frame
    let outer: [UInt8] = [0x60, 0, 0, 0, 0, 200, 0, 64] + [UInt8](repeating: 1, count: 32)
    let hopByHop: [UInt8] = [transport, 9, 0, 0, 0, 0, 0, 0]
    var script = CaptureScript()
    script.section()
    script.interface()
    script.packet(good[..<12] + [0x86, 0xDD] + outer + hopByHop)
    script.packet(good)
    let walk = try Walk(file: script.bytes)
    #expect(walk.frames.reduce(0, +) == 2)
    #expect(walk.payload.delivered > 0)
  }

  @Test func aFilterLeavesFramesOutAndCountsThem() throws {
    var other = Conversation(client: "10.0.0.9", serverPort: 80)
    other.client("GET /other")
    let file = CaptureBytes.pcap(conversation() + other.packets())
    let walk = try Walk(file: file, filter: "tcp port 4000")
    #expect(walk.client == request)
    #expect(walk.connections.count == 1)
    #expect(walk.frames[FrameBucket.filtered.rawValue] == 4)
    #expect(walk.frames[FrameBucket.tcp.rawValue] == 4)
    let failure = #expect(throws: CaptureError.self) {
      try Walk(file: file, filter: "tcp prt 4000")
    }
    #expect(failure?.code == .badFilter)
  }
}
