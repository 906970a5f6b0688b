/// What stands in front of the network layer: how long it is, and which protocol follows.
struct LinkHeader {
  /// EtherTypes, and what the headers without one are translated to.
  enum NetworkProtocol {
    case ipv4, ipv6, arp, other, truncated
    /// A packet is there, but can't be read.
    case closed
  }

  var networkProtocol: NetworkProtocol
  /// Offset of the network header in the frame, in bytes.
  var length: Int
  /// Tells apart where the same packet can be seen twice: VLAN, interface index, direction.
  var tag: UInt32 = 0

  @inline(__always)
  init(_ networkProtocol: NetworkProtocol, length: Int, tag: UInt32 = 0) {
    self.networkProtocol = networkProtocol
    self.length = length
    self.tag = tag
  }

  @inline(__always)
  init(_ frame: borrowing Span<UInt8>, linkType: LinkType) {
    if linkType == .ethernet, frame.count >= 14 {
      self.init(etherType: frame.big16(12), in: frame, at: 14, tag: 0)
    } else {
      self.init(other: frame, linkType: linkType)
    }
  }

  private init(other frame: borrowing Span<UInt8>, linkType: LinkType) {
    let count = frame.count
    self.init(.truncated, length: count)
    switch linkType {
    case .linuxSLL where count >= 16:
      let kind = UInt32(frame.big16(0))
      self.init(etherType: frame.big16(14), in: frame, at: 16, tag: kind &+ 1)
    case .linuxSLL2 where count >= 20:
      let tag = frame.big32(4) << 4 | UInt32(frame[10] & 15)
      self.init(etherType: frame.big16(0), in: frame, at: 20, tag: tag)
    case .null where count >= 4, .loop where count >= 4:
      // The address family is in the byte order of the machine that captured.
      let family = frame.big32(0)
      self.init(family: family < 0x10000 ? family : family.byteSwapped, length: 4)
    case .raw, .rawBSD, .rawOpenBSD, .ipv4, .ipv6:
      guard count >= 1 else { return }
      self.init(version: frame[0] >> 4, length: 0)
    default:
      if let header = Self.uncommon(frame, linkType: linkType) { self = header }
    }
  }

  /// By the version number that every IP packet begins with.
  init(version: UInt8, length: Int, tag: UInt32 = 0) {
    self.init(version == 4 ? .ipv4 : version == 6 ? .ipv6 : .other, length: length, tag: tag)
  }

  /// AF_INET is 2 everywhere; AF_INET6 is 10, 24, 28 or 30, after the system.
  private init(family: UInt32, length: Int) {
    switch family {
    case 2: self.init(.ipv4, length: length)
    case 10, 24, 28, 30: self.init(.ipv6, length: length)
    default: self.init(.other, length: length)
    }
  }

  @inline(__always)
  init(
    etherType type: UInt16, in frame: borrowing Span<UInt8>, at start: Int, tag: UInt32
  ) {
    // Nearly all there is: the rest must not be in its way.
    if type == 0x0800 {
      self.init(.ipv4, length: start, tag: tag)
    } else {
      self = Self.steppingOver(type, in: frame, at: start, tag: tag)
    }
  }

  /// Steps over what may stand between the link layer and the network layer: VLAN tags (802.1Q,
  /// 802.1ad and the older 0x9100) here, the rest in ``step(over:in:at:tag:)``.
  @inline(never)
  private static func steppingOver(
    _ first: UInt16, in frame: borrowing Span<UInt8>, at start: Int, tag: UInt32
  ) -> LinkHeader {
    var type = first
    var at = start
    var tag = tag
    while true {
      switch type {
      case 0x0800: return LinkHeader(.ipv4, length: at, tag: tag)
      case 0x86DD: return LinkHeader(.ipv6, length: at, tag: tag)
      case 0x0806: return LinkHeader(.arp, length: at, tag: tag)
      case 0x8100, 0x88A8, 0x9100:
        guard at &+ 4 <= frame.count else { return LinkHeader(.truncated, length: frame.count) }
        tag = tag &* 4099 &+ UInt32(frame.big16(at) & 0x0FFF) &+ 1
        type = frame.big16(at &+ 2)
        at &+= 4
      default:
        let before = at
        guard let next = step(over: type, in: frame, at: &at, tag: &tag) else {
          let isCut = frame.count &- before < headerRoom(type)
          return LinkHeader(
            isCut ? .truncated : isClosed(type) ? .closed : .other, length: at, tag: tag)
        }
        type = next
      }
    }
  }

