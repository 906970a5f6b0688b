/// A `METHOD PATH` pattern that can't be read.
public struct RequestPatternError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: String, Hashable, Sendable {
    /// Not exactly a method and a path.
    case form
    case badMethod = "bad-method"
    case badPath = "bad-path"
    case badGlob = "bad-glob"
  }

  public let code: Code
  /// What is wrong, in one line, with what was found.
  public let problem: String
  /// What was expected.
  public let expected: String
  /// What was probably meant.
  public let suggestion: String?

  public var description: String {
    let hint = suggestion.map { "; did you mean \"\($0)\"?" } ?? ""
    return "\(problem)\(hint) (expected \(expected))"
  }
}
