import TestSupport
import Testing

@testable import Wire

/// The same conversation, read through link layers that are none of the usual ones.
@Suite struct UncommonLinksTests {
  private static let request = "GET /model/info HTTP/1.1\r\nHost: a\r\n\r\n"

  private static func packets() -> [[UInt8]] {
    var talk = Conversation()
    talk.client(request)
    return talk.packets().map(\.ipPacket)
  }

  private func walk(_ linkType: LinkType, _ frames: [[UInt8]]) throws -> Walk {
    var script = CaptureScript()
    script.pcapHeader(linkType: Int(linkType.rawValue))
    for frame in frames { script.record(frame) }
    let walk = try Walk(file: script.bytes)
    #expect(walk.payload.unexplained == 0)
    #expect(walk.frames.reduce(0, +) == frames.count)
    return walk
  }

  private func frames(_ walk: Walk, _ bucket: FrameBucket) -> Int { walk.frames[bucket.rawValue] }

  // Of IEEE 802.11: frame control and addresses; LLC and SNAP.
  private static let toAccessPoint = data(0x08, 0x01)
  private static let snap: [UInt8] = [0xAA, 0xAA, 3, 0, 0, 0, 8, 0]

  private static func data(_ kind: UInt8, _ flags: UInt8, more: [UInt8] = []) -> [UInt8] {
    [kind, flags, 0, 0] + [UInt8](repeating: 2, count: 18) + [0x10, 0] + more
  }

  private static func radiotap(flags: UInt8, _ extra: [UInt8] = []) -> [UInt8] {
    // A time stamp (aligned to eight bytes), then the flags.
    [0, 0, 25 + UInt8(extra.count), 0, 3, 0, 0, 0x80, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 12)
      + [flags] + extra
  }

  @Test(
    arguments: [
      (LinkType.ppp, [0x21]), (.ppp, [0, 0x21]), (.ppp, [0xFF, 3, 0, 0x21]),
      (.serialPPP, [0xFF, 3, 0, 0x21]), (.serialPPP, [0x0F, 0, 8, 0]),
      (.pppoe, [0x11, 0, 0, 1, 0, 0, 0, 0x21]), (.ciscoHDLC, [0x0F, 0, 8, 0]),
      (.arcnet, [1, 2, 0xF0]), (.arcnet, [1, 2, 0xD4, 0, 0, 7]),
      (.linuxARCNET, [1, 2, 9, 9, 0xF0]), (.linuxARCNET, [1, 2, 9, 9, 0xD4, 0, 0, 7]),
      (.wireless, toAccessPoint + snap), (.wireless, data(0x88, 0x02, more: [0, 0]) + snap),
      (.wireless, data(0x08, 0x03, more: [2, 2, 2, 2, 2, 2]) + snap),
      (.wireless, data(0x88, 0x81, more: [0, 0, 0, 0, 0, 0]) + snap),
      (.radiotap, [0, 0, 8, 0, 0, 0, 0, 0] + toAccessPoint + snap),
      (.radiotap, radiotap(flags: 0x10) + toAccessPoint + snap),
      (.radiotap, radiotap(flags: 0x20) + data(0x88, 1, more: [0, 0, 0xEE, 0xEE]) + snap),
      (.nflog, [2, 0, 0, 40, 8, 0, 1, 0, 8, 0, 3, 0, 44, 0, 9, 0]),
      (.nflog, [2, 0, 0, 40, 0, 8, 0, 1, 8, 0, 3, 0, 0, 44, 0, 9]),
      (.nflog, [2, 0, 0, 40, 5, 0, 10, 0, 0, 0, 0, 0, 44, 0, 9, 0]),
    ] as [(LinkType, [UInt8])])
  func packetsAreReadBehindTheHeader(linkType: LinkType, header: [UInt8]) throws {
    let walk = try walk(linkType, Self.packets().map { header + $0 })
    #expect(walk.client == Self.request)
    #expect(frames(walk, .tcp) == 4)
  }

