/// The blocks of a pcapng file with one section and one interface, little-endian, its times in
/// nanoseconds (draft-ietf-opsawg-pcapng, 4).
public struct PcapngWriter: Sendable {
  public let linkType: LinkType
  /// The program that writes it, for the section's `shb_userappl`.
  public let application: String
  /// For the interface's `if_name`.
  public let interface: String

  public init(linkType: LinkType, application: String, interface: String) {
    self.linkType = linkType
    self.application = application
    self.interface = interface
  }

  /// What stands in front of the packets: the section's header and the interface's description.
  public var header: [UInt8] {
    var section = Self.bytes(0x1A2B_3C4D as UInt32)
    section += Self.bytes(1 as UInt16) + Self.bytes(0 as UInt16)
    section += Self.bytes(UInt64.max)
    section += Self.option(4, Array(application.utf8)) + Self.endOfOptions
    var description = Self.bytes(UInt16(truncatingIfNeeded: linkType.rawValue))
    description += Self.bytes(0 as UInt16) + Self.bytes(0 as UInt32)
    description += Self.option(2, Array(interface.utf8)) + Self.option(9, [9]) + Self.endOfOptions
    return Self.block(0x0A0D_0D0A, section) + Self.block(1, description)
  }

  /// An Enhanced Packet Block (4.3).
  ///
  /// - Parameter time: in nanoseconds since 1970.
  public func packet(_ bytes: [UInt8], at time: Int64) -> [UInt8] {
    let time = UInt64(bitPattern: time)
    let count = Self.bytes(UInt32(truncatingIfNeeded: bytes.count))
    var body = Self.bytes(0 as UInt32)
    body.reserveCapacity(bytes.count + 24)
    body += Self.bytes(UInt32(truncatingIfNeeded: time >> 32))
    body += Self.bytes(UInt32(truncatingIfNeeded: time))
    body += count + count + Self.padded(bytes)
    return Self.block(6, body)
  }

  private static let endOfOptions: [UInt8] = [0, 0, 0, 0]

  private static func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
    bytes(code) + bytes(UInt16(clamping: value.count)) + padded(Array(value.prefix(0xFFFF)))
  }

  private static func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
    let length = bytes(UInt32(truncatingIfNeeded: body.count &+ 12))
    return bytes(type) + length + body + length
  }

  private static func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
  }

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
}
