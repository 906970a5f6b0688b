/// What an IP packet carries where that is another packet: IP in IP (RFC 2003, RFC 4213), GRE
/// (RFC 2784, RFC 2890, with PPTP's version of RFC 2637), VXLAN (RFC 7348), Geneve (RFC 8926) and
/// GTP-U (3GPP TS 29.281).
enum Tunnel {
  /// Nested tunnels are opened so deep.
  static let depthLimit = 8

  enum Content {
    /// The packet is no tunnel.
    case none
    /// Where the inner packet begins.
    case inner(LinkHeader)
    /// A tunnel, of which the inside can't be read.
    case closed
  }

  private enum Port {
    /// IANA's, and the one that Linux (and so flannel and Cilium) took before there was one.
    static let vxlan: UInt16 = 4789
    static let linuxVXLAN: UInt16 = 8472
    static let geneve: UInt16 = 6081
    static let gtp: UInt16 = 2152
  }

  /// Whether a datagram that was put together from fragments is worth looking into.
  static func couldBegin(_ payload: [UInt8], transport: UInt8) -> Bool {
    switch transport {
    case 4, 41, 47: true
    case 17: payload.count >= 8 && isTunnelPort(payload.span.big16(2))
    default: false
    }
  }

  private static func isTunnelPort(_ port: UInt16) -> Bool {
    port == Port.vxlan || port == Port.linuxVXLAN || port == Port.geneve || port == Port.gtp
  }

  /// - Parameters:
  ///   - frame: the bytes that `packet` stands in.
  ///   - tag: where the packet was seen; the inner one's tells this tunnel apart.
  static func content(
    of packet: Packet, in frame: borrowing Span<UInt8>, tag: UInt32
  ) -> Content {
    let content = whole(packet, frame, tag: tag)
    // Where the capture cut a tunnel's own headers, anything may have stood behind them.
    if case .none = content, packet.captured < packet.length, isTunnel(packet, frame) {
      return .closed
    }
    return content
  }

  private static func isTunnel(_ packet: Packet, _ frame: borrowing Span<UInt8>) -> Bool {
    switch packet.transport {
    case 47: true
    case 17: packet.captured < 4 || isTunnelPort(frame.big16(packet.start &+ 2))
    default: false
    }
  }

  private static func whole(
    _ packet: Packet, _ frame: borrowing Span<UInt8>, tag: UInt32
  ) -> Content {
    // Nothing behind the outer packet's end belongs to the inner one.
    let bytes = frame.extracting(0..<(packet.start &+ packet.captured))
    switch packet.transport {
    case 4: return .inner(LinkHeader(.ipv4, length: packet.start, tag: tag &* 31 &+ 4))
    case 41: return .inner(LinkHeader(.ipv6, length: packet.start, tag: tag &* 31 &+ 41))
    case 47: return generic(bytes, at: packet.start, tag: tag &* 31 &+ 47)
    case 17:
      // Cut before its port: it may be any of them.
      guard packet.captured >= 8 else { return packet.length >= 16 ? .closed : .none }
      return datagram(bytes, at: packet.start, tag: tag)
    // Authentication headers, IP mobility, Ethernet in IP, L2TP and MPLS in IP: nothing is encrypted
    // there, and none is opened.
    case 51, 55, 97, 115, 137: return .closed
    default: return .none
    }
  }

  // MARK: In UDP

  private static func datagram(
    _ bytes: borrowing Span<UInt8>, at start: Int, tag: UInt32
  ) -> Content {
    guard start &+ 8 <= bytes.count else { return .none }
    let port = bytes.big16(start &+ 2)
    guard isTunnelPort(port) else { return .none }
    let at = start &+ 8
    if port == Port.gtp { return userPlane(bytes, at: at, tag: tag) }
    guard at &+ 8 <= bytes.count else { return port == Port.linuxVXLAN ? .none : .closed }
    let network = bytes.big32(at &+ 4) >> 8
    let inner = tag &* 4099 &+ network &+ UInt32(port)
    if port == Port.geneve {
      let optionsLength = Int(bytes[at] & 0x3F) &* 4
      guard bytes[at] >> 6 == 0 else { return .closed }
      return carried(bytes.big16(at &+ 2), bytes, at: at &+ 8 &+ optionsLength, tag: inner)
    }
    // The flag that says that there is a network identifier; without it, it is something else.
    guard bytes[at] & 0x08 != 0 else { return port == Port.linuxVXLAN ? .none : .closed }
    return carried(EtherType.bridging, bytes, at: at &+ 8, tag: inner)
  }

