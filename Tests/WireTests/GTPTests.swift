import TestSupport
import Testing

@testable import Wire

/// GTP-U (3GPP TS 29.281): what a mobile network wraps a subscriber's packets in.
@Suite struct GTPTests {
  private static let request = "GET /model/info HTTP/1.1\r\nHost: a\r\n\r\n"

  private static func packets() -> [[UInt8]] {
    var talk = Conversation()
    talk.client(request)
    return talk.packets().map(\.ipPacket)
  }

  /// An IPv4 packet between two gateways that carries `content` over UDP.
  private static func outer(_ content: [UInt8], port: UInt16 = 2152) -> [UInt8] {
    let ports = [UInt8(port >> 8), UInt8(port & 255)]
    let total = 28 + content.count
    return [0x45, 0, UInt8(total >> 8), UInt8(total & 255), 0, 1, 0, 0, 64, 17, 0, 0]
      + [192, 0, 2, 1, 192, 0, 2, 2] + ports + ports
      + [UInt8((total - 20) >> 8), UInt8((total - 20) & 255), 0, 0] + content
  }

  private func walk(_ contents: [[UInt8]]) throws -> Walk {
    var script = CaptureScript()
    script.pcapHeader(linkType: 101)
    for content in contents { script.record(Self.outer(content)) }
    let walk = try Walk(file: script.bytes)
    #expect(walk.payload.unexplained == 0)
    return walk
  }

  @Test(
    arguments: [
      [0x30, 255, 0, 0, 1, 2, 3, 4],
      // A sequence number.
      [0x32, 255, 0, 0, 1, 2, 3, 4, 0, 9, 0, 0],
      // Extension headers, of four bytes and of eight.
      [0x34, 255, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0x85, 1, 9, 9, 0],
      [0x36, 255, 0, 0, 1, 2, 3, 4, 0, 1, 0, 0x85, 2, 9, 9, 9, 9, 9, 9, 0xC0, 1, 9, 9, 0],
    ] as [[UInt8]])
  func theSubscribersPacketsAreRead(header: [UInt8]) throws {
    let walk = try walk(Self.packets().map { header + $0 })
    #expect(walk.client == Self.request)
    #expect(walk.frames[FrameBucket.tcp.rawValue] == 4)
  }

  @Test func signallingIsPlainUDP() throws {
    let walk = try walk([[0x32, 1, 0, 4, 0, 0, 0, 0, 0, 9, 0, 0], [0x20, 255, 0, 0], [1, 2]])
    #expect(walk.frames[FrameBucket.udp.rawValue] == 3)
  }

  @Test func whatIsCutOrNoIPStaysShut() throws {
    let head: [UInt8] = [0x34, 255, 0, 0, 1, 2, 3, 4]
    let walk = try walk([
      head, head + [0, 0, 0, 0x85], head + [0, 0, 0, 0x85, 0], head + [0, 0, 0, 0x85, 9, 1],
      [0x30, 255, 0, 0, 1, 2, 3, 4], [0x30, 255, 0, 0, 1, 2, 3, 4, 0xFF, 3, 0, 0x21],
    ])
    #expect(walk.frames[FrameBucket.tunnelled.rawValue] == 6)
  }
}
