/// Character classes of RFC 9110 and RFC 9112, as bit sets over ASCII.
enum CharacterClass {
  /// tchar (RFC 9110, 5.6.2): what methods and field names are made of.
  @inline(__always)
  static func isToken(_ byte: UInt8) -> Bool {
    byte < 128 && (byte < 64 ? tokenLow >> byte : tokenHigh >> (byte &- 64)) & 1 != 0
  }

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// The value of a hexadecimal digit.
  @inline(__always)
  static func hexadecimal(_ byte: UInt8) -> UInt64? {
    switch byte {
    case 0x30...0x39: UInt64(byte &- 0x30)
    case 0x41...0x46: UInt64(byte &- 0x37)
    case 0x61...0x66: UInt64(byte &- 0x57)
    default: nil
    }
  }

  /// Lower case for ASCII letters, everything else as it is.
  @inline(__always)
  static func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }

  // ! # $ % & ' * + - . 0-9 below 64; A-Z ^ _ ` a-z | ~ from there on.
  private static let tokenLow: UInt64 = 0x03FF_6CFA_0000_0000
  private static let tokenHigh: UInt64 = 0x57FF_FFFF_C7FF_FFFE
}
