/// Captured text for a terminal or a log: nothing in it can move the cursor, change colours, hide or
/// reorder what is shown (safety rule 7).
///
/// Control characters and bytes that aren't UTF-8 become `\xNN`; C1, bidi, zero-width and other
/// invisible characters become `\u{…}`. A backslash stays as it is, so this is for reading, not for
/// reading back.
public enum TerminalText {
  /// The text, safe to print.
  /// - Parameter keepingNewlines: whether line feeds and tabs stay, and a carriage return before a
  ///   line feed is left out; else they are escaped too, and the result is one line.
  public static func escape(_ bytes: [UInt8], keepingNewlines: Bool = false) -> String {
    escape(bytes[...], keepingNewlines: keepingNewlines)
  }

  /// The text, safe to print: see ``escape(_:keepingNewlines:)``.
  public static func escape(
    _ bytes: ArraySlice<UInt8>, keepingNewlines: Bool = false
  ) -> String {
    if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
      return String(decoding: bytes, as: UTF8.self)
    }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + bytes.count / 4)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      guard let scalar = UTF8Text.scalar(in: bytes, at: index) else {
        appendByte(byte, to: &output)
        index += 1
        continue
      }
      if keepingNewlines, byte == 0x0A || byte == 0x09 {
        output.append(byte)
      } else if keepingNewlines, byte == 0x0D, index + 1 < bytes.endIndex, bytes[index + 1] == 0x0A
      {
        // A line's end as HTTP writes it: the line feed alone shows it.
      } else if UTF8Text.isHidden(scalar.value) {
        appendScalar(scalar.value, to: &output)
      } else {
        output += bytes[index..<(index + scalar.length)]
      }
      index += scalar.length
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// The text, safe to print: see ``escape(_:keepingNewlines:)``.
  public static func escape(_ text: String, keepingNewlines: Bool = false) -> String {
    escape(Array(text.utf8)[...], keepingNewlines: keepingNewlines)
  }

  /// Appends `\xNN`.
  static func appendByte(_ byte: UInt8, to output: inout [UInt8]) {
    output += [UInt8(ascii: "\\"), UInt8(ascii: "x")]
    output += [Bytes.hexDigit(byte >> 4), Bytes.hexDigit(byte)]
  }

  /// Appends `\xNN` for ASCII, else `\u{…}`.
  static func appendScalar(_ value: UInt32, to output: inout [UInt8]) {
    guard value >= 0x80 else { return appendByte(UInt8(truncatingIfNeeded: value), to: &output) }
    output += "\\u{\(String(value, radix: 16))}".utf8
  }
}
