/// A command line as reports and files may show it: the program, and words that read like nothing but
/// names: paths, scripts, and words of letters (subcommands, modules).
///
/// Anything else may be a key or a prompt: what has blanks, quotes, `=` or `:` in it, words with digits,
/// options with a value behind them, and whatever follows an option.
enum ShownCommand {
  /// Of a whole line and of a word, in characters.
  private static let longest = 160
  private static let longestWord = 120
  /// So many words behind the program, before its first option, may be names.
  private static let names = 3

  /// - Returns: `node /app/dist/main.js`, `python3 agent.py --api-key …`.
  static func text(_ words: [String]) -> String {
    guard let program = words.first else { return "?" }
    var shown = [Self.program(program)]
    var isBehindOption = false
    for (number, word) in words.dropFirst().enumerated() {
      let name = isBehindOption || number >= names ? nil : Self.name(word)
      isBehindOption = isBehindOption || word.hasPrefix("-")
      let text = isOption(word) ? word : optionWithValue(word) ?? name ?? "…"
      // One says as much as several.
      if text == "…", shown.last == "…" { continue }
      guard shown.joined(separator: " ").count + text.count < longest else { break }
      shown.append(text)
    }
    return shown.joined(separator: " ")
  }

  /// What a process calls itself (setproctitle) may be anything.
  private static func program(_ word: String) -> String {
    if isPlain(word), !mayBeSecret(word) { return word }
    guard let file = file(word) else { return "…" }
    return "…/\(file)"
  }

  private static func name(_ word: String) -> String? {
    if isName(word) { return word }
    return file(word).flatMap { isScript($0) ? "…/\($0)" : nil }
  }

  /// Folders may be named by hashes: what is in them isn't.
  private static func file(_ path: String) -> String? {
    guard path.hasPrefix("/"), let file = path.split(separator: "/").last.map(String.init),
      isPlain(file), !mayBeSecret(file)
    else { return nil }
    return file
  }

  private static func isScript(_ word: String) -> Bool {
    word.lastIndex(of: ".").map { scripts.contains(word[word.index(after: $0)...]) } ?? false
  }

  private static func isName(_ word: String) -> Bool {
    guard isPlain(word), !mayBeSecret(word) else { return false }
    let isWords = word.utf8.allSatisfy { isLetter($0) || "-_./".utf8.contains($0) }
    if isWords { return word.utf8.contains(where: isLetter) }
    if isScript(word) { return true }
    guard word.contains("/") else { return false }
    // Base64 has strokes, too, and both cases.
    return word.hasPrefix("/") || word.hasPrefix("./") || word.hasPrefix("../")
      || !word.utf8.contains { (0x41...0x5A) ~= $0 }
  }

  private static let scripts: Set<Substring> = [
    "py", "js", "mjs", "cjs", "ts", "mts", "jsx", "tsx", "sh", "rb", "pl", "php", "jar", "lua",
  ]

  /// Whether a part of it is long and mixed, or longer than words are.
  private static func mayBeSecret(_ word: String) -> Bool {
    if word.hasPrefix("sk-") { return true }
    let runs = word.utf8.split { !isLetter($0) && !isDigit($0) }
    let isRandom = runs.contains { run in
      guard run.count >= 16 else { return false }
      let kinds = [0x30...0x39, 0x41...0x5A, 0x61...0x7A].filter { kind in
        run.contains { kind ~= Int($0) }
      }
      return run.count > 24 || kinds.count > 1
    }
    // A UUID, and what else is written in groups.
    return isRandom
      || word.utf8.split { $0 == 0x2F || $0 == 0x2E }.contains { part in
        part.count >= 16 && part.count(where: isDigit) >= 4 && part.contains(where: isLetter)
      }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A) ~= byte || (0x61...0x7A) ~= byte
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39) ~= byte }

  private static func isPlain(_ word: String) -> Bool {
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
