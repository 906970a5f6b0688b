/// What has to be known of a JSON text before a decoder is let loose on it: one pass, no recursion.
///
/// The text needn't be valid: the decoder says so later.
struct JSONScan {
  /// Levels of arrays and objects that are decoded (``Cap/jsonDepth``).
  static let depthLimit = 512

  /// Values that are decoded: a decoder takes many times the memory of the text for short ones.
  static let valueLimit = 1 << 20

  /// Whether there are more values than ``valueLimit``.
  private(set) var isTooLarge = false
  /// Whether it goes deeper than ``depthLimit``.
  private(set) var isTooDeep = false
  /// Whether an object has a member twice, of those asked for: which of the two counts differs from
  /// decoder to decoder.
  private(set) var hasRepeats = false

  /// - Parameter names: of members, in UTF-8; at most 64.
  init(_ bytes: [UInt8], repeatsOf names: [[UInt8]] = []) {
    var depth = 0
    var values = 0
    // Of each level's object, a bit for each name.
    var seen = [UInt64](repeating: 0, count: names.isEmpty ? 0 : Self.depthLimit &+ 1)
    let lengths = names.reduce(into: UInt64(0)) { $0 |= 1 << UInt64($1.count & 63) }
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case 0x2C:
        values &+= 1
        if values > Self.valueLimit {
          isTooLarge = true
          return
        }
      case 0x5B, 0x7B:
        depth &+= 1
        if depth > Self.depthLimit {
          isTooDeep = true
          return
        }
        if depth >= 0, depth < seen.count { seen[depth] = 0 }
      case 0x5D, 0x7D: depth &-= 1
      case 0x22:
        let start = index &+ 1
        var isEscaped = false
        index = start
        while index < bytes.count, bytes[index] != 0x22 {
          if bytes[index] == 0x5C {
            isEscaped = true
            index &+= 1
          }
          index &+= 1
        }
        guard depth >= 0, depth < seen.count, index < bytes.count,
          isEscaped || lengths >> UInt64((index &- start) & 63) & 1 == 1,
          Self.isName(bytes, behind: index)
        else { break }
        let name = isEscaped ? Self.unescaped(bytes[start..<index]) : bytes[start..<index]
        for (number, other) in names.enumerated() where name.elementsEqual(other) {
          let bit: UInt64 = 1 << UInt64(number & 63)
          if seen[depth] & bit != 0 { hasRepeats = true }
          seen[depth] |= bit
        }
      default: break
      }
      index &+= 1
    }
  }

  /// With escapes of ASCII undone (RFC 8259, 7), which are all that could hide a name asked for.
  private static func unescaped(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var plain: [UInt8] = []
    var rest = name
    while let byte = rest.popFirst() {
      let digits = rest.dropFirst().prefix(4)
      if byte == 0x5C, rest.first == 0x75, digits.count == 4, !digits.contains(0x2B),
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        plain.append(value)
        rest = rest.dropFirst(5)
      } else {
        plain.append(byte)
      }
    }
    return plain[...]
  }

  /// Whether a colon follows the quote at `end`.
  private static func isName(_ bytes: [UInt8], behind end: Int) -> Bool {
    var index = end &+ 1
    while index < bytes.count, bytes[index] <= 0x20 { index &+= 1 }
    return index < bytes.count && bytes[index] == 0x3A
  }
}
