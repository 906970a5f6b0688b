/// An IP packet's outer facts: where its payload is, and whether it is whole.
struct Packet {
  enum Outcome { case whole, fragment, malformed }

  var outcome = Outcome.malformed
  var source = IPAddress(ipv4: 0)
  var destination = IPAddress(ipv4: 0)
  /// The transport protocol's number (TCP is 6).
  var transport: UInt8 = 0
  /// Start of the payload, relative to the frame.
  var start = 0
  /// Payload length by the header, in bytes.
  var length = 0
  /// How many of them were captured.
  var captured = 0
  var identification: UInt32 = 0
  /// Offset of this fragment in the datagram's payload, in bytes.
  var fragmentOffset = 0
  var moreFragments = false
  var hasBadChecksum = false
  /// Segmentation offload left the length to be filled in: all that was captured counts.
  var hasNoLength = false

  /// RFC 791. A total length of 0 comes from segmentation offload: all that was captured counts.
  @inline(__always)
  static func ipv4(_ frame: borrowing Span<UInt8>, at start: Int) -> Packet {
    var packet = Packet()
    guard start &+ 20 <= frame.count, frame[start] >> 4 == 4 else { return packet }
    let headerLength = Int(frame[start] & 15) &* 4
    guard headerLength >= 20, start &+ headerLength <= frame.count else { return packet }
    let available = frame.count &- start
    var total = Int(frame.big16(start &+ 2))
    if total == 0 {
      total = available
      packet.hasNoLength = true
    }
    guard total >= headerLength else { return packet }
    packet.source = IPAddress(ipv4: frame.big32(start &+ 12))
    packet.destination = IPAddress(ipv4: frame.big32(start &+ 16))
    packet.transport = frame[start &+ 9]
    packet.start = start &+ headerLength
    packet.length = total &- headerLength
    packet.captured = min(total, available) &- headerLength
    packet.identification = UInt32(frame.big16(start &+ 4))
    packet.hasBadChecksum = !isChecksumRight(frame, from: start, to: packet.start)
    let fragment = frame.big16(start &+ 6)
    packet.moreFragments = fragment & 0x2000 != 0
    packet.fragmentOffset = Int(fragment & 0x1FFF) &* 8
    packet.outcome =
      packet.moreFragments || packet.fragmentOffset > 0 ? .fragment : .whole
    return packet
  }

  /// RFC 1071, two of its 16-bit words at a time: a header's length is a multiple of four bytes.
  @inline(__always)
  private static func isChecksumRight(
    _ frame: borrowing Span<UInt8>, from start: Int, to end: Int
  ) -> Bool {
    var sum: UInt64 = 0
    var at = start
    while at < end {
      sum &+= UInt64(frame.big32(at))
      at &+= 4
    }
    sum = (sum & 0xFFFF) &+ (sum >> 16 & 0xFFFF) &+ (sum >> 32)
    sum = (sum & 0xFFFF) &+ (sum >> 16)
    return (sum & 0xFFFF) &+ (sum >> 16) == 0xFFFF
  }

  /// RFC 8200, with the extension headers that can stand before TCP.
  static func ipv6(_ frame: borrowing Span<UInt8>, at start: Int) -> Packet {
    var packet = Packet()
    guard start &+ 40 <= frame.count, frame[start] >> 4 == 6 else { return packet }
    packet.source = IPAddress(
      ipv6High: frame.big64(start &+ 8), low: frame.big64(start &+ 16))
    packet.destination = IPAddress(
      ipv6High: frame.big64(start &+ 24), low: frame.big64(start &+ 32))
    var length = Int(frame.big16(start &+ 4))
    if length == 0 {
      length = frame.count &- start &- 40
      packet.hasNoLength = true
    }
    let end = start &+ 40 &+ length
    var next = frame[start &+ 6]
    var at = start &+ 40
    packet.outcome = .whole
    while true {
      let isExtension: Bool
      switch next {
      case 0, 43, 60, 135, 139, 140, 51, 44: isExtension = true
      default: isExtension = false
      }
      guard isExtension else { break }
      guard at &+ 8 <= min(end, frame.count) else {
        packet.outcome = .malformed
        return packet
      }
      let following = frame[at]
      switch next {
      case 44:
        let word = frame.big16(at &+ 2)
        packet.fragmentOffset = Int(word & 0xFFF8)
        packet.moreFragments = word & 1 != 0
        packet.identification = frame.big32(at &+ 4)
        // An atomic fragment (RFC 6946) is a whole packet.
        if packet.fragmentOffset > 0 || packet.moreFragments { packet.outcome = .fragment }
        at &+= 8
      case 51:
        at &+= (Int(frame[at &+ 1]) &+ 2) &* 4
      default:
        at &+= (Int(frame[at &+ 1]) &+ 1) &* 8
      }
      next = following
      if packet.outcome == .fragment { break }
    }
    // A header that reaches beyond the packet's end, or beyond what was captured of it.
    guard at <= min(end, frame.count) else {
      packet.outcome = .malformed
      return packet
    }
    packet.transport = next
    packet.start = at
    packet.length = end &- at
    packet.captured = max(0, min(end, frame.count) &- at)
    return packet
  }

  /// Steps over the extension headers at the beginning of a datagram that was put together.
  ///
  /// - Returns: what follows them, and where; the last header itself where it isn't whole.
  static func behindExtensions(
    _ transport: UInt8, _ payload: [UInt8]
  ) -> (transport: UInt8, start: Int) {
    var transport = transport
    var at = 0
    while [0, 43, 60, 51, 135, 139, 140].contains(transport), at &+ 8 <= payload.count {
      let words = Int(payload[at &+ 1])
      let length = transport == 51 ? (words &+ 2) &* 4 : (words &+ 1) &* 8
      guard at &+ length <= payload.count else { break }
      transport = payload[at]
      at &+= length
    }
    return (transport, at)
  }
}
