/// A policy that can't be read, with the place, what was found and what was expected.
///
/// Its text is safe to print: likely keys, and whatever stands where an expected key's source
/// belongs, are replaced by `<key>`. Exit code 2.
public struct PolicyError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Hashable, Sendable, CaseIterable {
    case fileAbsent = "file-absent"
    case fileUnreadable = "file-unreadable"
    case fileTooLarge = "file-too-large"
    case notUTF8 = "not-utf-8"
    case controlCharacter = "control-character"
    case syntax
    case empty
    /// YAML aliases that would grow beyond all bounds.
    case aliasesTooLarge = "aliases-too-large"
    case duplicateKey = "duplicate-key"
    case unknownField = "unknown-field"
    case missingField = "missing-field"
    case wrongType = "wrong-type"
    case badValue = "bad-value"
    case badPattern = "bad-pattern"
    case badDuration = "bad-duration"
    case badSchema = "bad-schema"
    case badKeySource = "bad-key-source"
    /// A rule that could never fail.
    case testsNothing = "tests-nothing"
  }

  public let code: Code
  /// Where the fault stands.
  public let mark: SourceMark
  /// What is wrong, with what was found, in one line.
  public let problem: String
  /// What was expected, if a short text can say it.
  public let expected: String?
  /// The nearest right word, if one is near.
  public let suggestion: String?
  /// The source line with carets; nil where no line could be read.
  public let caretExcerpt: String?

  public var file: String { mark.file }
  /// Counted from 1.
  public var line: Int { mark.line }
  /// Counted from 1, in Unicode scalars.
  public var column: Int { mark.column }

  /// `keywitness.yml:3:5: unknown field "requre"; did you mean "require"? (expected …)`.
  public var description: String {
    let hint = suggestion.map { "; did you mean \"\($0)\"?" } ?? ""
    let wanted = expected.map { " (expected \($0))" } ?? ""
    return "\(mark): \(problem)\(hint)\(wanted)"
  }
}
