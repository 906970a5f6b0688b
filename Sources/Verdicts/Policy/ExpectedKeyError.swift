/// An expected key that can't be had. Never holds the text of a key.
public struct ExpectedKeyError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The text is none of the permitted forms.
    case notASource = "not-a-source"
    /// The text looks like the key itself.
    case looksLikeKey = "looks-like-key"
    case badVariableName = "bad-variable-name"
    case badPath = "bad-path"
    case badDigest = "bad-digest"
    case variableNotSet = "variable-not-set"
    case variableEmpty = "variable-empty"
    /// `target-env:` where no process is captured.
    case noTarget = "no-target"
    case fileAbsent = "file-absent"
    case fileUnreadable = "file-unreadable"
    case fileTooLarge = "file-too-large"
    case fileEmpty = "file-empty"
    case fileHoldsNUL = "file-holds-nul"
    /// The `.env` file has no such name.
    case nameNotInFile = "name-not-in-file"
    /// The `.env` file gives the name an empty value.
    case nameEmptyInFile = "name-empty-in-file"
    /// The `.env` file's value can't be taken as it stands.
    case nameUnusableInFile = "name-unusable-in-file"
  }

  public let kind: Kind
  /// What is wrong, in one line.
  public let problem: String
  /// What to do instead, one line each.
  public let help: [String]

  /// Whether an input couldn't be read (exit code 3): the file is absent, or a right is missing.
  ///
  /// Everything else is wrong usage (exit code 2), also a file that was read and holds no key.
  public var isUnreadableInput: Bool {
    kind == .fileAbsent || kind == .fileUnreadable
  }

  /// The problem, then the help, a line each.
  public var description: String {
    ([problem] + help).joined(separator: "\n")
  }
}
