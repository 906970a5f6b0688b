internal import LiteLLM

/// Which requests are meant: `METHOD PATH`, both globs, as in `GET /model/info` or `* /v1/**`.
///
/// Shared by the policy's `require`, `exempt` and `match` and by `--require`. The method is compared
/// as it is on the wire, in its case (RFC 9110, 9.1); the path without its query, and with unreserved
/// characters decoded, which makes no other path of it (RFC 3986, 6.2.2.2).
public struct RequestPattern: Hashable, Sendable, CustomStringConvertible {
  /// The method's pattern; `*` is every method.
  public let method: Glob
  /// The path's pattern; `*` alone is every path, elsewhere `*` stays within a segment.
  public let path: Glob

  private static let expectation =
    "METHOD PATH such as \"GET /model/info\", or \"* /health/**\" for every method"
  private static let knownMethods = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
  ]

  /// Reads `METHOD PATH`.
  ///
  /// - Throws: `RequestPatternError`.
  public init(_ text: String) throws(RequestPatternError) {
    let words = text.split { $0 == " " || $0 == "\t" }
    guard words.count == 2, let method = words.first, let path = words.last else {
      let problem =
        words.isEmpty
        ? "a request pattern is empty"
        : words.count == 1
          ? "\(ShownText.quoted(text)) is a method or a path, not both"
          : "\(ShownText.quoted(text)) has \(words.count) words"
      let suggestion =
        words.count == 1 && text.hasPrefix("/") && !KeyShape.isLikely(text)
        ? "GET \(ShownText.plain(String(words[0])))" : nil
      throw RequestPatternError(
        code: .form, problem: problem, expected: Self.expectation, suggestion: suggestion)
    }
    try self.init(method: String(method), path: String(path))
  }

  /// Reads a method's and a path's pattern.
  ///
  /// - Throws: `RequestPatternError`.
  public init(method: String = "*", path: String = "*") throws(RequestPatternError) {
    self.method = try Self.readMethod(method)
    self.path = try Self.readPath(path)
  }

  /// `GET /model/info`.
  public var description: String { "\(method) \(path.text == "**" ? "*" : path.text)" }

  /// Whether a request is meant.
  ///
  /// - Parameters:
  ///   - method: as on the wire.
  ///   - target: the request target or only its path; a query, a fragment, and the scheme and
  ///     authority of an absolute form are left out of the comparison.
  public func matches(method: String, target: String) -> Bool {
    self.method.matches(method)
      && path.matches(PercentCode.normalized(Self.path(ofTarget: target)))
  }

  /// Whether a request is meant where the whole path is decoded, as LiteLLM does to find its route.
  func matchesDecoded(method: String, target: String) -> Bool {
    self.method.matches(method) && path.matches(PercentCode.decoded(Self.path(ofTarget: target)))
  }

  /// The path of a request target (RFC 9112, 3.2), undecoded.
  public static func path(ofTarget target: String) -> String {
    let bytes = target.utf8
    var path = bytes[...]
    if path.first != UInt8(ascii: "/") {
      let scheme = path.prefix { byte in
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte == UInt8(ascii: "+")
      }
      let behind = path[scheme.endIndex...]
      if !scheme.isEmpty, behind.starts(with: "://".utf8) {
        let authority = behind.dropFirst(3)
        path = authority.drop { $0 != 0x2F && $0 != 0x3F && $0 != 0x23 }
        guard path.first == UInt8(ascii: "/") else { return "/" }
      }
    }
    return String(Substring(path.prefix { $0 != 0x3F && $0 != 0x23 }))
  }

  private static func readMethod(_ text: String) throws(RequestPatternError) -> Glob {
    let expected = "an HTTP method in capitals, or * for every method"
    let isToken = text.utf8.allSatisfy { byte in
      byte > 0x20 && byte < 0x7F && !"\"(),/:;<=>@\\{}".utf8.contains(byte)
    }
    guard isToken else {
      throw RequestPatternError(
        code: .badMethod, problem: "\(ShownText.quoted(text)) is not a method",
        expected: expected, suggestion: nil)
    }
    // Methods are case-sensitive: `get` would match nothing and a requirement would never hold.
    let capitals = text.uppercased()
    if text != capitals, knownMethods.contains(capitals) {
      throw RequestPatternError(
        code: .badMethod, problem: "\(ShownText.quoted(text)) is not a method",
        expected: expected, suggestion: capitals)
    }
    return try readGlob(text, mode: .text, expected: expected)
  }

  private static func readPath(_ text: String) throws(RequestPatternError) -> Glob {
    let expected = "a path that begins with /, such as /model/info or /v1/**"
    func refuse(_ problem: String) -> RequestPatternError {
      RequestPatternError(code: .badPath, problem: problem, expected: expected, suggestion: nil)
    }
    guard !text.isEmpty else { throw refuse("the path is empty") }
    if text == "*" { return try readGlob("**", mode: .path, expected: expected) }
    guard text.hasPrefix("/") || text.hasPrefix("*") else {
      throw refuse(
        text.contains("://")
          ? "a URL stands where a path belongs; servers are named by \"proxy\""
          : "the path \(ShownText.quoted(text)) does not begin with /")
    }
    guard !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) else {
      throw refuse("the path \(ShownText.quoted(text)) holds a blank or control character")
    }
    // `/a?b=1` would ask for one character in the place of `?` and so match nothing.
    if let mark = text.firstIndex(of: "?"), text[mark...].contains("=") {
      throw refuse("the path \(ShownText.quoted(text)) has a query; paths match without it")
    }
    return try readGlob(text, mode: .path, expected: expected)
  }

  private static func readGlob(
    _ text: String, mode: Glob.Mode, expected: String
  ) throws(RequestPatternError) -> Glob {
    do {
      return try Glob(text, mode: mode)
    } catch {
      throw RequestPatternError(
        code: .badGlob, problem: "\(ShownText.quoted(text)): \(error.description)",
        expected: expected, suggestion: nil)
    }
  }
}
