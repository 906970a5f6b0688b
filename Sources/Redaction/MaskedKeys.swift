/// Keys in part, as servers show them in errors: `dumm****roxy`, `sk-...1234`. First and last
/// characters narrow a key down, so they go too.
enum MaskedKeys {
  /// Bytes on each side of the stars that count as parts of the key.
  private static let longestPart = 12

  /// The places of masked keys, and what is shown instead.
  static func matches(
    in bytes: [UInt8], _ placeholders: Placeholders
  ) -> [(range: Range<Int>, shown: [UInt8])] {
    var found: [(range: Range<Int>, shown: [UInt8])] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "*") {
        let start = index
        while index < bytes.count, bytes[index] == UInt8(ascii: "*") { index += 1 }
        if index - start >= 4, let range = stars(start..<index, bytes, placeholders) {
          found.append((range, Array("****".utf8)))
        }
      } else if byte == UInt8(ascii: "."), Bytes.has([0x2E, 0x2E, 0x2E], at: index, in: bytes) {
        let start = index
        while index < bytes.count, bytes[index] == UInt8(ascii: ".") { index += 1 }
        if index == start + 3, let range = dots(start..<index, bytes) {
          found.append((range, Array("sk-...".utf8)))
        }
      } else {
        index += 1
      }
    }
    return found
  }

  private static func stars(
    _ mask: Range<Int>, _ bytes: [UInt8], _ placeholders: Placeholders
  ) -> Range<Int>? {
    guard let lower = start(of: mask, bytes), let upper = end(of: mask, bytes) else { return nil }
    guard lower < mask.lowerBound || upper > mask.upperBound else { return nil }
    // The mask of a placeholder shows no key.
    let start = bytes[lower..<mask.lowerBound]
    let end = bytes[mask.upperBound..<upper]
    if start.count + end.count >= 6, placeholders.contains(from: start, to: end) { return nil }
    // `**bold****bold**` is Markdown, `a****` may be anything: a masked key shows both ends, or `sk-`.
    guard (!start.isEmpty && !end.isEmpty) || start.starts(with: "sk-".utf8) else { return nil }
    return lower..<upper
  }

  private static func dots(_ mask: Range<Int>, _ bytes: [UInt8]) -> Range<Int>? {
    guard let lower = start(of: mask, bytes), let upper = end(of: mask, bytes),
      upper > mask.upperBound, Bytes.has(Array("sk-".utf8), at: lower, in: bytes),
      lower + 3 <= mask.lowerBound
    else { return nil }
    return lower..<upper
  }

  private static func start(of mask: Range<Int>, _ bytes: [UInt8]) -> Int? {
    var lower = mask.lowerBound
    while lower > 0, Bytes.isToken(bytes[lower - 1]) {
      lower -= 1
      if mask.lowerBound - lower > longestPart { return nil }
    }
    return lower
  }

  private static func end(of mask: Range<Int>, _ bytes: [UInt8]) -> Int? {
    var upper = mask.upperBound
    while upper < bytes.count, Bytes.isToken(bytes[upper]) {
      upper += 1
      if upper - mask.upperBound > longestPart { return nil }
    }
    return upper
  }
}
