/// Reads a policy from YAML.
///
/// Reading depends on the text alone: no variable is looked up, no key fetched, no name resolved.
public enum PolicyReader {
  /// Reads a policy file.
  ///
  /// - Throws: `PolicyError`, also if the file is absent, unreadable or larger than 128 KB.
  public static func read(contentsOf path: String) throws(PolicyError) -> Policy {
    let bytes: [UInt8]
    do {
      bytes = try BoundedFile.read(path, limit: PolicyDocument.largestText)
    } catch {
      switch error {
      case .absent:
        throw PolicySource.error(.fileAbsent, file: path, "there is no such policy file")
      case .unreadable:
        throw PolicySource.error(.fileUnreadable, file: path, "the policy file can't be read")
      case .tooLarge: throw tooLarge(path)
      }
    }
    return try read(bytes: bytes, file: path)
  }

  /// Reads a policy from bytes that should be UTF-8.
  ///
  /// - Parameter file: the name that errors and marks give.
  public static func read(bytes: [UInt8], file: String) throws(PolicyError) -> Policy {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let valid = validPrefix(of: bytes)
      let source = PolicySource(text: valid, file: file)
      let column = (source.lines.last?.unicodeScalars.count ?? 0) + 1
      throw source.error(
        .notUTF8, at: source.mark(line: source.lines.count, column: column),
        "the file is not UTF-8 from here on")
    }
    return try read(text: text, file: file)
  }

  /// Reads a policy from text.
  ///
  /// - Parameter file: the name that errors and marks give.
  public static func read(text: String, file: String) throws(PolicyError) -> Policy {
    guard text.utf8.count <= PolicyDocument.largestText else { throw tooLarge(file) }
    // A byte order mark is no column of the first line.
    let bare =
      text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    let document = try PolicyDocument(PolicySource(text: bare, file: file))
    return try policy(PolicyElement(source: document.source, node: document.root))
  }

  private static func tooLarge(_ file: String) -> PolicyError {
    let limit = PolicyDocument.largestText / 1024
    return PolicySource.error(.fileTooLarge, file: file, "the policy is larger than \(limit) KB")
  }

  /// The longest beginning that is UTF-8.
  private static func validPrefix(of bytes: [UInt8]) -> String {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var text = String.UnicodeScalarView()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { text.append(scalar) }
    return String(text)
  }

  // MARK: - The policy as a whole

  private static func policy(_ root: PolicyElement) throws(PolicyError) -> Policy {
    let fields = try PolicyFields(
      root, what: "a policy",
      names: ["schema", "proxy", "expect", "require", "exempt", "credential", "rules"])
    if let schema = fields["schema"] { try checkSchema(schema) }
    guard !fields.isEmpty else { throw root.error(.empty, "the policy has no fields") }
    var rules: [Rule] = []
    for element in try fields["rules"]?.list(of: "rules") ?? [] {
      let rule = try RuleReader.rule(element)
      if let earlier = rules.first(where: { $0.id == rule.id }) {
        throw element.error(
          .badValue, "the rule id \"\(rule.id)\" is taken by the rule in line \(earlier.mark.line)",
          expected: "an id of its own for every rule")
      }
      rules.append(rule)
    }
    return Policy(
      file: root.source.file, proxies: try proxies(fields["proxy"]),
      expect: try fields["expect"].map(keySource), requires: try requires(fields["require"]),
      exemptions: try exemptions(fields["exempt"]),
      credential: try fields["credential"].map(credential) ?? CredentialRule(), rules: rules)
  }

  private static func checkSchema(_ element: PolicyElement) throws(PolicyError) {
    let expected = "\"\(Policy.currentSchema)\""
    let schema = try element.text(expected)
    guard schema == Policy.currentSchema else {
      throw element.error(
        .badSchema, "unknown schema \(ShownText.quoted(schema))", expected: expected,
        suggestion: NearestWord.find(schema, in: [Policy.currentSchema]))
    }
  }

  private static func proxies(
    _ element: PolicyElement?
  ) throws(PolicyError) -> [Marked<String>] {
    let expected = "URL, HOST, HOST:PORT, :PORT or any"
    var proxies: [Marked<String>] = []
    for entry in try element?.listOrText(of: expected, orOne: expected) ?? [] {
      let text = try entry.text(expected)
      guard !text.unicodeScalars.contains(where: { $0 == " " || ShownText.isUnsafe($0) }) else {
        throw entry.error(
          .badValue, "\(ShownText.quoted(text)) is no server", expected: expected)
      }
      proxies.append(Marked(text, at: entry.mark))
    }
    return proxies
  }

  // MARK: - Requests

  private static func requires(
    _ element: PolicyElement?
  ) throws(PolicyError) -> [RequiredRequest] {
    var requires: [RequiredRequest] = []
    for entry in try element?.list(of: "METHOD PATH") ?? [] {
      let (pattern, _) = try requestEntry(entry, hasReason: false)
      requires.append(RequiredRequest(pattern: pattern, mark: entry.mark))
    }
    return requires
  }

  private static func exemptions(_ element: PolicyElement?) throws(PolicyError) -> [Exemption] {
    var exemptions: [Exemption] = []
    for entry in try element?.list(of: "METHOD PATH") ?? [] {
      let (pattern, reason) = try requestEntry(entry, hasReason: true)
      exemptions.append(Exemption(pattern: pattern, reason: reason, mark: entry.mark))
    }
    return exemptions
  }

  /// `METHOD PATH`, or a mapping of `request`, or of `method` and `path`, and `reason`.
  private static func requestEntry(
    _ element: PolicyElement, hasReason: Bool
  ) throws(PolicyError) -> (pattern: RequestPattern, reason: String?) {
    guard case .mapping = element.kind else {
      let text = try element.text("METHOD PATH such as \"GET /model/info\"")
      return (try pattern(element) { () throws(RequestPatternError) in try .init(text) }, nil)
    }
    let names = ["request", "method", "path"] + (hasReason ? ["reason"] : [])
    let fields = try PolicyFields(element, what: "a request", names: names)
    let reason = try fields["reason"]?.text("a reason in words")
    if let request = fields["request"] {
      if let other = fields.key("method") ?? fields.key("path") {
        throw other.error(.badValue, "\"request\" already says method and path")
      }
      let text = try request.text("METHOD PATH such as \"GET /model/info\"")
      return (try pattern(request) { () throws(RequestPatternError) in try .init(text) }, reason)
    }
    guard fields["path"] != nil else {
      throw element.error(
        .missingField, "the entry names no path", expected: "\"request\" or \"path\"")
    }
    return (try methodAndPath(fields), reason)
  }

  /// The fields `method` and `path`, each `*` where it is absent.
  static func methodAndPath(_ fields: PolicyFields) throws(PolicyError) -> RequestPattern {
    // Each on its own first, so that an error points at the right one.
    if let method = fields["method"] {
      let text = try method.text("a method such as GET")
      _ = try pattern(method) { () throws(RequestPatternError) in try .init(method: text) }
    }
    let method = try fields["method"]?.text("a method such as GET") ?? "*"
    let path = try fields["path"]?.text("a path such as /model/info") ?? "*"
    return try pattern(fields["path"] ?? fields.element) { () throws(RequestPatternError) in
      try .init(method: method, path: path)
    }
  }

  private static func pattern(
    _ element: PolicyElement, _ read: () throws(RequestPatternError) -> RequestPattern
  ) throws(PolicyError) -> RequestPattern {
    do {
      return try read()
    } catch {
      throw element.error(
        .badPattern, error.problem, expected: error.expected, suggestion: error.suggestion)
    }
  }

  // MARK: - Credentials

  /// `expect`: a source, never a key. What is refused is repeated neither in words nor in the excerpt.
  static func keySource(
    _ element: PolicyElement
  ) throws(PolicyError) -> Marked<ExpectedKeySource> {
    func refuse(_ problem: String, _ help: [String]) -> PolicyError {
      element.source.error(
        .badKeySource, at: element.mark, ([problem] + help).joined(separator: "; "),
        expected: ExpectedKeySource.forms, extent: .secretValue)
    }
    guard case .text(let text) = element.kind else {
      throw refuse("the source of the expected key is not a text", [])
    }
    do {
      return Marked(try ExpectedKeySource.parse(text), at: element.mark)
    } catch {
      throw refuse(error.problem, error.help.filter { !$0.contains(ExpectedKeySource.forms) })
    }
  }

  private static func credential(_ element: PolicyElement) throws(PolicyError) -> CredentialRule {
    let fields = try PolicyFields(
      element, what: "the credential", names: ["header", "scheme", "placeholders"])
    guard !fields.isEmpty else {
      throw element.error(.missingField, "\"credential\" has no fields")
    }
    var placeholders: [String] = []
    for entry in try fields["placeholders"]?.list(of: "stand-ins for a key") ?? [] {
      // A number is a fine placeholder, unlike everywhere else.
      if case .number(let text) = entry.kind {
        placeholders.append(text)
      } else {
        placeholders.append(try entry.text("a stand-in for a key"))
      }
    }
    return CredentialRule(
      headers: try fields["header"].map(headers) ?? ["authorization"],
      scheme: try fields["scheme"].map(scheme) ?? .bearer, placeholders: placeholders)
  }

  /// One header name or a list of them, in lower case.
  static func headers(_ element: PolicyElement) throws(PolicyError) -> [String] {
    let expected = "a header such as authorization"
    var headers: [String] = []
    for entry in try element.listOrText(of: "headers", orOne: expected) {
      let name = try entry.text(expected).lowercased()
      let isToken = name.utf8.allSatisfy { byte in
        byte > 0x20 && byte < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
      }
      guard isToken else {
        throw entry.error(
          .badValue, "\(ShownText.quoted(name)) is not a header's name", expected: expected)
      }
      if !headers.contains(name) { headers.append(name) }
    }
    guard !headers.isEmpty else {
      throw element.error(.badValue, "the list of headers is empty", expected: expected)
    }
    return headers
  }

  static func scheme(_ element: PolicyElement) throws(PolicyError) -> CredentialScheme {
    let names = CredentialScheme.allCases.map(\.rawValue)
    let expected = names.joined(separator: " or ")
    let name = try element.text(expected)
    guard let scheme = CredentialScheme(rawValue: name.lowercased()) else {
      throw element.error(
        .badValue, "unknown scheme \(ShownText.quoted(name))", expected: expected,
        suggestion: NearestWord.find(name, in: names))
    }
    return scheme
  }
}
