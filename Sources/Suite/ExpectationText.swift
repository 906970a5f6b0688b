/// An expectation as YAML 1.2: first what a review reads, a line for each request, then what stood in
/// the messages.
struct ExpectationText {
  private(set) var text = ""

  init(_ expectation: Expectation) {
    line("schema", Expectation.schema)
    text += "exit: \(expectation.exit)\n"
    if let because = expectation.because { line("because", because) }
    if !expectation.requests.isEmpty {
      text += "requests:\n"
      for request in expectation.requests { write(request) }
    }
    if !expectation.findings.isEmpty {
      text += "findings:\n"
      for finding in expectation.findings { write(finding) }
    }
    if !expectation.requests.isEmpty {
      text += "messages:\n"
      for request in expectation.requests {
        write(request.sent, as: "- sent")
        if let answer = request.answered { write(answer, as: "  answered") }
      }
    }
  }

  private mutating func line(_ name: String, _ value: String, indent: String = "") {
    text += "\(indent)\(name): \(Self.scalar(value))\n"
  }

  private mutating func write(_ request: Expectation.Request) {
    text += "  - \(Self.scalar(request.name)): \(Self.scalar(request.line))\n"
    if let because = request.because { line("because", because, indent: "    ") }
  }

  private mutating func write(_ finding: Expectation.Finding) {
    text += "  - \(Self.scalar(finding.rule)): \(Self.scalar(finding.line))\n"
    if let because = finding.because { line("because", because, indent: "    ") }
  }

  private mutating func write(_ message: Expectation.Message, as name: String) {
    text += "  \(name):\n"
    text += "      fields:\(message.fields.isEmpty ? " []" : "")\n"
    for field in message.fields { text += "        - \(Self.quoted(field))\n" }
    if let content = message.content { line("content", content, indent: "      ") }
    guard !message.events.isEmpty else { return }
    text += "      events:\n"
    for event in message.events { text += "        - \(Self.quoted(event))\n" }
  }

  /// Plain where YAML takes it for text, and for nothing else.
  static func scalar(_ text: String) -> String {
    let isPlain =
      text.unicodeScalars.first.map { $0.isASCII && $0.properties.isAlphabetic } == true
      && text.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) && $0 != "\"" }
      && !text.contains(": ") && !text.contains(" #") && !text.hasSuffix(":")
      && !text.hasSuffix(" ")
      && !["true", "false", "null", "yes", "no", "on", "off"].contains(text.lowercased())
    return isPlain ? text : quoted(text)
  }

  /// In double quotes (YAML 1.2, 7.3.1).
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        quoted += "\\"
        quoted.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
        quoted += "\\x" + hexadecimal(scalar.value, 2)
      case "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}":
        quoted += "\\u" + hexadecimal(scalar.value, 4)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  private static func hexadecimal(_ value: UInt32, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

extension Expectation {
  /// As it is written down.
  public var text: String { ExpectationText(self).text }
}
