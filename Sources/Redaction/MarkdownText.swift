/// Captured text inside Markdown (CommonMark with GitHub's tables): it stays text, and is no markup, no
/// link, no mention and no end of a table's cell.
public enum MarkdownText {
  /// Text inside a line or a table's cell. All punctuation that may mean something is escaped; control
  /// characters, line feeds among them, are shown as on a terminal.
  public static func inline(_ bytes: [UInt8]) -> String {
    var output: [UInt8] = []
    for byte in TerminalText.escape(bytes).utf8 {
      switch byte {
      case UInt8(ascii: "&"): output += "&amp;".utf8
      case UInt8(ascii: "<"): output += "&lt;".utf8
      case UInt8(ascii: ">"): output += "&gt;".utf8
      // The comment keeps a mention from being one: these are sought in the finished page.
      case UInt8(ascii: "@"): output += "@<!-- -->".utf8
      case 0x21, 0x23...0x25, 0x28...0x2E, 0x3A, 0x3D, 0x5B...0x60, 0x7B...0x7E:
        output += [UInt8(ascii: "\\"), byte]
      default: output.append(byte)
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Text inside a line.
  public static func inline(_ text: String) -> String { inline(Array(text.utf8)) }

  /// A code span; good in a table's cell too, where `|` needs a backslash even inside code.
  public static func code(_ bytes: [UInt8]) -> String {
    let text = TerminalText.escape(bytes)
    guard !text.isEmpty else { return "" }
    let ticks = String(repeating: "`", count: longestRun(of: Array(text.utf8)) + 1)
    var cell: [UInt8] = []
    for byte in text.utf8 {
      if byte == UInt8(ascii: "|") { cell.append(UInt8(ascii: "\\")) }
      cell.append(byte)
    }
    // With the blanks, text that begins or ends in a backtick or blank stays as it is.
    return "\(ticks) \(String(decoding: cell, as: UTF8.self)) \(ticks)"
  }

  /// A fence of backticks for a code block, longer than any run of them in `bytes`; 3 at least.
  public static func fence(for bytes: [UInt8]) -> String {
    String(repeating: "`", count: max(3, longestRun(of: bytes) + 1))
  }

  private static func longestRun(of bytes: [UInt8]) -> Int {
    var longest = 0
    var run = 0
    for byte in bytes {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
