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
  /// Whether a member of the outermost object is there twice, of those asked for: which of the two
  /// counts differs from decoder to decoder.
  private(set) var hasRepeats = false

  /// - Parameter names: of members of the outermost object, in UTF-8.
  init(_ bytes: [UInt8], repeatsOf names: [[UInt8]] = []) {
    var depth = 0
    var values = 0
    var seen = [Bool](repeating: false, count: names.count)
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
        if depth == 1, !names.isEmpty, index < bytes.count, Self.isName(bytes, behind: index) {
          // No encoder escapes these names: who does it means to be read in two ways.
          let name = bytes[start..<index]
          if isEscaped { hasRepeats = true }
          for (number, other) in names.enumerated() where name.elementsEqual(other) {
            if seen[number] { hasRepeats = true }
            seen[number] = true
          }
        }
      default: break
      }
      index &+= 1
    }
  }

  /// Whether a colon follows the quote at `end`.
  private static func isName(_ bytes: [UInt8], behind end: Int) -> Bool {
    var index = end &+ 1
    while index < bytes.count, bytes[index] <= 0x20 { index &+= 1 }
    return index < bytes.count && bytes[index] == 0x3A
  }
}
