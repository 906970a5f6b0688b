import TestSupport
import Testing

@testable import Wire

/// A request inside of other packets. (That a whole conversation is the same in every tunnel is the
/// trials' part.)
@Suite struct TunnelTests {
  private static let request = "GET /model/info HTTP/1.1\r\nHost: a\r\n\r\n"
  private let ethernet: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]

  private func packets() -> [[UInt8]] {
    var talk = Conversation()
    talk.client(Self.request)
    return talk.packets().map(\.ipPacket)
  }

  /// IPv4 between two hosts of a network below.
  private func ip(_ transport: UInt8, _ content: [UInt8], fragment: UInt16 = 0) -> [UInt8] {
    let length = UInt16(20 + content.count)
    return [0x45, 0, UInt8(length >> 8), UInt8(length & 255), 0, 9]
      + [UInt8(fragment >> 8), UInt8(fragment & 255), 64, transport, 0, 0]
      + [192, 0, 2, 1, 192, 0, 2, 2] + content
  }

  private func udp(_ port: UInt16, _ content: [UInt8]) -> [UInt8] {
    let length = UInt16(8 + content.count)
    return ip(
      17,
      [0xC0, 0, UInt8(port >> 8), UInt8(port & 255), UInt8(length >> 8), UInt8(length & 255), 0, 0]
        + content)
  }

  private func vxlan(_ packet: [UInt8], port: UInt16 = 4789, flags: UInt8 = 8) -> [UInt8] {
    udp(port, [flags, 0, 0, 0, 0, 0, 7, 0] + ethernet + packet)
  }

  private func gre(_ packet: [UInt8], type: [UInt8] = [8, 0]) -> [UInt8] {
    ip(47, [0, 0] + type + packet)
  }

  private func walk(_ frames: [[UInt8]], cut: Int? = nil) throws -> Walk {
    var script = CaptureScript()
    script.pcapHeader(linkType: 101)
    for frame in frames {
      script.record(Array(frame.prefix(cut ?? .max)))
    }
    let walk = try Walk(file: script.bytes)
    #expect(walk.payload.unexplained == 0)
    #expect(walk.frames.reduce(0, +) == frames.count)
    return walk
  }

  private func frames(_ walk: Walk, _ bucket: FrameBucket) -> Int { walk.frames[bucket.rawValue] }

  @Test func theInnerPacketCounts() throws {
    let walk = try walk(packets().map { vxlan($0) })
    #expect(walk.client == Self.request)
    #expect(frames(walk, .tcp) == 4)
    #expect(frames(walk, .tunnelled) == 0)
  }

  @Test func linuxHasAPortOfItsOwnForVXLAN() throws {
    #expect(try walk(packets().map { vxlan($0, port: 8472) }).client == Self.request)
    // Without the flag it is some other protocol's datagram, on IANA's port a tunnel all the same.
    let other = try walk(packets().map { vxlan($0, port: 8472, flags: 0) })
    #expect(frames(other, .udp) == 4)
    let odd = try walk(packets().map { vxlan($0, flags: 0) })
    #expect(frames(odd, .tunnelled) == 4)
  }

  @Test func eightTunnelsAreOpenedAndTheNinthStaysClosed() throws {
    func nested(_ depth: Int) -> [[UInt8]] {
      packets().map { packet in (0..<depth).reduce(packet) { inner, _ in ip(4, inner) } }
    }
    #expect(try walk(nested(8)).client == Self.request)
    let nine = try walk(nested(9))
    #expect(nine.client.isEmpty)
    #expect(frames(nine, .tunnelled) == 4)
  }

  @Test func whatAnUnknownProtocolCarriesStaysClosed() throws {
    #expect(try frames(walk(packets().map { gre($0, type: [0x89, 0x4F]) }), .tunnelled) == 4)
    // A keep-alive carries nothing.
    #expect(try frames(walk([gre([], type: [0, 0])]), .otherTransport) == 1)
  }

  @Test func fragmentsOfATunnelBecomeItsPacket() throws {
    let whole = Array(vxlan(packets()[3]).dropFirst(20))
    let pieces = [
      ip(17, Array(whole[..<48]), fragment: 0x2000), ip(17, Array(whole[48...]), fragment: 6),
    ]
    let walk = try walk(packets().prefix(3) + pieces)
    #expect(walk.client == Self.request)
    #expect(frames(walk, .fragment) == 2)
    // One that lacks its other half may hold anything.
    #expect(try self.walk([pieces[0]]).anomalies[.fragmentIncomplete] == 1)
    #expect(
      try self.walk([ip(17, Array(repeating: 0, count: 48), fragment: 0x2000)])
        .anomalies[.fragmentIncomplete] == 0)
  }

  @Test(arguments: [20, 27, 30, 45, 60, 75, 100]) func aCutTunnelIsADoubt(_ length: Int) throws {
    let walk = try walk([vxlan(packets()[3])], cut: length)
    let isRead = walk.events(.data).count + walk.events(.gap).count > 0
    #expect(isRead || frames(walk, .tunnelled) + frames(walk, .malformed) == 1)
  }

  @Test func thePacketOutsideOfItsTunnelIsSeenTwice() throws {
    let walk = try walk(packets().flatMap { [$0, vxlan($0)] })
    #expect(walk.client == Self.request)
    #expect(walk.payload.duplicate == Self.request.utf8.count)
  }

  @Test func stretchesThatAreCoveredJoin() {
    var dice = Dice(seed: 5)
    for _ in 0..<200 {
      var covered: [Range<Int>] = []
      var bytes: Set<Int> = []
      for _ in 0..<12 {
        let start = Int.random(in: 0..<60, using: &dice)
        let stretch = start..<(start + Int.random(in: 1..<9, using: &dice))
        covered.cover(stretch)
        bytes.formUnion(stretch)
      }
      #expect(Set(covered.flatMap { Array($0) }) == bytes)
      #expect(zip(covered, covered.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
    }
  }
}
