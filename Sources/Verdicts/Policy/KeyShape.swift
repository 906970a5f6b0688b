/// Tells text that is probably an API key, so that no error message repeats one.
///
/// This errs towards hiding: a hidden word costs a reader little, a key in a CI log costs its owner
/// the key. What reports hide is decided by the Redaction room; this is only for messages about text
/// that was refused, before any key is known.
enum KeyShape {
  /// What stands in the place of a key.
  static let standIn = "<key>"

  /// How the keys of well-known services begin.
  private static let prefixes = [
    "sk-", "sk_", "pk-", "rk-", "AIza", "gsk_", "hf_", "ghp_", "gho_", "ghs_", "github_pat_",
    "glpat-", "xoxa-", "xoxb-", "xoxp-", "xoxs-", "xapp-", "AKIA", "ASIA", "eyJ", "r8_", "pplx-",
    "xai-", "nvapi-", "dummy-key", "Bearer",
  ]

  /// From this length on, letters mixed with digits count as a key whatever they begin with.
  private static let randomLength = 20

  /// Whether the text as a whole, or a word in it, has the form of a key.
  static func isLikely(_ text: String) -> Bool {
    masked(text).isChanged
  }

  /// The text with every likely key replaced by `<key>`.
  ///
  /// - Parameter column: a position in `text`, counted from 1 in Unicode scalars.
  /// - Returns: the text, the same position in it, and whether anything was replaced.
  static func masked(
    _ text: String, column: Int = 1
  ) -> (text: String, column: Int, isChanged: Bool) {
    var result = String.UnicodeScalarView()
    var word = String.UnicodeScalarView()
    var wordStart = 1
    var position = 1
    var shownColumn = column
    var isChanged = false

    func endWord() {
      guard !word.isEmpty else { return }
      if isKey(String(word)) {
        let shift = standIn.unicodeScalars.count - word.count
        if column >= position {
          shownColumn += shift
        } else if column >= wordStart {
          shownColumn -= column - wordStart
        }
        result.append(contentsOf: standIn.unicodeScalars)
        isChanged = true
      } else {
        result.append(contentsOf: word)
      }
      word = String.UnicodeScalarView()
    }

    for scalar in text.unicodeScalars {
      if isWordScalar(scalar) {
        if word.isEmpty { wordStart = position }
        word.append(scalar)
      } else {
        endWord()
        result.append(scalar)
      }
      position += 1
    }
    endWord()
    return (String(result), shownColumn, isChanged)
  }

  private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "+": true
    default: false
    }
  }

  private static func isKey(_ word: String) -> Bool {
    let bytes = word.utf8
    if prefixes.contains(where: { bytes.count > $0.utf8.count && bytes.starts(with: $0.utf8) }) {
      return true
    }
    guard bytes.count >= randomLength else { return false }
    let hasDigit = bytes.contains { $0 >= 0x30 && $0 <= 0x39 }
    let hasLetter = bytes.contains { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
    return hasDigit && hasLetter
  }
}
