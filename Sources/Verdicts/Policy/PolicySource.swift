/// A policy's text with its name, from which every error about it is made.
package struct PolicySource {
  let file: String
  let text: String
  /// The lines without their ends.
  let lines: [String]

  /// What an error is about, for the excerpt.
  enum Extent {
    /// So many columns.
    case columns(Int)
    /// The rest of the line, and none of it may be shown.
    case secretValue
  }

  package init(text: String, file: String) {
    self.file = file
    self.text = text
    self.lines = Self.split(text)
  }

  func mark(line: Int, column: Int) -> SourceMark {
    SourceMark(file: file, line: max(1, line), column: max(1, column))
  }

  /// The place itself, or the end of the last line that isn't empty if the place lies behind it.
  ///
  /// What is missing at the end of a file is best shown behind what is there.
  func lastText(before mark: SourceMark) -> SourceMark {
    guard let last = lines.lastIndex(where: { !$0.isEmpty }), mark.line > last + 1 else {
      return mark
    }
    return self.mark(line: last + 1, column: lines[last].unicodeScalars.count + 1)
  }

  /// An error at a place in the text, with its excerpt.
  func error(
    _ code: PolicyError.Code, at mark: SourceMark, _ problem: String, expected: String? = nil,
    suggestion: String? = nil, extent: Extent = .columns(1)
  ) -> PolicyError {
    PolicyError(
      code: code, mark: mark, problem: problem, expected: expected, suggestion: suggestion,
      caretExcerpt: excerpt(at: mark, extent, remark(problem, expected, suggestion)))
  }

  /// An error about the file as a whole, of which there is nothing to show.
  package static func error(_ code: PolicyError.Code, file: String, _ problem: String)
    -> PolicyError
  {
    PolicyError(
      code: code, mark: SourceMark(file: file, line: 1, column: 1), problem: problem,
      expected: nil, suggestion: nil, caretExcerpt: nil)
  }

  private func excerpt(at mark: SourceMark, _ extent: Extent, _ remark: String) -> String? {
    guard lines.indices.contains(mark.line - 1) else { return nil }
    let length: Int
    var secretStart: Int?
    switch extent {
    case .columns(let count): length = count
    case .secretValue: (length, secretStart) = (1, mark.column - 1)
    }
    let above = lines[..<(mark.line - 1)].last { $0.contains { !$0.isWhitespace } }
    if let above, CaretExcerpt.endsInExpect(above) { secretStart = 0 }
    return CaretExcerpt(
      place: mark.description, lineNumber: mark.line, line: lines[mark.line - 1],
      column: mark.column, length: length, remark: remark, secretStart: secretStart
    ).text
  }

  private func remark(_ problem: String, _ expected: String?, _ suggestion: String?) -> String {
    if let suggestion { return "did you mean \"\(suggestion)\"?" }
    return expected.map { "expected \($0)" } ?? problem
  }

  /// Splits where libyaml counts a line: CR LF, CR, LF, NEL, LS and PS.
  private static func split(_ text: String) -> [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n" where previous == "\r":
        break
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
        lines.append(String(line))
        line = String.UnicodeScalarView()
      default:
        line.append(scalar)
      }
      previous = scalar
    }
    lines.append(String(line))
    return lines
  }
}
