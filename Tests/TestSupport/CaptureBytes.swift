/// Packets as the bytes of a capture file.
public enum CaptureBytes {
  /// Classic pcap, little-endian.
  public static func pcap(
    _ packets: [Packet], nanoseconds: Bool = true, linkType: UInt32 = 1, snaplen: UInt32 = 262_144
  ) -> [UInt8] {
    var bytes: [UInt8] = nanoseconds ? [0x4D, 0x3C, 0xB2, 0xA1] : [0xD4, 0xC3, 0xB2, 0xA1]
    bytes += [2, 0, 4, 0] + little32(0) + little32(0) + little32(snaplen) + little32(linkType)
    for packet in packets {
      let frame = packet.frame
      let captured = frame.prefix(packet.snaplen ?? .max)
      let fraction = packet.time % 1_000_000_000
      bytes += little32(UInt32(truncatingIfNeeded: packet.time / 1_000_000_000))
      bytes += little32(UInt32(truncatingIfNeeded: nanoseconds ? fraction : fraction / 1000))
      bytes += little32(UInt32(captured.count)) + little32(UInt32(frame.count)) + captured
    }
    return bytes
  }

  /// pcapng with one section and one interface, nanosecond resolution.
  public static func pcapng(
    _ packets: [Packet], linkType: UInt16 = 1, snaplen: UInt32 = 262_144
  ) -> [UInt8] {
    var bytes = block(
      0x0A0D_0D0A, little32(0x1A2B_3C4D) + [1, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8))
    // if_tsresol 9, end of options.
    bytes += block(
      1,
      [UInt8(linkType & 255), UInt8(linkType >> 8), 0, 0] + little32(snaplen)
        + [9, 0, 1, 0, 9, 0, 0, 0] + little32(0))
    for packet in packets {
      let frame = packet.frame
      let captured = Array(frame.prefix(packet.snaplen ?? .max))
      let units = UInt64(packet.time)
      let padding = [UInt8](repeating: 0, count: (4 - captured.count % 4) % 4)
      bytes += block(
        6,
        little32(0) + little32(UInt32(units >> 32)) + little32(UInt32(truncatingIfNeeded: units))
          + little32(UInt32(captured.count)) + little32(UInt32(frame.count)) + captured + padding)
    }
    return bytes
  }

  public static func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
    let length = little32(UInt32(body.count + 12))
    return little32(type) + length + body + length
  }

  public static func little32(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
