/// Reads the entries of a policy's `rules`.
enum RuleReader {
  private static let statusExpectation = "a status code from 100 to 999"

  /// Reads one rule.
  ///
  /// - Throws: `PolicyError`, also for a rule that tests nothing, or that asks for data which this
  ///   version doesn't have.
  static func rule(_ element: PolicyElement) throws(PolicyError) -> Rule {
    let fields = try PolicyFields(
      element, what: "a rule", names: ["id", "match", "credential", "response", "usage"])
    guard let idElement = fields["id"] else {
      throw element.error(
        .missingField, "the rule has no \"id\"", expected: "an id such as team-key")
    }
    let id = try id(idElement)
    try fields.refuseUnavailable("usage")
    let match = try match(fields["match"])
    let credential = try fields["credential"].map(credential)
    let response = try fields["response"].map(response)
    guard credential != nil || response != nil else {
      throw element.error(
        .testsNothing, "the rule \"\(id)\" tests nothing",
        expected: "\"credential\" or \"response\"")
    }
    return Rule(
      id: id, match: match, credential: credential, response: response, mark: element.mark)
  }

  private static func id(_ element: PolicyElement) throws(PolicyError) -> String {
    let expected = "an id of letters, digits, \".\", \"_\" and \"-\""
    let id = try element.text(expected)
    let isSimple = id.utf8.allSatisfy { byte in
      (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
        || "._-".utf8.contains(byte)
    }
    guard isSimple, id.utf8.count <= 100 else {
      throw element.error(.badValue, "\(ShownText.quoted(id)) is no id", expected: expected)
    }
    return id
  }

  // MARK: - match

  private static func match(_ element: PolicyElement?) throws(PolicyError) -> RuleMatch {
    guard let element else {
      do {
        return RuleMatch(request: try RequestPattern())
      } catch {
        throw PolicySource.error(.badPattern, file: "", error.problem)
      }
    }
    let fields = try PolicyFields(
      element, what: "a match",
      names: ["method", "path", "user_agent", "model", "stream", "status"])
    guard !fields.isEmpty else {
      throw element.error(
        .missingField, "\"match\" has no fields", expected: "a field, or no \"match\" for all")
    }
    try fields.refuseUnavailable("model")
    try fields.refuseUnavailable("stream")
    return RuleMatch(
      request: try PolicyReader.methodAndPath(fields),
      userAgent: try fields["user_agent"].map(userAgent),
      status: try fields["status"].map(status))
  }

  private static func userAgent(_ element: PolicyElement) throws(PolicyError) -> Glob {
    let text = try element.text("a pattern such as \"OpenAI/*\"")
    do {
      return try Glob(text, mode: .text, ignoringCase: true)
    } catch {
      throw element.error(.badPattern, "\(ShownText.quoted(text)): \(error.description)")
    }
  }

  // MARK: - credential

  private static func credential(_ element: PolicyElement) throws(PolicyError) -> RuleCredential {
    let fields = try PolicyFields(
      element, what: "a rule's credential", names: ["expect", "header", "scheme"])
    guard !fields.isEmpty else {
      throw element.error(
        .testsNothing, "this \"credential\" tests nothing", expected: "expect, header or scheme")
    }
    return RuleCredential(
      expect: try fields["expect"].map(PolicyReader.keySource),
      headers: try fields["header"].map(PolicyReader.headers),
      scheme: try fields["scheme"].map(PolicyReader.scheme))
  }

  // MARK: - response

  private static func response(_ element: PolicyElement) throws(PolicyError) -> RuleResponse {
    let fields = try PolicyFields(
      element, what: "a rule's response", names: ["status", "time_to_first_event", "usage"])
    if let limit = fields["time_to_first_event"] { try checkTimeLimit(limit) }
    try fields.refuseUnavailable("time_to_first_event")
    try fields.refuseUnavailable("usage")
    guard let status = fields["status"] else {
      throw element.error(.testsNothing, "this \"response\" tests nothing", expected: "status")
    }
    return RuleResponse(status: Marked(try self.status(status), at: status.mark))
  }

  /// Reads `{max: 5s}` so that a slip in it is named, although nothing can test it yet.
  private static func checkTimeLimit(_ element: PolicyElement) throws(PolicyError) {
    let fields = try PolicyFields(element, what: "a time limit", names: ["max"])
    guard let limit = fields["max"] else {
      throw element.error(.missingField, "the limit has no \"max\"", expected: "max")
    }
    switch limit.kind {
    case .text(let text) where DurationText.nanoseconds(text) != nil: break
    case .text(let text), .number(let text):
      throw limit.error(
        .badDuration, "\(ShownText.quoted(text)) is no duration",
        expected: DurationText.expectation)
    case .mapping, .list, .truth, .nothing:
      throw limit.wrongType(expected: DurationText.expectation)
    }
  }

  private static func status(_ element: PolicyElement) throws(PolicyError) -> StatusTest {
    guard case .mapping = element.kind else {
      return StatusTest(allowed: try codes(element))
    }
    let fields = try PolicyFields(
      element, what: "a status test", names: ["is", "not", "min", "max"])
    guard !fields.isEmpty else {
      throw element.error(
        .testsNothing, "this \"status\" tests nothing", expected: "is, not, min or max")
    }
    let test = StatusTest(
      allowed: try fields["is"].map(codes) ?? [], forbidden: try fields["not"].map(codes) ?? [],
      minimum: try fields["min"].map(code), maximum: try fields["max"].map(code))
    guard (100...999).contains(where: test.accepts) else {
      throw element.error(.badValue, "no status can pass this test")
    }
    guard !(100...999).allSatisfy(test.accepts) else {
      throw element.error(.testsNothing, "every status passes this test")
    }
    return test
  }

  private static func codes(_ element: PolicyElement) throws(PolicyError) -> [Int] {
    guard case .list = element.kind else { return [try code(element)] }
    var codes: [Int] = []
    for entry in try element.list(of: "status codes") { codes.append(try code(entry)) }
    guard !codes.isEmpty else {
      throw element.error(
        .badValue, "the list of status codes is empty", expected: statusExpectation)
    }
    return codes
  }

  private static func code(_ element: PolicyElement) throws(PolicyError) -> Int {
    try element.number(statusExpectation, in: 100...999)
  }
}
