/// Captured text inside and beside the workflow commands of GitHub Actions
/// (docs.github.com, "Workflow commands for GitHub Actions"), and of other CI systems that read
/// commands from a program's output.
public enum GitHubCommandText {
  /// The message of a command, what follows its second `::`. Line feeds are kept, as `%0A`.
  public static func data(_ bytes: [UInt8]) -> String { escape(bytes, isProperty: false) }

  /// The message of a command.
  public static func data(_ text: String) -> String { data(Array(text.utf8)) }

  /// The value of a property of a command, such as `title=`.
  public static func property(_ bytes: [UInt8]) -> String { escape(bytes, isProperty: true) }

  /// The value of a property of a command.
  public static func property(_ text: String) -> String { property(Array(text.utf8)) }

  /// Printable text in which no line is a command: `::` at a line's start (blanks before it count for
  /// nothing), and `##[`, `##vso[`, `##teamcity[` anywhere, because their readers look anywhere. The
  /// first colon, or the second `#`, is shown as `\xNN`. Control characters are not changed here.
  public static func neutralized(_ text: String) -> String {
    guard mayHoldCommand(text) else { return text }
    let bytes = Array(text.utf8)
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var isAtStart = true
    for index in bytes.indices {
      let byte = bytes[index]
      if byte == UInt8(ascii: ":"), isAtStart, index + 1 < bytes.count, bytes[index + 1] == byte {
        TerminalText.appendByte(byte, to: &output)
      } else if byte == UInt8(ascii: "#"), index > 0, bytes[index - 1] == byte,
        prefixes.contains(where: { Bytes.has($0, at: index + 1, in: bytes) })
      {
        TerminalText.appendByte(byte, to: &output)
      } else {
        output.append(byte)
      }
      if byte == 0x0A || byte == 0x0D {
        isAtStart = true
      } else if !Bytes.isBlank(byte) {
        // Any blank of Unicode may be trimmed off by a reader: only ASCII ends the start of a line.
        if byte < 0x80 { isAtStart = false }
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Whether two colons or two `#` stand side by side: nearly nowhere.
  private static func mayHoldCommand(_ text: String) -> Bool {
    var before: UInt8 = 0
    for byte in text.utf8 {
      if byte == before, byte == UInt8(ascii: ":") || byte == UInt8(ascii: "#") { return true }
      before = byte
    }
    return false
  }

  private static let prefixes = ["[", "vso[", "teamcity["].map { Array($0.utf8) }

  private static func escape(_ bytes: [UInt8], isProperty: Bool) -> String {
    let text = neutralized(TerminalText.escape(bytes, keepingNewlines: true))
    var output: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "%"): output += "%25".utf8
      case 0x0D: output += "%0D".utf8
      case 0x0A: output += "%0A".utf8
      case UInt8(ascii: ":") where isProperty: output += "%3A".utf8
      case UInt8(ascii: ",") where isProperty: output += "%2C".utf8
      default: output.append(byte)
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
