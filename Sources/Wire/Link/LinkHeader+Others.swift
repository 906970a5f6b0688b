// Link layers beside Ethernet, cooked capture and loopback.

extension LinkHeader {
  /// - Returns: `nil` where the header isn't there as a whole.
  static func uncommon(
    _ frame: borrowing Span<UInt8>, linkType: LinkType
  ) -> LinkHeader? {
    switch linkType {
    case .ppp, .serialPPP: pointToPoint(frame)
    case .pppoe: pppoe(frame)
    case .ciscoHDLC: cisco(frame)
    case .wireless: wireless(frame, at: 0)
    case .radiotap: radiotap(frame)
    case .nflog: netfilter(frame)
    case .arcnet: arcnet(frame, at: 2)
    case .linuxARCNET: arcnet(frame, at: 4)
    default: nil
    }
  }

  /// Whether a frame can be of a link layer whose first bits are always the same: the version of
  /// IEEE 802.11 and of radiotap is 0. A file that names the wrong layer shows nothing of its
  /// traffic, and must not look like a quiet one.
  static func isPlausible(_ frame: borrowing Span<UInt8>, linkType: LinkType) -> Bool {
    switch linkType {
    case .wireless: frame.count < 1 || frame[0] & 0x03 == 0
    case .radiotap: frame.count < 1 || frame[0] == 0
    default: true
    }
  }

  // MARK: Point to point

  /// PPP (RFC 1661), with or without the framing of RFC 1662; Cisco's HDLC by its own addresses.
  private static func pointToPoint(_ frame: borrowing Span<UInt8>) -> LinkHeader? {
    guard frame.count >= 2 else { return nil }
    // Unicast and broadcast of Cisco's HDLC: no PPP protocol begins like that.
    if frame[0] == 0x0F || frame[0] == 0x8F { return cisco(frame) }
    var at = 0
    guard let type = protocolOfPPP(in: frame, at: &at) else {
      return LinkHeader(.other, length: at)
    }
    return LinkHeader(etherType: type, in: frame, at: at, tag: 0)
  }

  private static func pppoe(_ frame: borrowing Span<UInt8>) -> LinkHeader? {
    LinkHeader(etherType: 0x8864, in: frame, at: 0, tag: 0)
  }

  /// Address, control, EtherType.
  private static func cisco(_ frame: borrowing Span<UInt8>) -> LinkHeader? {
    guard frame.count >= 4 else { return nil }
    return LinkHeader(etherType: frame.big16(2), in: frame, at: 4, tag: 0)
  }

  // MARK: IEEE 802.11

  /// Data frames of IEEE 802.11 (9.3.2) and the LLC header in them. What is encrypted, aggregated
  /// or in fragments stays closed: anything may stand inside.
  ///
  /// - Parameter isPadded: the header is filled up to a multiple of four bytes.
  private static func wireless(
    _ frame: borrowing Span<UInt8>, at start: Int, isPadded: Bool = false
  ) -> LinkHeader? {
    guard start &+ 2 <= frame.count else { return nil }
    let kind = frame[start]
    let flags = frame[start &+ 1]
    // Version 0, type data, and not one of the subtypes that carry none.
    guard kind & 0x0F == 0x08, kind & 0x40 == 0 else { return LinkHeader(.other, length: start) }
    let hasQuality = kind & 0x80 != 0
    var length = flags & 0x03 == 0x03 ? 30 : 24
    if hasQuality { length &+= flags & 0x80 != 0 ? 6 : 2 }
    guard start &+ length <= frame.count else { return nil }
    // An access point sends again what it received: the same packet, seen at another place.
    let tag = UInt32(flags & 0x03)
    let isProtected = flags & 0x40 != 0
    let isFragment = flags & 0x04 != 0 || frame[start &+ 22] & 0x0F != 0
    let quality = start &+ (flags & 0x03 == 0x03 ? 30 : 24)
    let isAggregate = hasQuality && frame[quality] & 0x80 != 0
    if isProtected || isFragment || isAggregate {
      return LinkHeader(.closed, length: start &+ length, tag: tag)
    }
    if isPadded { length = (length &+ 3) & ~3 }
    return LinkHeader(etherType: 0, in: frame, at: start &+ length, tag: tag)
  }

  /// Facts of the receiver, in front of the frame: only their length counts, and whether the
  /// frame's header is padded.
  private static func radiotap(_ frame: borrowing Span<UInt8>) -> LinkHeader? {
    guard frame.count >= 8, frame[0] == 0 else { return nil }
    let length = Int(frame.big16(2).byteSwapped)
    guard length >= 8, length <= frame.count else { return nil }
    let present = frame.big32(4).byteSwapped
    // Further words of the bitmap, each announced by the highest bit of the one before.
    var at = 4
    while at &+ 4 <= length, frame[at &+ 3] & 0x80 != 0 { at &+= 4 }
    at &+= 4
    if present & 1 != 0 { at = ((at &+ 7) & ~7) &+ 8 }
    let isPadded = present & 2 != 0 && at < length && frame[at] & 0x20 != 0
    return wireless(frame, at: length, isPadded: isPadded)
  }

  // MARK: Linux's netfilter log

  /// Family, version, group; then attributes in the byte order of the machine that captured, one of
  /// them the packet.
  private static func netfilter(_ frame: borrowing Span<UInt8>) -> LinkHeader? {
    guard frame.count >= 8, frame[1] == 0 else { return nil }
    let isBig = frame[4] == 0 && frame[5] != 0 && frame[6] == 0
    func number(_ offset: Int, _ bytes: borrowing Span<UInt8>) -> Int {
      let value = bytes.big16(offset)
      return Int(isBig ? value : value.byteSwapped)
    }
    var at = 4
    var tag: UInt32 = 0
    while at &+ 4 <= frame.count {
      let length = number(at, frame)
      let type = number(at &+ 2, frame) & 0x7FFF
      guard length >= 4 else { return nil }
      // Packets pass several hooks: the same one, seen at another place.
      if type == 1, at &+ 7 <= frame.count { tag = UInt32(frame[at &+ 6]) &+ 1 }
      if type == 9 {
        guard at &+ 4 < frame.count else { return nil }
        return LinkHeader(version: frame[at &+ 4] >> 4, length: at &+ 4, tag: tag)
      }
      at &+= (length &+ 3) & ~3
    }
    return LinkHeader(.other, length: frame.count)
  }

  // MARK: ARCNET

  /// RFC 1051 puts the packet behind the protocol's number, RFC 1201 a split flag and a sequence
  /// number between them.
  ///
  /// - Parameter at: where the protocol's number stands.
  private static func arcnet(_ frame: borrowing Span<UInt8>, at: Int) -> LinkHeader? {
    guard at < frame.count else { return nil }
    switch frame[at] {
    case 0xF0: return LinkHeader(.ipv4, length: at &+ 1)
    case 0xF1, 0xD5: return LinkHeader(.arp, length: at &+ 1)
    case 0xD4, 0xC4:
      guard at &+ 4 <= frame.count else { return nil }
      // Fragments of the link layer, and its exception packets.
      guard frame[at &+ 1] == 0 else { return LinkHeader(.closed, length: at) }
      return LinkHeader(frame[at] == 0xD4 ? .ipv4 : .ipv6, length: at &+ 4)
    default: return LinkHeader(.other, length: at)
    }
  }
}
