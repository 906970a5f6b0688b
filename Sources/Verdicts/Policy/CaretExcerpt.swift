/// A line of source with carets under what is wrong, as Hurl and compilers print it.
///
/// ```
///   --> keywitness.yml:3:1
///    |
///  3 | requre: [GET /model/info]
///    | ^^^^^^ did you mean "require"?
///    |
/// ```
struct CaretExcerpt {
  /// The widest piece of a line that is shown, in Unicode scalars.
  static let width = 120

  /// What stands above the excerpt, after the arrow.
  let place: String
  /// Number of the line, or nil for text that has only one (a command-line argument).
  let lineNumber: Int?
  /// The line's text, without its end.
  let line: String
  /// First wrong column, counted from 1 in Unicode scalars.
  let column: Int
  /// How many columns are wrong.
  let length: Int
  /// What stands behind the carets.
  let remark: String
  /// Offset in Unicode scalars from which on the line is secret; nil if no more is known than what
  /// the line itself tells.
  let secretStart: Int?

  /// The excerpt, without a newline at its end; likely keys are replaced by `<key>`.
  var text: String {
    let hidden = hidingSecrets()
    let (shown, caretColumn) = window(of: hidden.line, around: hidden.column)
    let number = lineNumber.map(String.init) ?? ""
    let margin = String(repeating: " ", count: max(number.utf8.count, 2))
    let numbered = String(repeating: " ", count: margin.utf8.count - number.utf8.count) + number
    let room = max(1, shown.unicodeScalars.count - caretColumn + 1)
    let carets = String(repeating: "^", count: min(max(1, hidden.length), room))
    let blanks = String(repeating: " ", count: max(0, caretColumn - 1))
    let shownRemark = remark.isEmpty ? "" : " " + remark
    return """
      \(margin)--> \(place)
      \(margin) |
      \(numbered) | \(shown)
      \(margin) | \(blanks)\(carets)\(shownRemark)
      \(margin) |
      """
  }

  private func hidingSecrets() -> (line: String, column: Int, length: Int) {
    let scalars = Array(line.unicodeScalars)
    let start = min(max(1, column), scalars.count + 1)
    // A value of `expect` may be a key of any form: `hunter2` looks like nothing in particular.
    if let hidden = secretStart ?? Self.plainExpectedKeyStart(scalars) {
      let prefix = Self.string(scalars.prefix(hidden))
      let masked = KeyShape.masked(prefix, column: min(start, hidden + 1))
      let isInside = start > hidden
      return (
        masked.text + KeyShape.standIn, masked.column,
        isInside ? KeyShape.standIn.utf8.count : length
      )
    }
    let masked = KeyShape.masked(line, column: start)
    return (masked.text, masked.column, masked.isChanged ? min(length, 5) : length)
  }

  /// Where the line gives `expect` something other than one of the permitted sources.
  private static func plainExpectedKeyStart(_ scalars: [Unicode.Scalar]) -> Int? {
    guard let start = expectedValueStart(scalars) else { return nil }
    let value = string(scalars.dropFirst(start)).drop { "\"' ".contains($0) }
    let isSource = ["env:", "file:", "sha256:"].contains { value.hasPrefix($0) }
    return value.isEmpty || isSource ? nil : start
  }

  /// Whether the value of `expect` comes in the lines below this one.
  static func endsInExpect(_ line: String) -> Bool {
    let scalars = Array(line.unicodeScalars)
    guard let start = expectedValueStart(scalars) else { return false }
    let value = string(scalars.dropFirst(start))
    guard let first = value.first else { return true }
    let isOpenQuote = (first == "\"" || first == "'") && !value.dropFirst().contains(first)
    return isOpenQuote || "|>#&!".contains(first)
  }

  /// Offset of what follows the last `expect:` of a line.
  private static func expectedValueStart(_ scalars: [Unicode.Scalar]) -> Int? {
    let word = Array("expect".unicodeScalars)
    guard scalars.count > word.count else { return nil }
    for start in stride(from: scalars.count - word.count, through: 0, by: -1)
    where scalars[start..<(start + word.count)].elementsEqual(word) {
      var next = start + word.count
      while next < scalars.count, "\"' ".unicodeScalars.contains(scalars[next]) { next += 1 }
      guard next < scalars.count, scalars[next] == ":" else { continue }
      next += 1
      while next < scalars.count, scalars[next] == " " || scalars[next] == "\t" { next += 1 }
      return next
    }
    return nil
  }

  /// The part of a long line that holds the column; characters that a terminal obeys become `.`, so
  /// that every scalar keeps its column.
  private func window(of line: String, around column: Int) -> (text: String, column: Int) {
    let scalars = Array(line.unicodeScalars)
    let start = column > Self.width ? min(column - 1, scalars.count) - Self.width / 2 : 0
    let end = min(scalars.count, start + Self.width)
    var shown = String.UnicodeScalarView()
    for scalar in scalars[start..<end] {
      shown.append(scalar == "\t" ? " " : ShownText.isUnsafe(scalar) ? "." : scalar)
    }
    return (String(shown), column - start)
  }

  private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
