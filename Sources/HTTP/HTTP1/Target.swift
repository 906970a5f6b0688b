internal import Wire

/// The forms of a request target (RFC 9112, 3.2), as strictly as llhttp reads them. h11 takes any
/// visible characters, and asks for no form: what llhttp refuses it passes on.
enum Target {
  /// - Parameters:
  ///   - range: of visible characters.
  ///   - isAuthority: whether the method is CONNECT, whose target is a host and a port.
  static func isWellFormed(
    _ span: borrowing Span<UInt8>, _ range: Range<Int>, isAuthority: Bool
  ) -> Bool {
    var at = range.lowerBound
    guard at < range.upperBound else { return false }
    if !isAuthority {
      if span[at] == 0x2F || span[at] == 0x2A { return true }
      while at < range.upperBound, isLetter(span[at]) { at &+= 1 }
      guard at > range.lowerBound, range.upperBound &- at > 3, span[at] == 0x3A,
        span[at &+ 1] == 0x2F, span[at &+ 2] == 0x2F
      else { return false }
      at &+= 3
    }
    var hasUser = false
    while at < range.upperBound, span[at] != 0x2F, span[at] != 0x3F {
      if span[at] == 0x40 {
        if hasUser { return false }
        hasUser = true
      } else if !isAuthorityPart(span[at]) {
        return false
      }
      at &+= 1
    }
    return true
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  private static func isAuthorityPart(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x5B, 0x5D: true
    // - _ . ! ~ * ' ( ) % ; : & = + $ ,
    case 0x2D, 0x5F, 0x2E, 0x21, 0x7E, 0x2A, 0x27, 0x28, 0x29, 0x25, 0x3B, 0x3A, 0x26, 0x3D, 0x2B,
      0x24, 0x2C:
      true
    default: isLetter(byte) || CharacterClass.isDigit(byte)
    }
  }
}
