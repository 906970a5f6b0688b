/// The control bits of a TCP header (RFC 9293, 3.1).
struct ControlBits: OptionSet {
  let rawValue: UInt8
  static let fin = ControlBits(rawValue: 1)
  static let syn = ControlBits(rawValue: 2)
  static let rst = ControlBits(rawValue: 4)
  static let ack = ControlBits(rawValue: 16)
  static let urg = ControlBits(rawValue: 32)
}

/// One TCP segment, as it stands in the capture.
struct Segment {
  var source = IPAddress(ipv4: 0)
  var destination = IPAddress(ipv4: 0)
  var sourcePort: UInt16 = 0
  var destinationPort: UInt16 = 0
  var sequence = SequenceNumber(0)
  var acknowledgment = SequenceNumber(0)
  var control: ControlBits = []
  var window: UInt16 = 0
  /// The shift of the window scale option; only a SYN has one.
  var windowScale: UInt8?
  var payload = ByteRange(offset: 0, count: 0)
  /// Bytes of the payload that were on the wire, but not captured (a snapshot length).
  var missing = 0
  var identification: UInt16 = 0
  /// Where it was seen: equal for two sightings at one place.
  var tag: UInt32 = 0
  var frame: Int32 = 0
  var time: Timestamp = .unknown

  /// Whether it carries nothing but bytes, all of them captured, and an acknowledgment.
  @inline(always)
  var isPlain: Bool {
    control.intersection([.fin, .syn, .rst, .ack, .urg]) == .ack && window > 0 && missing == 0
  }

  /// Reads the TCP header that begins at `start` of `bytes`.
  ///
  /// - Parameters:
  ///   - length: header and payload, by the IP header.
  ///   - captured: how many of these bytes are there.
  ///   - origin: where `bytes` begin in the store.
  /// - Returns: `false` where the header isn't there as a whole.
  @inline(always)
  mutating func read(
    _ bytes: borrowing Span<UInt8>, at start: Int, length: Int, captured: Int, origin: Int
  ) -> Bool {
    guard captured >= 20, start &+ captured <= bytes.count else { return false }
    let headerLength = Int(bytes[start &+ 12] >> 4) &* 4
    guard headerLength >= 20, headerLength <= length else { return false }
    sourcePort = bytes.big16(start)
    destinationPort = bytes.big16(start &+ 2)
    sequence = SequenceNumber(bytes.big32(start &+ 4))
    acknowledgment = SequenceNumber(bytes.big32(start &+ 8))
    control = ControlBits(rawValue: bytes[start &+ 13])
    window = bytes.big16(start &+ 14)
    let there = max(0, captured &- headerLength)
    payload = ByteRange(offset: origin &+ start &+ min(headerLength, captured), count: there)
    missing = length &- headerLength &- there
    windowScale = nil
    if control.contains(.syn) {
      windowScale = Self.windowScale(
        bytes, from: start &+ 20, to: start &+ min(headerLength, captured))
    }
    return true
  }

  /// RFC 7323, 2.2.
  private static func windowScale(
    _ bytes: borrowing Span<UInt8>, from start: Int, to end: Int
  ) -> UInt8? {
    var at = start
    while at < end {
      switch bytes[at] {
      case 0: return nil
      case 1: at &+= 1
      default:
        guard at &+ 1 < end, bytes[at &+ 1] >= 2 else { return nil }
        if bytes[at] == 3, at &+ 2 < end { return min(bytes[at &+ 2], 14) }
        at &+= Int(bytes[at &+ 1])
      }
    }
    return nil
  }
}
