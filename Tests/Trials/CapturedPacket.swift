public import Wire

/// One packet of a capture, as bytes that can be changed.
public struct CapturedPacket: Sendable, Equatable {
  /// Nanoseconds since 1970.
  public var time: Int64
  /// The link layer's number in libpcap's registry.
  public var linkType: UInt32
  /// The captured bytes of the frame.
  public var frame: [UInt8]
  /// Its length on the wire, in bytes.
  public var originalLength: Int

  public init(time: Int64, linkType: UInt32, frame: [UInt8], originalLength: Int? = nil) {
    self.time = time
    self.linkType = linkType
    self.frame = frame
    self.originalLength = originalLength ?? frame.count
  }

  /// All packets of a file.
  ///
  /// - Throws: `CaptureError` where it can't be read to its end.
  public static func packets(of file: String) throws(CaptureError) -> [CapturedPacket] {
    var reader = try CaptureReader(files: [file])
    var frame = Frame()
    var packets: [CapturedPacket] = []
    while try reader.next(&frame) {
      packets.append(
        CapturedPacket(
          time: frame.time.isKnown ? frame.time.nanoseconds : 0,
          linkType: frame.linkType.rawValue, frame: reader.store.bytes(frame.bytes),
          originalLength: frame.originalLength))
    }
    return packets
  }
}

/// How packets become a file. All of one file have the link type of the first.
public enum CaptureFormat: Sendable, CaseIterable {
  case pcapMicroseconds, pcapNanoseconds, pcapBigEndian, pcapng

  public func bytes(of packets: [CapturedPacket]) -> [UInt8] {
    switch self {
    case .pcapMicroseconds: Self.pcap(packets, perSecond: 1_000_000, order: .little)
    case .pcapNanoseconds: Self.pcap(packets, perSecond: 1_000_000_000, order: .little)
    case .pcapBigEndian: Self.pcap(packets, perSecond: 1_000_000, order: .big)
    case .pcapng: Self.pcapng(packets)
    }
  }

  private static func pcap(
    _ packets: [CapturedPacket], perSecond: Int64, order: ByteOrder
  ) -> [UInt8] {
    var bytes = order.bytes32(perSecond == 1_000_000 ? 0xA1B2_C3D4 : 0xA1B2_3C4D)
    bytes += order.bytes16(2) + order.bytes16(4) + order.bytes32(0) + order.bytes32(0)
    bytes += order.bytes32(262_144) + order.bytes32(packets.first?.linkType ?? 1)
    for packet in packets {
      let fraction = packet.time % 1_000_000_000 / (1_000_000_000 / perSecond)
      bytes += order.bytes32(UInt32(truncatingIfNeeded: packet.time / 1_000_000_000))
      bytes += order.bytes32(UInt32(truncatingIfNeeded: fraction))
      bytes += order.bytes32(UInt32(packet.frame.count))
      bytes += order.bytes32(UInt32(clamping: packet.originalLength)) + packet.frame
    }
    return bytes
  }

  /// One section, and one interface with nanoseconds.
  private static func pcapng(_ packets: [CapturedPacket]) -> [UInt8] {
    let order = ByteOrder.little
    func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
      let length = order.bytes32(UInt32(body.count + 12))
      return order.bytes32(type) + length + body + length
    }
    var bytes = block(
      0x0A0D_0D0A,
      order.bytes32(0x1A2B_3C4D) + order.bytes16(1) + order.bytes16(0)
        + [UInt8](repeating: 0xFF, count: 8))
    let linkType = UInt16(truncatingIfNeeded: packets.first?.linkType ?? 1)
    bytes += block(
      1,
      order.bytes16(linkType) + order.bytes16(0) + order.bytes32(262_144)
        + [9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0])
    for packet in packets {
      let time = UInt64(bitPattern: packet.time)
      bytes += block(
        6,
        order.bytes32(0) + order.bytes32(UInt32(truncatingIfNeeded: time >> 32))
          + order.bytes32(UInt32(truncatingIfNeeded: time))
          + order.bytes32(UInt32(packet.frame.count))
          + order.bytes32(UInt32(clamping: packet.originalLength)) + packet.frame
          + [UInt8](repeating: 0, count: (4 - packet.frame.count % 4) % 4))
    }
    return bytes
  }
}

enum ByteOrder {
  case little, big

  func bytes16(_ value: UInt16) -> [UInt8] {
    let big = [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
    return self == .big ? big : big.reversed()
  }

  func bytes32(_ value: UInt32) -> [UInt8] {
    let big = (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) }
    return self == .big ? big : big.reversed()
  }
}
