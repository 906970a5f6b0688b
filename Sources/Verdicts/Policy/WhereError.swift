/// A `--where` expression that can't be read.
public struct WhereError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: String, Hashable, Sendable {
    case empty
    case tooLong = "too-long"
    case unknownField = "unknown-field"
    case missingOperator = "missing-operator"
    /// An operator that isn't one, or not for this field.
    case badOperator = "bad-operator"
    case missingValue = "missing-value"
    case badValue = "bad-value"
    case missingTerm = "missing-term"
    case openQuote = "open-quote"
    case openParenthesis = "open-parenthesis"
    case strayParenthesis = "stray-parenthesis"
    case tooDeep = "too-deep"
  }

  public let code: Code
  /// The expression as given; may hold a key, so print `caretExcerpt` instead.
  public let text: String
  /// Counted from 1, in Unicode scalars.
  public let column: Int
  /// How many columns are wrong.
  public let length: Int
  /// What is wrong, in one line.
  public let problem: String
  /// What was expected, if a short text can say it.
  public let expected: String?
  /// The nearest right word, if one is near.
  public let suggestion: String?

  /// `--where:1:5: unknown field "statis"; did you mean "status"? (expected one of …)`.
  public var description: String {
    let hint = suggestion.map { "; did you mean \"\($0)\"?" } ?? ""
    let wanted = expected.map { " (expected \($0))" } ?? ""
    return "--where:1:\(column): \(problem)\(hint)\(wanted)"
  }

  /// The expression with carets under what is wrong; likely keys are replaced by `<key>`.
  public var caretExcerpt: String {
    let remark =
      suggestion.map { "did you mean \"\($0)\"?" } ?? expected.map { "expected \($0)" } ?? problem
    return CaretExcerpt(
      place: "--where:1:\(column)", lineNumber: nil, line: text, column: column, length: length,
      remark: remark, secretStart: nil
    ).text
  }
}