  /// GTP-U: a T-PDU carries an IP packet, behind optional fields and extension headers.
  private static func userPlane(
    _ bytes: borrowing Span<UInt8>, at start: Int, tag: UInt32
  ) -> Content {
    guard start &+ 8 <= bytes.count else { return .none }
    // Version 1, GTP and not GTP'; of its messages only the T-PDU carries a packet.
    guard bytes[start] >> 4 == 3, bytes[start &+ 1] == 255 else { return .none }
    var at = start &+ 8
    if bytes[start] & 0x07 != 0 {
      at &+= 4
      guard at <= bytes.count else { return .closed }
      var next = bytes[start] & 0x04 != 0 ? bytes[at &- 1] : 0
      while next != 0 {
        guard at < bytes.count, bytes[at] > 0 else { return .closed }
        at &+= Int(bytes[at]) &* 4
        guard at <= bytes.count else { return .closed }
        next = bytes[at &- 1]
      }
    }
    guard at < bytes.count else { return .closed }
    let inner = LinkHeader(
      version: bytes[at] >> 4, length: at, tag: tag &* 4099 &+ bytes.big32(start &+ 4))
    return inner.networkProtocol == .other ? .closed : .inner(inner)
  }

  // MARK: GRE

  private static func generic(
    _ bytes: borrowing Span<UInt8>, at start: Int, tag: UInt32
  ) -> Content {
    guard start &+ 4 <= bytes.count else { return .closed }
    let flags = bytes.big16(start)
    let type = bytes.big16(start &+ 2)
    var at = start &+ 4
    var tag = tag
    // Checksum and offset come together, and PPTP has neither.
    if flags & 0xC000 != 0 { at &+= 4 }
    if flags & 0x2000 != 0 {
      guard at &+ 4 <= bytes.count else { return .closed }
      tag = tag &* 4099 &+ bytes.big32(at)
      at &+= 4
    }
    let hasSequence = flags & 0x1000 != 0
    if hasSequence { at &+= 4 }
    if flags & 7 == 1 {
      if flags & 0x0080 != 0 { at &+= 4 }
      guard at < bytes.count else { return .none }
    }
    switch type {
    case EtherType.erspan2:
      return carried(EtherType.bridging, bytes, at: hasSequence ? at &+ 8 : at, tag: tag)
    case EtherType.erspan3:
      guard at &+ 12 <= bytes.count else { return .closed }
      // The O bit: a platform-specific subheader follows.
      let length = bytes[at &+ 11] & 1 == 1 ? 20 : 12
      return carried(EtherType.bridging, bytes, at: at &+ length, tag: tag)
    case EtherType.ppp:
      guard let inner = LinkHeader.protocolOfPPP(in: bytes, at: &at) else { return .none }
      return carried(inner, bytes, at: at, tag: tag)
    default:
      return carried(type, bytes, at: at, tag: tag)
    }
  }

  private enum EtherType {
    /// Transparent Ethernet bridging: a whole frame.
    static let bridging: UInt16 = 0x6558
    static let ppp: UInt16 = 0x880B
    static let erspan2: UInt16 = 0x88BE
    static let erspan3: UInt16 = 0x22EB
  }

  private static func carried(
    _ type: UInt16, _ bytes: borrowing Span<UInt8>, at start: Int, tag: UInt32
  ) -> Content {
    guard type == EtherType.bridging else {
      // A keep-alive carries nothing.
      guard start < bytes.count else { return start == bytes.count ? .none : .closed }
      let link = LinkHeader(etherType: type, in: bytes, at: start, tag: tag)
      return link.networkProtocol == .other ? .closed : .inner(link)
    }
    guard start &+ 14 <= bytes.count else { return .closed }
    return .inner(
      LinkHeader(etherType: bytes.big16(start &+ 12), in: bytes, at: start &+ 14, tag: tag))
  }
}