  @Test func whatRadioFramesHideIsATunnelThatStaysShut() throws {
    let packet = Self.packets()[3]
    let shut = [
      // Encrypted, two ways of being a fragment, several packets in one frame.
      Self.data(0x08, 0x41), Self.data(0x08, 0x05),
      Self.data(0x08, 0x01).dropLast(2) + [0x11, 0], Self.data(0x88, 0x01, more: [0x80, 0]),
    ]
    let walk = try walk(.wireless, shut.map { $0 + Self.snap + packet })
    #expect(frames(walk, .tunnelled) == 4)
  }

  @Test func beaconsAndFramesWithoutDataCarryNothing() throws {
    let walk = try walk(
      .wireless, [Self.data(0x80, 0), Self.data(0xB4, 0), Self.data(0x48, 1), Self.data(0xC8, 1)])
    #expect(frames(walk, .otherNetwork) == 4)
  }

  @Test func anAccessPointsRepetitionIsTheSamePacketElsewhere() throws {
    let up = Self.toAccessPoint + Self.snap
    let down = Self.data(0x08, 0x02) + Self.snap
    let walk = try walk(.wireless, Self.packets().flatMap { [up + $0, down + $0] })
    #expect(walk.client == Self.request)
    #expect(walk.payload.duplicate == Self.request.utf8.count)
    #expect(walk.payload.retransmitted == 0)
  }

  @Test func otherProtocolsAreCountedAndCutHeadersAreMalformed() throws {
    let others = try walk(.ppp, [[0xC0, 0x21, 1, 2]])
    #expect(frames(others, .otherNetwork) == 1)
    #expect(frames(try walk(.ciscoHDLC, [[0x0F, 0, 0x80, 0x35, 0]]), .otherNetwork) == 1)
    let address = try walk(.linuxARCNET, [[1, 2, 9, 9, 0xF1, 0]])
    #expect(frames(address, .arp) == 1)
    #expect(frames(try walk(.linuxARCNET, [[1, 2, 9, 9, 0xD4, 1, 0, 7]]), .tunnelled) == 1)
    for (linkType, frame) in [
      (LinkType.ppp, [0x21]), (.ciscoHDLC, [0x0F, 0, 8]), (.linuxARCNET, [1, 2, 9, 9]),
      (.wireless, Self.data(0x88, 1)), (.radiotap, [0, 0, 60, 0, 0, 0, 0, 0, 1]),
      (.nflog, [2, 0, 0, 40, 3, 0, 1, 0]), (.nflog, [2, 0, 0, 40, 44, 0, 9, 0]),
    ] as [(LinkType, [UInt8])] {
      let walk = try walk(linkType, [frame])
      #expect(frames(walk, .malformed) == 1, "\(linkType.name)")
    }
  }

  /// Whatever stands in a frame, and wherever it is cut: no trap, and one bucket.
  @Test(arguments: [
    LinkType.ppp, .serialPPP, .pppoe, .ciscoHDLC, .wireless, .radiotap, .nflog, .arcnet,
    .linuxARCNET,
  ])
  func noFrameIsTooOdd(linkType: LinkType) throws {
    var dice = Dice(seed: UInt64(linkType.rawValue))
    let heads: [[UInt8]] = [
      [], Self.radiotap(flags: 0x20), Self.toAccessPoint, [2, 0, 0, 0], [1, 2, 0xD4], [0xFF, 3],
      [0, 0, 9, 0, 2, 0, 0, 0],
    ]
    // A file whose first frame is of no such kind is refused as a whole.
    let noise =
      [[0, 0]]
      + (0..<400).map { _ -> [UInt8] in
        let head = heads.randomElement(using: &dice) ?? []
        return head
          + (0..<Int.random(in: 0..<60, using: &dice)).map { _ in
            UInt8.random(in: 0...255, using: &dice)
          }
      }
    _ = try walk(linkType, noise)
  }
}
