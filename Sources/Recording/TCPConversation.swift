public import Wire

/// The two ends of a connection.
public enum Side: Sendable {
  /// Who opened it.
  case client
  case server

  var other: Side { self == .client ? .server : .client }
}

/// Turns what passed over a connection into the packets that could have carried it (RFC 9293):
/// handshake, segments, acknowledgments, ends; with right sequence numbers and checksums.
public struct TCPConversation: Sendable {
  private struct End {
    var endpoint: Endpoint
    /// The next sequence number it sends.
    var next: UInt32
    var hasEnded = false
  }

  /// What an IPv4 packet can carry behind its headers, in bytes.
  private static let segmentLimit = 65_535 - 40

  private var client: End
  private var server: End
  private var isOpen: Bool
  private var isOver = false

  /// - Parameters:
  ///   - number: of the connection; makes its sequence numbers others than those of an earlier one
  ///     between the same ports.
  ///   - isOpen: the handshake was before all that is told.
  public init(client: Endpoint, server: Endpoint, number: Int, isOpen: Bool = false) {
    self.isOpen = isOpen
    let first = UInt32(truncatingIfNeeded: number) &* 0x9E37_79B1
    self.client = End(endpoint: client, next: first &+ 1000)
    self.server = End(endpoint: server, next: (first ^ 0x5555_5555) &+ 5000)
  }

  /// The handshake (3.5).
  public mutating func open() -> [[UInt8]] {
    guard !isOpen else { return [] }
    isOpen = true
    var packets = [packet(from: .client, [.syn])]
    client.next &+= 1
    packets.append(packet(from: .server, [.syn, .acknowledgment]))
    server.next &+= 1
    packets.append(packet(from: .client, [.acknowledgment]))
    return packets
  }

  /// Segments with what `side` sent, and the other side's acknowledgment.
  public mutating func send(_ bytes: ArraySlice<UInt8>, from side: Side) -> [[UInt8]] {
    guard !bytes.isEmpty, !self[side].hasEnded, !isOver else { return [] }
    var packets = open()
    var rest = bytes
    while !rest.isEmpty {
      let part = rest.prefix(Self.segmentLimit)
      rest = rest.dropFirst(part.count)
      packets.append(packet(from: side, [.acknowledgment, .push], part))
      self[side].next &+= UInt32(truncatingIfNeeded: part.count)
    }
    packets.append(packet(from: side.other, [.acknowledgment]))
    return packets
  }

  /// `side` sent bytes that nobody has: a hole, and the other side's acknowledgment of it.
  public mutating func skip(_ count: Int, from side: Side) -> [[UInt8]] {
    guard count > 0, !self[side].hasEnded, !isOver else { return [] }
    let packets = open()
    self[side].next &+= UInt32(truncatingIfNeeded: count)
    return packets + [packet(from: side.other, [.acknowledgment])]
  }

  /// The end of what `side` sends (3.6).
  public mutating func end(from side: Side) -> [[UInt8]] {
    guard !self[side].hasEnded, !isOver else { return [] }
    var packets = open()
    packets.append(packet(from: side, [.acknowledgment, .end]))
    self[side].next &+= 1
    self[side].hasEnded = true
    packets.append(packet(from: side.other, [.acknowledgment]))
    isOver = self[side.other].hasEnded
    return packets
  }

  /// `side` resets the connection (3.5.2).
  public mutating func reset(from side: Side) -> [[UInt8]] {
    guard !isOver else { return [] }
    let packets = open() + [packet(from: side, [.reset, .acknowledgment])]
    isOver = true
    return packets
  }

  // MARK: Packets

  private struct Flags: OptionSet {
    var rawValue: UInt8
    static let end = Flags(rawValue: 0x01)
    static let syn = Flags(rawValue: 0x02)
    static let reset = Flags(rawValue: 0x04)
    static let push = Flags(rawValue: 0x08)
    static let acknowledgment = Flags(rawValue: 0x10)
  }

  private subscript(side: Side) -> End {
    get { side == .client ? client : server }
    set { if side == .client { client = newValue } else { server = newValue } }
  }

  private func packet(
    from side: Side, _ flags: Flags, _ content: ArraySlice<UInt8> = []
  ) -> [UInt8] {
    let (from, to) = (self[side], self[side.other])
    var segment = Self.bytes(from.endpoint.port) + Self.bytes(to.endpoint.port)
    segment += Self.bytes(from.next)
    segment += Self.bytes(flags.contains(.acknowledgment) ? to.next : 0)
    segment += [0x50, flags.rawValue, 0xFF, 0xFF, 0, 0, 0, 0]
    segment += content
    let (source, destination) = (from.endpoint.address, to.endpoint.address)
    // The pseudo-header (RFC 9293, 3.1; RFC 8200, 8.1).
    let pseudo = source.bytes + destination.bytes + [0, 6] + Self.bytes(UInt16(segment.count))
    let sum = Self.bytes(Self.checksum(pseudo + segment))
    (segment[16], segment[17]) = (sum[0], sum[1])
    return Self.header(source, destination, length: segment.count) + segment
  }

  private static func header(
    _ source: IPAddress, _ destination: IPAddress, length: Int
  ) -> [UInt8] {
    if source.isIPv6 {
      return [0x60, 0, 0, 0] + bytes(UInt16(length)) + [6, 64] + source.bytes + destination.bytes
    }
    var header: [UInt8] = [0x45, 0] + bytes(UInt16(20 + length)) + [0, 0, 0x40, 0, 64, 6, 0, 0]
    header += source.bytes + destination.bytes
    let sum = bytes(checksum(header))
    (header[10], header[11]) = (sum[0], sum[1])
    return header
  }

  /// RFC 1071.
  private static func checksum(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: bytes.count, by: 2) {
      let low = index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0
      sum &+= UInt32(bytes[index]) << 8 | low
      sum = (sum & 0xFFFF) &+ (sum >> 16)
    }
    return ~UInt16(truncatingIfNeeded: sum)
  }

  private static func bytes(_ number: UInt16) -> [UInt8] {
    [UInt8(number >> 8), UInt8(number & 0xFF)]
  }

  private static func bytes(_ number: UInt32) -> [UInt8] {
    bytes(UInt16(number >> 16)) + bytes(UInt16(number & 0xFFFF))
  }
}
