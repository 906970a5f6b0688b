/// A link-layer header type, by its number in the registry of libpcap (LINKTYPE_…).
public struct LinkType: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let null = LinkType(rawValue: 0)
  public static let ethernet = LinkType(rawValue: 1)
  public static let arcnet = LinkType(rawValue: 7)
  public static let ppp = LinkType(rawValue: 9)
  public static let rawBSD = LinkType(rawValue: 12)
  public static let rawOpenBSD = LinkType(rawValue: 14)
  /// PPP in HDLC's framing.
  public static let serialPPP = LinkType(rawValue: 50)
  public static let pppoe = LinkType(rawValue: 51)
  public static let raw = LinkType(rawValue: 101)
  public static let ciscoHDLC = LinkType(rawValue: 104)
  /// IEEE 802.11.
  public static let wireless = LinkType(rawValue: 105)
  public static let loop = LinkType(rawValue: 108)
  public static let linuxSLL = LinkType(rawValue: 113)
  /// IEEE 802.11 behind the receiver's facts.
  public static let radiotap = LinkType(rawValue: 127)
  public static let linuxARCNET = LinkType(rawValue: 129)
  public static let ipv4 = LinkType(rawValue: 228)
  public static let ipv6 = LinkType(rawValue: 229)
  public static let nflog = LinkType(rawValue: 239)
  public static let linuxSLL2 = LinkType(rawValue: 276)

  /// Those whose frames are dissected.
  public var isSupported: Bool {
    switch rawValue {
    case 0, 1, 7, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 127, 129, 228, 229, 239, 276: true
    default: false
    }
  }

  /// The registry's name, in lower case.
  public var name: String { Self.names[rawValue] ?? "linktype-\(rawValue)" }

  private static let names: [UInt32: String] = [
    0: "null", 1: "ethernet", 7: "arcnet", 9: "ppp", 12: "raw", 14: "raw", 50: "ppp-hdlc",
    51: "ppp-ether", 101: "raw", 104: "c-hdlc", 105: "ieee802.11", 108: "loop", 113: "linux-sll",
    127: "ieee802.11-radiotap", 129: "arcnet-linux", 147: "user0", 189: "usb-linux", 228: "ipv4",
    229: "ipv6", 239: "nflog", 249: "usbpcap", 276: "linux-sll2",
  ]
}
