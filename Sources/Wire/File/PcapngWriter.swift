/// The blocks of a pcapng file with one section and one interface, little-endian, its times in
/// nanoseconds (draft-ietf-opsawg-pcapng, 4).
public struct PcapngWriter: Sendable {
  public let linkType: LinkType
  /// The program that writes it, for the section's `shb_userappl`.
  public let application: String
  /// For the interface's `if_name`.
  public let interface: String
  /// Bytes of a packet that are kept at most; 0 for all.
  public var snapshotLength = 0
  /// For the interface's `if_filter`, as libpcap writes filters; empty for none.
  public var filter = ""
  /// For the section's `shb_os` and its comment; empty for none.
  public var system = ""
  public var comment = ""

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
    if !comment.isEmpty { section += Self.option(1, Array(comment.utf8)) }
    if !system.isEmpty { section += Self.option(3, Array(system.utf8)) }
    section += Self.option(4, Array(application.utf8)) + Self.endOfOptions
    var description = Self.bytes(UInt16(truncatingIfNeeded: linkType.rawValue))
    description += Self.bytes(0 as UInt16) + Self.bytes(UInt32(clamping: snapshotLength))
    description += Self.option(2, Array(interface.utf8)) + Self.option(9, [9])
    // The first byte says that a filter's text follows (4.2).
    if !filter.isEmpty { description += Self.option(11, [0] + Array(filter.utf8)) }
    description += Self.endOfOptions
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

  /// Appends an Enhanced Packet Block (4.3).
  ///
  /// - Parameters:
  ///   - time: in nanoseconds since 1970.
  ///   - length: of the packet on the wire, in bytes.
  public func append(
    _ bytes: some Collection<UInt8>, at time: Int64, length: Int, to buffer: inout [UInt8]
  ) {
    let time = UInt64(bitPattern: time)
    let count = bytes.count
    let padding = (4 - count % 4) % 4
    let total = UInt32(truncatingIfNeeded: count &+ padding &+ 32)
    for word in [
      6, total, 0, UInt32(truncatingIfNeeded: time >> 32), UInt32(truncatingIfNeeded: time),
      UInt32(truncatingIfNeeded: count), UInt32(clamping: length),
    ] { Self.append(word, to: &buffer) }
    buffer.append(contentsOf: bytes)
    for _ in 0..<padding { buffer.append(0) }
    Self.append(total, to: &buffer)
  }

  private static func append(_ word: UInt32, to buffer: inout [UInt8]) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      buffer.append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }

  /// An Interface Statistics Block (4.6): packets that were received and dropped so far.
  ///
  /// - Parameter time: in nanoseconds since 1970.
  public func statistics(
    received: UInt64, droppedByDevice: UInt64, droppedBySystem: UInt64, at time: Int64
  ) -> [UInt8] {
    let time = UInt64(bitPattern: time)
    var body = Self.bytes(0 as UInt32)
    body += Self.bytes(UInt32(truncatingIfNeeded: time >> 32))
    body += Self.bytes(UInt32(truncatingIfNeeded: time))
    body += Self.option(4, Self.bytes(received)) + Self.option(5, Self.bytes(droppedByDevice))
    body += Self.option(7, Self.bytes(droppedBySystem)) + Self.endOfOptions
    return Self.block(5, body)
  }

  /// An Interface Statistics Block without numbers, for its comment (4.6, 3.5): the only block between
  /// packets that every reader shows, and none counts.
  public func remark(_ text: String, at time: Int64) -> [UInt8] {
    let time = UInt64(bitPattern: time)
    var body = Self.bytes(0 as UInt32)
    body += Self.bytes(UInt32(truncatingIfNeeded: time >> 32))
    body += Self.bytes(UInt32(truncatingIfNeeded: time))
    body += Self.option(1, Array(text.utf8)) + Self.endOfOptions
    return Self.block(5, body)
  }

  /// A Decryption Secrets Block with lines of an NSS key log (4.7).
  public static func secrets(_ keyLog: [UInt8]) -> [UInt8] {
    let body =
      bytes(0x544C_534B as UInt32) + bytes(UInt32(clamping: keyLog.count)) + padded(keyLog)
    return block(10, body)
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
