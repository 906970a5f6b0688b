extension Segment {
  /// That of a frame which is what nearly every frame is; else `nil`.
  @inline(always)
  init?(plain frame: Frame, in store: CaptureStore) {
    var segment = Segment()
    guard store.withBytes(frame.bytes, { segment.readPlain($0, of: frame) }) else { return nil }
    self = segment
  }

  /// Reads what nearly every frame is, in one go: Ethernet or SLL2, IPv4 without options and
  /// fragments, TCP without SYN, and all of it captured.
  ///
  /// - Returns: `false` where it is anything else, or anything is wrong with it: then its layers have
  ///   to be read one by one.
  @inline(always)
  mutating func readPlain(_ bytes: borrowing Span<UInt8>, of frame: Frame) -> Bool {
    let start: Int
    let tag: UInt32
    switch frame.linkType {
    case .ethernet:
      guard bytes.count >= 54, bytes.big16(12) == 0x0800 else { return false }
      (start, tag) = (14, 0)
    case .linuxSLL2:
      guard bytes.count >= 60, bytes.big16(0) == 0x0800 else { return false }
      (start, tag) = (20, bytes.big32(4) << 4 | UInt32(bytes[10] & 15))
    default:
      return false
    }
    // Of a known length, so that each of its bounds checks is decided when this is compiled.
    let header = bytes.extracting(start..<(start &+ 40))
    let total = Int(header.big16(2))
    guard header.big16(0) >> 8 == 0x45, header[9] == 6, header.big16(6) & 0x3FFF == 0,
      total >= 40, total <= bytes.count &- start, Self.isChecksumRight(header)
    else { return false }
    let headerLength = Int(header[32] >> 4) &* 4
    let control = ControlBits(rawValue: header[33])
    guard headerLength >= 20, headerLength &+ 20 <= total, !control.contains(.syn) else {
      return false
    }
    source = IPAddress(ipv4: header.big32(12))
    destination = IPAddress(ipv4: header.big32(16))
    sourcePort = header.big16(20)
    destinationPort = header.big16(22)
    sequence = SequenceNumber(header.big32(24))
    acknowledgment = SequenceNumber(header.big32(28))
    self.control = control
    window = header.big16(34)
    windowScale = nil
    payload = ByteRange(
      offset: frame.bytes.offset &+ start &+ 20 &+ headerLength,
      count: total &- 20 &- headerLength)
    missing = 0
    identification = header.big16(4)
    self.tag = frame.place(tag)
    self.frame = frame.number
    time = frame.time
    return true
  }

  /// RFC 1071, for a header of 20 bytes.
  @inline(always)
  private static func isChecksumRight(_ header: borrowing Span<UInt8>) -> Bool {
    var sum = UInt64(header.big32(0)) &+ UInt64(header.big32(4)) &+ UInt64(header.big32(8))
    sum &+= UInt64(header.big32(12)) &+ UInt64(header.big32(16))
    sum = (sum & 0xFFFF_FFFF) &+ (sum >> 32)
    sum = (sum & 0xFFFF) &+ (sum >> 16)
    return (sum & 0xFFFF) &+ (sum >> 16) == 0xFFFF
  }
}
