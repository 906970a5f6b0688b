/// A whole TCP segment in an IP packet, taken apart so that it can be changed and put together again
/// with right lengths and checksums. The reading is the trials' own: what the product reads wrongly
/// must not look right because the trial reads it in the same way.
public struct TCPPacket: Sendable, Equatable {
  /// Nanoseconds since 1970.
  public var time: Int64
  /// Four bytes each, or sixteen.
  public var source: [UInt8]
  public var destination: [UInt8]
  public var identification: UInt16
  /// Header with options, without sequence number, acknowledgment, flags and checksum.
  public var sourcePort: UInt16
  public var destinationPort: UInt16
  public var sequence: UInt32
  public var acknowledgment: UInt32
  public var flags: UInt8
  public var window: UInt16
  public var options: [UInt8]
  public var payload: [UInt8]

  public static let fin: UInt8 = 1
  public static let syn: UInt8 = 2
  public static let rst: UInt8 = 4
  public static let push: UInt8 = 8
  public static let ack: UInt8 = 16
  public static let urgent: UInt8 = 32

  public func has(_ flag: UInt8) -> Bool { flags & flag != 0 }

  /// Neither data nor anything that opens or closes.
  public var isPureAcknowledgment: Bool { payload.isEmpty && flags == Self.ack }

  /// - Returns: `nil` where the frame isn't a whole, unfragmented TCP segment in IP on Ethernet
  ///   (VLAN tags too), Linux cooked, null, loopback or raw.
  public init?(_ packet: CapturedPacket) {
    let frame = packet.frame
    guard packet.originalLength <= frame.count, let start = Self.networkStart(packet),
      start < frame.count
    else { return nil }
    time = packet.time
    let end: Int
    let at: Int
    switch frame[start] >> 4 {
    case 4:
      let headerLength = Int(frame[start] & 15) * 4
      guard headerLength >= 20, start + headerLength <= frame.count else { return nil }
      let total = Int(big16(frame, start + 2))
      guard frame[start + 9] == 6, big16(frame, start + 6) & 0x3FFF == 0, total > 0 else {
        return nil
      }
      end = start + total
      at = start + headerLength
      source = Array(frame[(start + 12)..<(start + 16)])
      destination = Array(frame[(start + 16)..<(start + 20)])
      identification = big16(frame, start + 4)
    case 6:
      guard start + 40 <= frame.count, frame[start + 6] == 6 else { return nil }
      at = start + 40
      end = at + Int(big16(frame, start + 4))
      source = Array(frame[(start + 8)..<(start + 24)])
      destination = Array(frame[(start + 24)..<(start + 40)])
      identification = 0
    default: return nil
    }
    guard end <= frame.count, at + 20 <= end else { return nil }
    let headerLength = Int(frame[at + 12] >> 4) * 4
    guard headerLength >= 20, at + headerLength <= end else { return nil }
    sourcePort = big16(frame, at)
    destinationPort = big16(frame, at + 2)
    sequence = big32(frame, at + 4)
    acknowledgment = big32(frame, at + 8)
    flags = frame[at + 13]
    window = big16(frame, at + 14)
    options = Array(frame[(at + 20)..<(at + headerLength)])
    payload = Array(frame[(at + headerLength)..<end])
  }

  private static func networkStart(_ packet: CapturedPacket) -> Int? {
    let frame = packet.frame
    switch packet.linkType {
    case 1:
      var at = 12
      while at + 4 <= frame.count, [0x8100, 0x88A8].contains(big16(frame, at)) { at += 4 }
      guard at + 2 <= frame.count, [0x0800, 0x86DD].contains(big16(frame, at)) else { return nil }
      return at + 2
    case 113: return frame.count >= 16 ? 16 : nil
    case 276: return frame.count >= 20 ? 20 : nil
    case 0, 108: return 4
    case 12, 101, 228, 229: return 0
    default: return nil
    }
  }

  /// The four numbers that name a connection, the same in both directions.
  public var connection: [[UInt8]] {
    let near = source + [UInt8(sourcePort >> 8), UInt8(sourcePort & 255)]
    let far = destination + [UInt8(destinationPort >> 8), UInt8(destinationPort & 255)]
    return near.lexicographicallyPrecedes(far) ? [near, far] : [far, near]
  }

  /// Who sends to whom.
  public var direction: [[UInt8]] {
    [
      source + [UInt8(sourcePort >> 8), UInt8(sourcePort & 255)],
      destination + [UInt8(destinationPort >> 8), UInt8(destinationPort & 255)],
    ]
  }

  /// The IP packet.
  public var ipPacket: [UInt8] { ipHeader(transport: 6, source, destination, segment) + segment }

  /// The TCP segment, with its checksum.
  public var segment: [UInt8] {
    let order = ByteOrder.big
    var bytes = order.bytes16(sourcePort) + order.bytes16(destinationPort)
    bytes += order.bytes32(sequence) + order.bytes32(acknowledgment)
    bytes += [UInt8((20 + options.count) / 4) << 4, flags] + order.bytes16(window) + [0, 0, 0, 0]
    bytes += options + payload
    let pseudo =
      source + destination + order.bytes32(UInt32(bytes.count)) + order.bytes32(6)
    let sum = order.bytes16(~onesComplement(pseudo + bytes))
    (bytes[16], bytes[17]) = (sum[0], sum[1])
    return bytes
  }

  /// A header for `content` between these addresses.
  func ipHeader(
    transport: UInt8, _ source: [UInt8], _ destination: [UInt8], _ content: [UInt8],
    fragment: UInt16 = 0x4000
  ) -> [UInt8] {
    let order = ByteOrder.big
    if source.count == 16 {
      return [0x60, 0, 0, 0] + order.bytes16(UInt16(content.count)) + [transport, 64] + source
        + destination
    }
    var header: [UInt8] = [0x45, 0] + order.bytes16(UInt16(20 + content.count))
    header += order.bytes16(identification) + order.bytes16(fragment) + [64, transport, 0, 0]
    header += source + destination
    let sum = order.bytes16(~onesComplement(header))
    (header[10], header[11]) = (sum[0], sum[1])
    return header
  }
}

func big16(_ bytes: [UInt8], _ at: Int) -> UInt16 { UInt16(bytes[at]) << 8 | UInt16(bytes[at + 1]) }

func big32(_ bytes: [UInt8], _ at: Int) -> UInt32 {
  UInt32(big16(bytes, at)) << 16 | UInt32(big16(bytes, at + 2))
}

/// RFC 1071.
func onesComplement(_ bytes: [UInt8]) -> UInt16 {
  var sum: UInt32 = 0
  for index in stride(from: 0, to: bytes.count - 1, by: 2) { sum += UInt32(big16(bytes, index)) }
  if bytes.count % 2 == 1 { sum += UInt32(bytes[bytes.count - 1]) << 8 }
  while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
  return UInt16(sum)
}
