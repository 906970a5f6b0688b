/// The bytes of a capture file, written field by field in either byte order.
struct CaptureScript {
  var isBig = false
  var bytes: [UInt8] = []

  func two(_ value: Int) -> [UInt8] {
    let little = [UInt8(value & 255), UInt8(value >> 8 & 255)]
    return isBig ? little.reversed() : little
  }

  func four(_ value: Int) -> [UInt8] {
    let little = (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return isBig ? little.reversed() : little
  }

  func eight(_ value: Int) -> [UInt8] {
    let little = (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return isBig ? little.reversed() : little
  }

  // MARK: pcap

  mutating func pcapHeader(
    magic: Int = 0xA1B2_C3D4, major: Int = 2, snaplen: Int = 65_535, linkType: Int = 1
  ) {
    bytes += four(magic) + two(major) + two(4) + four(0) + four(0) + four(snaplen)
    bytes += four(linkType)
  }

  mutating func record(
    _ content: [UInt8], seconds: Int = 1, fraction: Int = 0, captured: Int? = nil,
    modified: Bool = false
  ) {
    bytes += four(seconds) + four(fraction) + four(captured ?? content.count)
    bytes += four(content.count)
    // ifindex, protocol, packet type and padding of Kuznetzov's patch.
    if modified { bytes += four(3) + two(0x0800) + [4, 0] }
    bytes += content
  }

  // MARK: pcapng

  mutating func block(_ type: Int, _ body: [UInt8], closing: Int? = nil) {
    let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
    bytes += four(type) + four(padded.count + 12) + padded + four(closing ?? padded.count + 12)
  }

  mutating func section(major: Int = 1) {
    block(0x0A0D_0D0A, four(0x1A2B_3C4D) + two(major) + two(0) + eight(-1))
  }

  mutating func interface(
    linkType: Int = 1, snaplen: Int = 0, resolution: UInt8? = nil, offset: Int? = nil
  ) {
    var options: [UInt8] = []
    if let resolution { options += option(9, [resolution]) }
    if let offset { options += option(14, eight(offset)) }
    block(1, two(linkType) + two(0) + four(snaplen) + options + option(0, []))
  }

  mutating func packet(
    _ content: [UInt8], interface: Int = 0, time: Int = 0, captured: Int? = nil,
    options: [UInt8] = []
  ) {
    let padding = [UInt8](repeating: 0, count: (4 - content.count % 4) % 4)
    block(
      6,
      four(interface) + four(time >> 32) + four(time) + four(captured ?? content.count)
        + four(content.count) + content + padding + options)
  }

  func option(_ code: Int, _ content: [UInt8]) -> [UInt8] {
    two(code) + two(content.count) + content
      + [UInt8](repeating: 0, count: (4 - content.count % 4) % 4)
  }
}
