/// Writes arbitrary bytes as JSON strings (RFC 8259, 7).
///
/// Valid UTF-8 passes; each byte that isn't UTF-8 becomes U+FFFD. Control characters (C0, DEL, C1) and
/// invisible ones (bidi, zero-width) are written as `\uNNNN`, so that records can be looked at on a
/// terminal without harm.
public enum JSONText {
  /// `text` as a JSON string with its quotes.
  public static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    append(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends `bytes` as a JSON string with its quotes.
  /// - Parameter escapingMarkup: whether `<`, `>` and `&` are written as `\uNNNN`, for JSON inside an
  ///   HTML page.
  public static func append(
    _ bytes: [UInt8], to output: inout [UInt8], escapingMarkup: Bool = false
  ) {
    append(bytes[...], to: &output, escapingMarkup: escapingMarkup)
  }

  /// Appends `text` as a JSON string with its quotes.
  public static func append(
    _ text: String, to output: inout [UInt8], escapingMarkup: Bool = false
  ) {
    if !escapingMarkup, isPlain(text.utf8.span) {
      output.append(UInt8(ascii: "\""))
      output.append(contentsOf: text.utf8)
      output.append(UInt8(ascii: "\""))
      return
    }
    append(Array(text.utf8)[...], to: &output, escapingMarkup: escapingMarkup)
  }

  /// Appends `bytes` as a JSON string with its quotes.
  public static func append(
    _ bytes: ArraySlice<UInt8>, to output: inout [UInt8], escapingMarkup: Bool = false
  ) {
    output.append(UInt8(ascii: "\""))
    appendEscaped(bytes, to: &output, escapingMarkup: escapingMarkup)
    output.append(UInt8(ascii: "\""))
  }

  /// Appends what stands between the quotes.
  public static func appendEscaped(
    _ bytes: ArraySlice<UInt8>, to output: inout [UInt8], escapingMarkup: Bool = false
  ) {
    // Nearly all captured text is plain ASCII: whole runs are copied.
    if !escapingMarkup, isPlain(bytes.span) {
      output += bytes
      return
    }
    var copied = bytes.startIndex
    var index = bytes.startIndex
    let end = bytes.endIndex
    while index < end {
      let byte = bytes[index]
      if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"),
        !(escapingMarkup && isMarkup(byte))
      {
        index += 1
        continue
      }
      guard let scalar = UTF8Text.scalar(in: bytes, at: index) else {
        output += bytes[copied..<index]
        output += [0xEF, 0xBF, 0xBD]
        index += 1
        copied = index
        continue
      }
      let next = index + scalar.length
      if byte < 0x80 || UTF8Text.isHidden(scalar.value) {
        output += bytes[copied..<index]
        appendEscape(scalar.value, to: &output)
        copied = next
      }
      index = next
    }
    output += bytes[copied..<end]
  }

  /// Bytes of the longest text that is looked through before it is written.
  private static let longestLookedThrough = 256

  /// Whether a short text stands for itself: without a branch for each byte, so that many are looked at
  /// in one step.
  private static func isPlain(_ bytes: borrowing Span<UInt8>) -> Bool {
    guard bytes.count <= longestLookedThrough else { return false }
    var odd: UInt8 = 0
    for index in bytes.indices {
      let byte = bytes[index]
      odd |= byte < 0x20 || byte >= 0x7F ? 1 : 0
      odd |= byte == UInt8(ascii: "\"") ? 1 : 0
      odd |= byte == UInt8(ascii: "\\") ? 1 : 0
    }
    return odd == 0
  }

  private static func isMarkup(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "&")
  }

  private static func appendEscape(_ value: UInt32, to output: inout [UInt8]) {
    let letter: UInt8
    switch value {
    case 0x22, 0x5C: letter = UInt8(truncatingIfNeeded: value)
    case 0x08: letter = UInt8(ascii: "b")
    case 0x09: letter = UInt8(ascii: "t")
    case 0x0A: letter = UInt8(ascii: "n")
    case 0x0C: letter = UInt8(ascii: "f")
    case 0x0D: letter = UInt8(ascii: "r")
    default:
      guard value > 0xFFFF else { return appendUnit(value, to: &output) }
      let offset = value &- 0x10000
      appendUnit(0xD800 | offset >> 10, to: &output)
      appendUnit(0xDC00 | offset & 0x3FF, to: &output)
      return
    }
    output.append(UInt8(ascii: "\\"))
    output.append(letter)
  }

  private static func appendUnit(_ unit: UInt32, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\\"))
    output.append(UInt8(ascii: "u"))
    for shift: UInt32 in [12, 8, 4, 0] {
      output.append(Bytes.hexDigit(UInt8(truncatingIfNeeded: unit >> shift)))
    }
  }
}
