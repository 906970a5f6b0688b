/// Where the right key comes from; never the key itself.
///
/// `env:NAME`, `file:PATH`, `file:.env#NAME` or `sha256:HEX`, as for `--expect-key` and the policy's
/// `expect`.
public enum ExpectedKeySource: Hashable, Sendable, CustomStringConvertible {
  /// An environment variable.
  case variable(String)
  /// One of the process whose traffic is captured.
  case targetVariable(String)
  /// A file that holds the key and nothing else.
  case file(path: String)
  /// A name in a file of `NAME=value` lines.
  case dotenv(path: String, name: String)
  /// The SHA-256 of the key, as LiteLLM stores it ("Key Hash (Token)"): 32 bytes.
  case digest([UInt8])

  /// The permitted forms, for messages.
  public static let forms = "env:NAME, file:PATH, file:.env#NAME or sha256:HEX"

  /// The largest key file and `.env` file that is read, in bytes.
  public static let largestFile = 65_536

  /// The source as it is written; holds no secret.
  public var description: String {
    switch self {
    case .variable(let name): "env:\(name)"
    case .targetVariable(let name): "target-env:\(name)"
    case .file(let path): "file:\(ShownText.plain(path))"
    case .dotenv(let path, let name): "file:\(ShownText.plain(path))#\(name)"
    // The hash of a hand-typed key falls to a dictionary, so it isn't shown either.
    case .digest: "sha256:<hash>"
    }
  }

  /// Reads one of the permitted forms.
  ///
  /// - Throws: `ExpectedKeyError`; its text never repeats what was refused, which may be a key.
  public static func parse(_ text: String) throws(ExpectedKeyError) -> ExpectedKeySource {
    guard let colon = text.firstIndex(of: ":") else { throw refusal(of: text) }
    let value = String(text[text.index(after: colon)...])
    switch text[..<colon] {
    case "env": return .variable(try parseVariable(value, behind: "env:"))
    case "target-env": return .targetVariable(try parseVariable(value, behind: "target-env:"))
    case "file": return try parseFile(value)
    case "sha256": return try parseDigest(value)
    default: throw refusal(of: text)
    }
  }

  private static func parseVariable(
    _ name: String, behind prefix: String
  ) throws(ExpectedKeyError) -> String {
    guard isVariableName(name) else {
      throw ExpectedKeyError(
        kind: .badVariableName,
        problem: "what follows \(prefix) is not the name of an environment variable",
        help: [
          "write \(prefix)NAME with letters, digits and _, such as \(prefix)LITELLM_MASTER_KEY"
        ])
    }
    return name
  }

  private static func parseFile(_ value: String) throws(ExpectedKeyError) -> ExpectedKeySource {
    let parts = value.split(separator: "#", omittingEmptySubsequences: false)
    let path = parts.dropLast(parts.count > 1 ? 1 : 0).joined(separator: "#")
    guard !path.isEmpty, !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw ExpectedKeyError(
        kind: .badPath, problem: "what follows file: is not a path",
        help: ["write file:PATH, or file:.env#NAME for a name in a .env file"])
    }
    guard parts.count > 1, let name = parts.last else { return .file(path: path) }
    guard isVariableName(String(name)) else {
      throw ExpectedKeyError(
        kind: .badVariableName,
        problem: "what follows # is not a name that a .env file can hold",
        help: ["write file:.env#NAME; a file whose name holds # can't be given"])
    }
    return .dotenv(path: path, name: String(name))
  }

  private static func parseDigest(_ text: String) throws(ExpectedKeyError) -> ExpectedKeySource {
    guard let bytes = Hexadecimal.bytes(text), bytes.count == 32 else {
      throw ExpectedKeyError(
        kind: .badDigest, problem: "what follows sha256: is not 64 hexadecimal digits",
        help: ["printf %s \"$KEY\" | sha256sum  prints them"])
    }
    return .digest(bytes)
  }

  /// Why a text that is no source was refused, without repeating it.
  private static func refusal(of text: String) -> ExpectedKeyError {
    let forms = "write \(Self.forms)"
    guard !text.isEmpty else {
      return ExpectedKeyError(
        kind: .notASource, problem: "the source of the expected key is empty", help: [forms])
    }
    if isVariableReference(text) {
      return ExpectedKeyError(
        kind: .notASource, problem: "nothing expands variables here", help: ["write env:NAME"])
    }
    let prefix = text.prefix { $0 != ":" }
    if prefix.count < text.count,
      let nearest = NearestWord.find(String(prefix), in: ["env", "file", "sha256", "target-env"])
    {
      return ExpectedKeyError(
        kind: .notASource, problem: "unknown kind of source; did you mean \"\(nearest):\"?",
        help: [forms])
    }
    let isPath = text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("~/")
    if isPath || text == ".env" {
      return ExpectedKeyError(
        kind: .notASource,
        problem: "a path alone is no source; did you mean \"file:\" and the path?",
        help: [forms])
    }
    if KeyShape.isLikely(text) || !text.contains(" ") {
      return ExpectedKeyError(
        kind: .looksLikeKey,
        problem: "a key is never taken as plain text: ps, shell history and CI logs would show it",
        help: [forms])
    }
    return ExpectedKeyError(
      kind: .notASource, problem: "this is not a source of a key", help: [forms])
  }

  /// Whether the text is how a shell, LiteLLM or a template refers to a variable.
  private static func isVariableReference(_ text: String) -> Bool {
    text.hasPrefix("$") || text.hasPrefix("os.environ/") || text.hasPrefix("{{")
      || (text.hasPrefix("%") && text.hasSuffix("%"))
  }

  /// Whether the text can name a variable (POSIX XBD 8.1).
  static func isVariableName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      byte == 0x5F || (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
    }
  }
}
