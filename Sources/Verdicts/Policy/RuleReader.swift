internal import LiteLLM

/// Reads the entries of a policy's `rules`.
enum RuleReader {
  private static let statusExpectation = "a status code from 100 to 999"

  /// Reads one rule.
  ///
  /// - Throws: `PolicyError`, also for a rule that tests nothing.
  static func rule(_ element: PolicyElement) throws(PolicyError) -> Rule {
    let fields = try PolicyFields(
      element, what: "a rule", names: ["id", "match", "credential", "response"])
    guard let idElement = fields["id"] else {
      throw element.error(
        .missingField, "the rule has no \"id\"", expected: "an id such as team-key")
    }
    let id = try id(idElement)
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
      names: ["method", "path", "user_agent", "operation", "model", "stream", "status"])
    guard !fields.isEmpty else {
      throw element.error(
        .missingField, "\"match\" has no fields", expected: "a field, or no \"match\" for all")
    }
    return RuleMatch(
      request: try PolicyReader.methodAndPath(fields),
      userAgent: try fields["user_agent"].map { element throws(PolicyError) in
        try pattern(element, "a pattern such as \"OpenAI/*\"")
      },
      status: try fields["status"].map(status), model: try fields["model"].map(model),
      stream: try fields["stream"].map(stream),
      operation: try fields["operation"].map(operation))
  }

  private static func model(_ element: PolicyElement) throws(PolicyError) -> Glob {
    try pattern(element, "a pattern such as gpt-4*")
  }

  private static func stream(_ element: PolicyElement) throws(PolicyError) -> Bool {
    guard case .truth(let text) = element.kind else {
      throw element.wrongType(expected: "true or false")
    }
    return text.lowercased() == "true"
  }

  private static func operation(_ element: PolicyElement) throws(PolicyError) -> String {
    let names = CallOperation.allCases.map(\.rawValue)
    let expected = "one of " + names.joined(separator: ", ")
    let name = try element.text(expected)
    guard names.contains(name) else {
      throw element.error(
        .badValue, "unknown operation \(ShownText.quoted(name))", expected: expected,
        suggestion: NearestWord.find(name, in: names))
    }
    return name
  }

  private static func pattern(
    _ element: PolicyElement, _ what: String
  ) throws(PolicyError) -> Glob {
    let text = try element.text(what)
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
      element, what: "a rule's response",
      names: ["status", "time_to_first_event", "usage", "model"])
    guard !fields.isEmpty else {
      throw element.error(
        .testsNothing, "this \"response\" tests nothing",
        expected: "status, time_to_first_event, usage or model")
    }
    return RuleResponse(
      status: try fields["status"].map { element throws(PolicyError) in
        Marked(try status(element), at: element.mark)
      },
      timeToFirstEvent: try fields["time_to_first_event"].map { element throws(PolicyError) in
        Marked(try timeLimit(element), at: element.mark)
      },
      usage: try fields["usage"].map { element throws(PolicyError) in
        Marked(try usage(element), at: element.mark)
      },
      model: try fields["model"].map { element throws(PolicyError) in
        Marked(try model(element), at: element.mark)
      })
  }

  /// `{max: 5s}`, in nanoseconds.
  private static func timeLimit(_ element: PolicyElement) throws(PolicyError) -> Int64 {
    let fields = try PolicyFields(element, what: "a time limit", names: ["max"])
    guard let limit = fields["max"] else {
      throw element.error(.missingField, "the limit has no \"max\"", expected: "max")
    }
    switch limit.kind {
    case .text(let text), .number(let text):
      if case .text = limit.kind, let nanoseconds = DurationText.nanoseconds(text) {
        return nanoseconds
      }
      throw limit.error(
        .badDuration, "\(ShownText.quoted(text)) is no duration",
        expected: DurationText.expectation)
    case .mapping, .list, .truth, .nothing:
      throw limit.wrongType(expected: DurationText.expectation)
    }
  }

  /// `{total_tokens: {max: 100000}}`.
  private static func usage(_ element: PolicyElement) throws(PolicyError) -> UsageTest {
    let names = UsageTest.Count.allCases.map(\.rawValue)
    let fields = try PolicyFields(element, what: "a usage test", names: names)
    var limits: [UsageTest.Limit] = []
    for count in UsageTest.Count.allCases {
      guard let limit = fields[count.rawValue] else { continue }
      let bounds = try PolicyFields(limit, what: "a limit of tokens", names: ["min", "max"])
      guard !bounds.isEmpty else {
        throw limit.error(.testsNothing, "this limit tests nothing", expected: "min or max")
      }
      let minimum = try bounds["min"].map(tokens)
      let maximum = try bounds["max"].map(tokens)
      if let minimum, let maximum, minimum > maximum {
        throw limit.error(.badValue, "no number of tokens can pass this test")
      }
      limits.append(UsageTest.Limit(count: count, minimum: minimum, maximum: maximum))
    }
    guard !limits.isEmpty else {
      throw element.error(
        .testsNothing, "this \"usage\" tests nothing",
        expected: names.joined(separator: ", "))
    }
    return UsageTest(limits: limits)
  }

  private static func tokens(_ element: PolicyElement) throws(PolicyError) -> Int {
    try element.number("a number of tokens", in: 0...999_999_999)
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
