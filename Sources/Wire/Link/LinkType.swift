/// A link-layer header type, by its number in the registry of libpcap (LINKTYPE_…).
public struct LinkType: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let null = LinkType(rawValue: 0)
  public static let ethernet = LinkType(rawValue: 1)
  public static let rawBSD = LinkType(rawValue: 12)
  public static let rawOpenBSD = LinkType(rawValue: 14)
  public static let raw = LinkType(rawValue: 101)
  public static let loop = LinkType(rawValue: 108)
  public static let linuxSLL = LinkType(rawValue: 113)
  public static let ipv4 = LinkType(rawValue: 228)
  public static let ipv6 = LinkType(rawValue: 229)
  public static let linuxSLL2 = LinkType(rawValue: 276)

  /// Those whose frames are dissected.
  public var isSupported: Bool {
    switch rawValue {
    case 0, 1, 12, 14, 101, 108, 113, 228, 229, 276: true
    default: false
    }
  }

  /// The registry's name, in lower case.
  public var name: String { Self.names[rawValue] ?? "linktype-\(rawValue)" }

  private static let names: [UInt32: String] = [
    0: "null", 1: "ethernet", 12: "raw", 14: "raw", 101: "raw", 105: "ieee802.11",
    108: "loop", 113: "linux-sll", 127: "ieee802.11-radiotap", 147: "user0", 189: "usb-linux",
    228: "ipv4", 229: "ipv6", 249: "usbpcap", 276: "linux-sll2",
  ]
}
