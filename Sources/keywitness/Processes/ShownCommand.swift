/// A command line as reports and files may show it: the program, and words that can only be names.
///
/// Anything else may be a key or a prompt: what has blanks, quotes, `=` or `:` in it, options with a
/// value behind them, and whatever follows an option.
enum ShownCommand {
  /// Of a whole line and of a word, in characters.
  private static let longest = 160
  private static let longestWord = 120
  /// So many words behind the program, before its first option, may be names.
  private static let names = 3

  /// - Returns: `node /app/dist/main.js`, `python3 agent.py --api-key …`.
  static func text(_ words: [String]) -> String {
    guard let program = words.first else { return "?" }
    // What a process calls itself (setproctitle) may be anything.
    var shown = [isName(program) ? program : "…"]
    var isBehindOption = false
    for (number, word) in words.dropFirst().enumerated() {
      let isNamed = !isBehindOption && number < names && isName(word)
      isBehindOption = isBehindOption || word.hasPrefix("-")
      let text = isOption(word) ? word : optionWithValue(word) ?? (isNamed ? word : "…")
      // One says as much as several.
      if text == "…", shown.last == "…" { continue }
      guard shown.joined(separator: " ").count + text.count < longest else { break }
      shown.append(text)
    }
    return shown.joined(separator: " ")
  }

  private static func isName(_ word: String) -> Bool {
    !word.isEmpty && word.utf8.count <= longestWord && !word.hasPrefix("-")
      && word.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x2B, 0x40: true
        default: false
        }
      }
  }

  /// `-c`, `--api-key`; one with its value in the same word is another.
  private static func isOption(_ word: String) -> Bool {
    if word.hasPrefix("--") {
      return word.utf8.count <= 40
        && word.utf8.dropFirst(2).allSatisfy {
          (0x61...0x7A) ~= $0 || $0 == 0x2D
        }
    }
    return word.hasPrefix("-") && word.utf8.count <= 2
  }

  /// `--api-key=…`
  private static func optionWithValue(_ word: String) -> String? {
    guard let equals = word.firstIndex(of: "="), isOption(String(word[..<equals])),
      word.hasPrefix("--")
    else { return nil }
    return "\(word[..<equals])=…"
  }
}
