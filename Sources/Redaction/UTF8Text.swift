/// Reads bytes that may be UTF-8, or not.
enum UTF8Text {
  /// The scalar at `index` and its length in bytes; nil where the bytes there are not UTF-8
  /// (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
  static func scalar(in bytes: ArraySlice<UInt8>, at index: Int) -> (value: UInt32, length: Int)? {
    let first = bytes[index]
    if first < 0x80 { return (UInt32(first), 1) }
    let length: Int
    var lowest: UInt8 = 0x80
    var highest: UInt8 = 0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if first == 0xE0 { lowest = 0xA0 }
      if first == 0xED { highest = 0x9F }
    case 0xF0...0xF4:
      length = 4
      if first == 0xF0 { lowest = 0x90 }
      if first == 0xF4 { highest = 0x8F }
    default: return nil
    }
    guard length <= bytes.endIndex - index else { return nil }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for offset in 1..<length {
      let byte = bytes[index + offset]
      if byte < lowest || byte > highest { return nil }
      lowest = 0x80
      highest = 0xBF
      value = value << 6 | UInt32(byte & 0x3F)
    }
    return (value, length)
  }

  /// The UTF-8 of a scalar value; of U+FFFD where it is none.
  static func encode(_ value: UInt32) -> [UInt8] {
    Array(String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
  }

  /// Whether a scalar is invisible or changes how its neighbours are shown: C0, DEL, C1, direction
  /// marks and overrides, zero-width characters, line and paragraph separators, tags, and fillers.
  static func isHidden(_ value: UInt32) -> Bool {
    if value < 0x20 { return true }
    if value < 0x7F { return false }
    if value < 0xA0 { return true }
    switch value {
    case 0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0:
      return true
    case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
      return true
    default: return false
    }
  }
}