  /// How many bytes ``step(over:in:at:tag:)`` may need to see what a header carries.
  private static func headerRoom(_ type: UInt16) -> Int {
    switch type {
    case 0x8864, 0x8847, 0x8848: 24
    // A length: as much as there is, up to SNAP's.
    case ..<0x0600: min(8, Int(type))
    default: 0
    }
  }

  /// What carries frames that aren't opened: TRILL, MACsec, provider backbones, VN tags, HSR, NSH.
  private static func isClosed(_ type: UInt16) -> Bool {
    switch type {
    case 0x22F3, 0x88E5, 0x88E7, 0x8926, 0x892F, 0x894F: true
    default: false
    }
  }

  /// PPPoE (RFC 2516), MPLS (RFC 3032) with Ethernet pseudowires (RFC 4448), and LLC with SNAP
  /// (RFC 1042). Each step consumes bytes, so that none goes on for ever.
  ///
  /// - Parameter at: where the header begins; where what it carries begins, afterwards.
  /// - Returns: the EtherType of what it carries, `nil` where that isn't known or isn't there.
  private static func step(
    over type: UInt16, in frame: borrowing Span<UInt8>, at: inout Int, tag: inout UInt32
  ) -> UInt16? {
    switch type {
    case 0x8864:
      guard at &+ 8 <= frame.count else { return nil }
      tag = tag &* 4099 &+ UInt32(frame.big16(at &+ 2)) &+ 0x8864
      at &+= 6
      return protocolOfPPP(in: frame, at: &at)
    case 0x8847, 0x8848:
      return protocolOfMPLS(in: frame, at: &at, tag: &tag)
    case ..<0x0600:
      // A length: IEEE 802.3. SNAP names an EtherType.
      guard at &+ 8 <= frame.count, frame.big32(at) == 0xAAAA_0300, frame[at &+ 4] == 0,
        frame[at &+ 5] == 0
      else { return nil }
      at &+= 8
      return frame.big16(at &- 2)
    default:
      return nil
    }
  }

  /// PPP's protocol field (RFC 1661, 2), one byte or two, after the optional address and control.
  static func protocolOfPPP(in frame: borrowing Span<UInt8>, at: inout Int) -> UInt16? {
    if at &+ 2 <= frame.count, frame.big16(at) == 0xFF03 { at &+= 2 }
    guard at &+ 2 <= frame.count else { return nil }
    let isShort = frame[at] & 1 == 1
    let number = isShort ? UInt16(frame[at]) : frame.big16(at)
    at &+= isShort ? 1 : 2
    return number == 0x21 ? 0x0800 : number == 0x57 ? 0x86DD : number == 0x281 ? 0x8847 : nil
  }

  /// A stack of labels, and what stands below the last one: IP by its version number, or behind a
  /// control word an Ethernet frame.
  private static func protocolOfMPLS(
    in frame: borrowing Span<UInt8>, at: inout Int, tag: inout UInt32
  ) -> UInt16? {
    var isBottom = false
    while !isBottom {
      guard at &+ 4 <= frame.count else { return nil }
      tag = tag &* 4099 &+ (frame.big32(at) >> 12) &+ 0x8847
      isBottom = frame[at &+ 2] & 1 == 1
      at &+= 4
    }
    guard at < frame.count else { return nil }
    switch frame[at] >> 4 {
    case 4: return 0x0800
    case 6: return 0x86DD
    case 0:
      guard at &+ 18 <= frame.count else { return nil }
      at &+= 18
      return frame.big16(at &- 2)
    default: return nil
    }
  }
}
