/// What stands in front of the network layer: how long it is, and which protocol follows.
struct LinkHeader {
  /// EtherTypes, and what the headers without one are translated to.
  enum NetworkProtocol { case ipv4, ipv6, arp, other, truncated }

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
      break
    }
  }

  private init(version: UInt8, length: Int) {
    self.init(version == 4 ? .ipv4 : version == 6 ? .ipv6 : .other, length: length)
  }

  /// AF_INET is 2 everywhere; AF_INET6 is 10, 24, 28 or 30, after the system.
  private init(family: UInt32, length: Int) {
    switch family {
    case 2: self.init(.ipv4, length: length)
    case 10, 24, 28, 30: self.init(.ipv6, length: length)
    default: self.init(.other, length: length)
    }
  }

  /// Steps over VLAN tags (802.1Q, 802.1ad and the older 0x9100).
  @inline(__always)
  private init(
    etherType first: UInt16, in frame: borrowing Span<UInt8>, at start: Int, tag: UInt32
  ) {
    var type = first
    var at = start
    var tag = tag
    while type == 0x8100 || type == 0x88A8 || type == 0x9100 {
      guard at &+ 4 <= frame.count else {
        self.init(.truncated, length: frame.count)
        return
      }
      tag = tag &* 4099 &+ UInt32(frame.big16(at) & 0x0FFF) &+ 1
      type = frame.big16(at &+ 2)
      at &+= 4
    }
    switch type {
    case 0x0800: self.init(.ipv4, length: at, tag: tag)
    case 0x86DD: self.init(.ipv6, length: at, tag: tag)
    case 0x0806: self.init(.arp, length: at, tag: tag)
    default: self.init(.other, length: at, tag: tag)
    }
  }
}
