internal import Redaction

/// The reports of a regression suite: a folder of captures with their expectations.
public struct SuiteReport: Sendable {
  public var folder: String
  public var captures: [TestedCapture]

  public init(folder: String, captures: [TestedCapture]) {
    self.folder = folder
    self.captures = captures
  }

  private var different: Int { captures.count { !$0.problems.isEmpty } }
  private var explained: Int { captures.reduce(0) { $0 + $1.explained } }
  private var requests: Int { captures.reduce(0) { $0 + $1.requests } }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// `23 captures with 80 requests: all as expected; 12 expectations other than ok, each with its reason`
  private var summary: String {
    let same = different == 0 ? "all as expected" : "\(different) not as expected"
    let reasons =
      explained == 0
      ? ""
      : "; \(Self.count(explained, "expectation")) other than ok, \(explained == 1 ? "" : "each ")with "
        + "a reason"
    return
      "\(Self.count(captures.count, "capture")) with \(Self.count(requests, "request")): "
      + same + reasons
  }

  // MARK: For people

  public func text(colored isColored: Bool) -> String {
    let style = Style(isOn: isColored)
    var text = ""
    let width = min(40, captures.map(\.name.count).max() ?? 0)
    for capture in captures {
      let isGood = capture.problems.isEmpty
      let word = isGood ? style.green("ok  ") : style.red("FAIL")
      let name = TerminalText.escape(capture.name)
      let padding = String(repeating: " ", count: max(0, width - name.count))
      text += "\(word)  \(name)\(padding)  \(Self.count(capture.requests, "request"))"
      if capture.explained > 0 { text += style.dim(", \(capture.explained) other than ok") }
      text += "\n"
      for line in capture.update ?? [] { text += "        \(Self.told(line, style))\n" }
      for line in capture.problems { text += "      \(TerminalText.escape(line))\n" }
    }
    let word = different == 0 ? style.green("PASS") : style.red("FAIL")
    return text + "\(word)  \(summary)\n"
  }

  private static func told(_ line: String, _ style: Style) -> String {
    let safe = TerminalText.escape(line)
    return safe.hasPrefix("+") ? style.green(safe) : safe.hasPrefix("-") ? style.red(safe) : safe
  }

  // MARK: For machines

  /// One test case a capture.
  public var junit: String {
    let cases = captures.map { capture in
      var tested = JUnitCase(name: capture.name, className: folder)
      if let first = capture.problems.first {
        tested.outcome = .failure(
          JUnitCase.Problem(
            type: "unexpected",
            message: capture.problems.count == 1
              ? first : "\(first) (and \(capture.problems.count - 1) more)",
            lines: capture.problems))
      }
      return tested
    }
    return JUnitReport.document([JUnitSuite(name: folder, cases: cases, output: summary)])
  }

  public var markdown: String {
    var text = "**\(different == 0 ? "PASS" : "FAIL")** \(MarkdownText.inline(summary))\n"
    for capture in captures where !capture.problems.isEmpty {
      text += "\n* \(MarkdownText.code(Array(capture.name.utf8)))\n"
      for line in capture.problems { text += "  * \(MarkdownText.code(Array(line.utf8)))\n" }
    }
    return text
  }

  /// Annotations of GitHub Actions.
  public var github: String {
    GitHubReport.errors(
      captures.filter { !$0.problems.isEmpty }.map {
        (title: $0.name, message: $0.problems.joined(separator: "\n"))
      })
  }
}
