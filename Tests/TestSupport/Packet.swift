/// A TCP packet in an Ethernet frame, before it becomes bytes: tests change it as they need.
public struct Packet: Sendable {
  /// Nanoseconds since 1970.
  public var time: Int64
  public var source: [UInt8]
  public var sourcePort: UInt16
  public var destination: [UInt8]
  public var destinationPort: UInt16
  public var sequence: UInt32
  public var acknowledgment: UInt32
  public var flags: UInt8
  public var payload: [UInt8]
  public var identification: UInt16
  public var window: UInt16 = 65_535
  /// VLAN tags, outermost first.
  public var vlans: [UInt16] = []
  /// Only so many bytes of the frame are captured.
  public var snaplen: Int?

  /// IPv4 with a right header checksum, and TCP without options.
  public var ipPacket: [UInt8] {
    var header: [UInt8] = [0x45, 0]
    header += Self.big16(UInt16(truncatingIfNeeded: 40 + payload.count))
    header += Self.big16(identification) + [0x40, 0, 64, 6, 0, 0] + source + destination
    var sum: UInt32 = 0
    for index in stride(from: 0, to: 20, by: 2) {
      sum += UInt32(header[index]) << 8 | UInt32(header[index + 1])
    }
    while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
    let checksum = Self.big16(~UInt16(truncatingIfNeeded: sum))
    header[10] = checksum[0]
    header[11] = checksum[1]
    return header + segment
  }

  var segment: [UInt8] {
    Self.big16(sourcePort) + Self.big16(destinationPort) + Self.big32(sequence)
      + Self.big32(acknowledgment) + [0x50, flags] + Self.big16(window) + [0, 0, 0, 0] + payload
  }

  /// The Ethernet frame.
  public var frame: [UInt8] {
    var bytes: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]
    for vlan in vlans { bytes += [0x81, 0] + Self.big16(vlan) }
    return bytes + [8, 0] + ipPacket
  }

  static func big16(_ value: UInt16) -> [UInt8] {
    [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
  }

  static func big32(_ value: UInt32) -> [UInt8] {
    big16(UInt16(value >> 16)) + big16(UInt16(truncatingIfNeeded: value))
  }
}
