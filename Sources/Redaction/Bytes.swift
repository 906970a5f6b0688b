/// Questions about single bytes of ASCII, and short searches in bytes.
enum Bytes {
  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  static func isUpper(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }
  static func isLower(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A }
  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLower(byte) || isDigit(byte) || isUpper(byte)
  }
  /// What tokens with a known shape are made of: letters, digits, `-` and `_`.
  static func isToken(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
  static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
  }
  static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
  }

  static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }

  /// The lower-case digit of the low four bits.
  static func hexDigit(_ value: UInt8) -> UInt8 {
    let low = value & 15
    return low < 10 ? 0x30 + low : 0x57 + low
  }

  static func lowercased(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.map { isUpper($0) ? $0 | 0x20 : $0 }
  }

  /// Without blanks at both ends.
  static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes
    while let first = rest.first, isBlank(first) { rest.removeFirst() }
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return rest
  }

  /// What stands between `open` and `close`, where the bytes begin and end with these.
  static func inside(
    _ bytes: ArraySlice<UInt8>, _ open: StaticString, _ close: StaticString
  ) -> ArraySlice<UInt8>? {
    let (start, end) = (open.utf8CodeUnitCount, close.utf8CodeUnitCount)
    guard bytes.count >= start + end, matches(bytes.prefix(start), open),
      matches(bytes.suffix(end), close)
    else { return nil }
    return bytes.dropFirst(start).dropLast(end)
  }

  /// Whether the bytes are these.
  private static func matches(_ bytes: ArraySlice<UInt8>, _ text: StaticString) -> Bool {
    text.withUTF8Buffer { wanted in
      for (offset, byte) in bytes.enumerated() where unsafe wanted[offset] != byte { return false }
      return true
    }
  }

  /// Whether `word` stands at `index`.
  static func has(_ word: [UInt8], at index: Int, in bytes: [UInt8]) -> Bool {
    guard index >= 0, index <= bytes.count, word.count <= bytes.count - index else { return false }
    var offset = 0
    while offset < word.count {
      if bytes[index + offset] != word[offset] { return false }
      offset += 1
    }
    return true
  }
}
