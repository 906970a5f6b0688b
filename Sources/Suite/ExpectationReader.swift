public import Verdicts

/// Reads what is written down beside a capture.
public enum ExpectationReader {
  /// The largest file that is read, in bytes.
  private static let limit = 64 << 20

  /// - Returns: `nil` where there is no such file.
  /// - Throws: ``PolicyError`` with line and column where it says something else than an expectation.
  public static func read(contentsOf path: String) throws(PolicyError) -> Expectation? {
    let bytes: [UInt8]
    do throws(BoundedFile.Failure) {
      bytes = try BoundedFile.read(path, limit: limit)
    } catch {
      guard error != .absent else { return nil }
      throw PolicySource.error(.fileUnreadable, file: path, "it can't be read")
    }
    return try read(text: String(decoding: bytes, as: UTF8.self), file: path)
  }

  public static func read(text: String, file: String) throws(PolicyError) -> Expectation {
    let document = try PolicyDocument(PolicySource(text: text, file: file))
    let fields = try PolicyFields(
      document.element, what: "an expectation",
      names: ["schema", "exit", "because", "requests", "findings", "messages"])
    let schema = try required("schema", fields)
    guard try schema.text(Expectation.schema) == Expectation.schema else {
      throw schema.error(.badSchema, "another schema", expected: Expectation.schema)
    }
    var expectation = Expectation(
      exit: try required("exit", fields).number("an exit code", in: 0...5))
    expectation.because = try fields["because"]?.text("the reason")
    for element in try fields["requests"]?.list(of: "requests") ?? [] {
      expectation.requests.append(try request(element))
    }
    for element in try fields["findings"]?.list(of: "findings") ?? [] {
      expectation.findings.append(try finding(element))
    }
    let messages = try fields["messages"]?.list(of: "messages") ?? []
    guard messages.count == expectation.requests.count else {
      throw (fields["messages"] ?? document.element).error(
        .badValue, "\(messages.count) messages for \(expectation.requests.count) requests",
        expected: "one for each request; write them with --update")
    }
    for (index, element) in messages.enumerated() {
      let pair = try PolicyFields(element, what: "messages", names: ["sent", "answered"])
      expectation.requests[index].sent = try message(required("sent", pair))
      expectation.requests[index].answered = try pair["answered"].map(message)
    }
    return expectation
  }

  private static func required(
    _ name: String, _ fields: PolicyFields
  ) throws(PolicyError) -> PolicyElement {
    guard let element = fields[name] else {
      throw fields.element.error(.missingField, "there is no \(name)")
    }
    return element
  }

  /// `NAME: LINE`, with a reason or without.
  private static func entry(
    _ element: PolicyElement, _ what: String
  ) throws(PolicyError) -> (name: String, line: PolicyElement, because: String?) {
    let pairs = try element.pairs("\(what) with its line, and because: where it needs a reason")
    var named: [(name: String, value: PolicyElement)] = []
    var because: String?
    for pair in pairs {
      if pair.name == "because" {
        because = try pair.value.text("the reason")
      } else {
        named.append(pair)
      }
    }
    guard named.count == 1, let (name, line) = named.first else {
      throw element.error(.badValue, "\(named.count) names in one entry", expected: "one \(what)")
    }
    return (name, line, because)
  }

  private static func request(
    _ element: PolicyElement
  ) throws(PolicyError) -> Expectation.Request {
    let (name, line, because) = try entry(element, "request")
    let wanted = "missing, complete 401, replayed 401 matched"
    let parts = try line.text(wanted).split(
      separator: ", ", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, parts.count < 3 || parts[2].hasPrefix("replayed ") else {
      throw line.error(.badValue, "no verdict and outcome", expected: "such as \"\(wanted)\"")
    }
    var request = Expectation.Request(
      name: name, verdict: String(parts[0]), outcome: String(parts[1]))
    if parts.count == 3 { request.replayed = String(parts[2].dropFirst("replayed ".count)) }
    request.because = because
    return request
  }

  private static func finding(
    _ element: PolicyElement
  ) throws(PolicyError) -> Expectation.Finding {
    let (name, line, because) = try entry(element, "finding")
    let wanted = "error, 2 times"
    let parts = try line.text(wanted).split(separator: ", ")
    guard parts.count == 2, ["error", "no error"].contains(parts[0]), parts[1].hasSuffix(" times"),
      let count = Int(parts[1].dropLast(" times".count))
    else {
      throw line.error(.badValue, "no level and count", expected: "such as \"\(wanted)\"")
    }
    var finding = Expectation.Finding(rule: name, isError: parts[0] == "error", count: count)
    finding.because = because
    return finding
  }

  private static func message(
    _ element: PolicyElement
  ) throws(PolicyError) -> Expectation.Message {
    let fields = try PolicyFields(
      element, what: "a message", names: ["fields", "content", "events"])
    var message = Expectation.Message()
    message.fields = try texts(fields["fields"], "fields")
    message.content = try fields["content"]?.text("a length and a hash")
    message.events = try texts(fields["events"], "events")
    return message
  }

  private static func texts(
    _ element: PolicyElement?, _ what: String
  ) throws(PolicyError) -> [String] {
    var texts: [String] = []
    for entry in try element?.list(of: what) ?? [] { texts.append(try entry.text("text")) }
    return texts
  }
}
