/// Captured text inside XML 1.0, for JUnit.
///
/// XML 1.0 can't hold most control characters at all, not even as references: these, bytes that aren't
/// UTF-8 and invisible characters are shown as on a terminal, `\xNN` or `\u{…}` (XML 1.0, 2.2).
public enum XMLText {
  /// Text between tags. Line feeds and tabs stay, a carriage return becomes a reference.
  public static func element(_ bytes: [UInt8]) -> String { escape(bytes[...], isAttribute: false) }

  /// Text between tags.
  public static func element(_ text: String) -> String { element(Array(text.utf8)) }

  /// The value of an attribute, in either kind of quotes. Line feeds, tabs and carriage returns become
  /// references, because an XML reader turns them into blanks.
  public static func attribute(_ bytes: [UInt8]) -> String { escape(bytes[...], isAttribute: true) }

  /// The value of an attribute.
  public static func attribute(_ text: String) -> String { attribute(Array(text.utf8)) }

  private static func escape(_ bytes: ArraySlice<UInt8>, isAttribute: Bool) -> String {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + bytes.count / 8)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      guard let scalar = UTF8Text.scalar(in: bytes, at: index) else {
        TerminalText.appendByte(bytes[index], to: &output)
        index += 1
        continue
      }
      switch scalar.value {
      case 0x26: output += "&amp;".utf8
      case 0x3C: output += "&lt;".utf8
      case 0x3E: output += "&gt;".utf8
      case 0x22: output += "&quot;".utf8
      case 0x27: output += "&#39;".utf8
      case 0x0D: output += "&#13;".utf8
      case 0x09, 0x0A:
        if isAttribute {
          output += "&#\(scalar.value);".utf8
        } else {
          output.append(bytes[index])
        }
      case 0xFFFE, 0xFFFF: TerminalText.appendScalar(scalar.value, to: &output)
      case let value where UTF8Text.isHidden(value):
        TerminalText.appendScalar(value, to: &output)
      default: output += bytes[index..<(index + scalar.length)]
      }
      index += scalar.length
    }
    return String(decoding: output, as: UTF8.self)
  }
}
