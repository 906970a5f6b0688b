/// Percent-encoding undone (RFC 3986, 2.1), wholly or as far as it means nothing.
public enum PercentCode {
  /// All of it undone, as a server does before it looks for a path's route. What is no code stays.
  public static func decoded(_ text: some StringProtocol) -> String {
    undone(text) { _ in true }
  }

  /// Only unreserved characters decoded: what is left is an equivalent text (RFC 3986, 6.2.2.2).
  public static func normalized(_ text: some StringProtocol) -> String {
    undone(text, where: isUnreserved)
  }

  /// A name or a value of a form or a query (URL Standard, 5.1), in which a plus is a space.
  static func decodedForm(_ bytes: some Collection<UInt8>) -> [UInt8] {
    undone(bytes.lazy.map { $0 == 0x2B ? 0x20 : $0 }) { _ in true }
  }

  private static func undone(
    _ text: some StringProtocol, where isMeant: (UInt8) -> Bool
  ) -> String {
    guard text.utf8.contains(0x25) else { return String(text) }
    return String(decoding: undone(Array(text.utf8), where: isMeant), as: UTF8.self)
  }

  private static func undone(
    _ bytes: some Collection<UInt8>, where isMeant: (UInt8) -> Bool
  ) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      if byte == 0x25, digits.count == 2, let value = value(of: digits), isMeant(value) {
        decoded.append(value)
        rest = rest.dropFirst(2)
      } else {
        decoded.append(byte)
      }
    }
    return decoded
  }

  private static func value(of digits: some Collection<UInt8>) -> UInt8? {
    var value: UInt8 = 0
    for digit in digits {
      switch digit {
      case 0x30...0x39: value = value << 4 | (digit &- 0x30)
      case 0x41...0x46, 0x61...0x66: value = value << 4 | ((digit | 0x20) &- 0x57)
      default: return nil
      }
    }
    return value
  }

  /// Letters, digits and `-._~` (RFC 3986, 2.3).
  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
    default: false
    }
  }
}
