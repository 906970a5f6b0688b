internal import Redaction
public import Verdicts

/// The report that CI systems read as test results: JUnit's XML, one suite a capture, one test case
/// a request.
///
/// A violation is a failure; what could not be judged is an error; an exempt request is skipped. A
/// capture that didn't pass never looks as if it had. XML 1.0 whatever the capture holds.
public enum JUnitReport {
  /// The whole document, UTF-8 when written.
  public static func render(_ judgements: [Judgement]) -> String {
    document(judgements.isEmpty ? [JUnitSuite.ofNoCapture] : judgements.map { JUnitSuite($0) })
  }

  static func document(_ suites: [JUnitSuite]) -> String {
    var body = ""
    var totals = JUnitCounts()
    for suite in suites {
      let counts = JUnitCounts(suite.cases)
      totals.add(counts)
      write(suite, counts, to: &body)
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + "<testsuites name=\"keywitness\"\(attributes(totals))>\n\(body)</testsuites>\n"
  }

  private static func write(_ suite: JUnitSuite, _ counts: JUnitCounts, to xml: inout String) {
    xml += "  <testsuite name=\"\(attribute(suite.name))\"\(attributes(counts))>\n"
    if !suite.properties.isEmpty {
      xml += "    <properties>\n"
      for (name, value) in suite.properties {
        xml += "      <property name=\"\(attribute(name))\" value=\"\(attribute(value))\"/>\n"
      }
      xml += "    </properties>\n"
    }
    for testCase in suite.cases { write(testCase, to: &xml) }
    if !suite.output.isEmpty {
      xml += "    <system-out>\(element(suite.output.split(separator: "\n").map(String.init)))"
      xml += "</system-out>\n"
    }
    xml += "  </testsuite>\n"
  }

  private static func write(_ testCase: JUnitCase, to xml: inout String) {
    xml += "    <testcase name=\"\(attribute(testCase.name))\""
    xml += " classname=\"\(attribute(testCase.className))\""
    if let duration = testCase.duration { xml += " time=\"\(seconds(duration))\"" }
    switch testCase.outcome {
    case .passed:
      xml += "/>\n"
      return
    case .skipped(let message):
      xml += ">\n      <skipped message=\"\(attribute(message))\"/>\n"
    case .failure(let problem):
      xml += ">\n"
      write(problem, as: "failure", to: &xml)
    case .error(let problem):
      xml += ">\n"
      write(problem, as: "error", to: &xml)
    }
    xml += "    </testcase>\n"
  }

  private static func write(
    _ problem: JUnitCase.Problem, as tag: String, to xml: inout String
  ) {
    xml += "      <\(tag) type=\"\(attribute(problem.type))\""
    xml += " message=\"\(attribute(problem.message))\""
    xml += problem.lines.isEmpty ? "/>\n" : ">\(element(problem.lines))</\(tag)>\n"
  }

  private static func attributes(_ counts: JUnitCounts) -> String {
    " tests=\"\(counts.tests)\" failures=\"\(counts.failures)\" errors=\"\(counts.errors)\""
      + " skipped=\"\(counts.skipped)\" time=\"\(seconds(counts.duration))\""
  }

  /// Seconds with six decimals; a clock that ran backwards counts as none.
  private static func seconds(_ nanoseconds: Int64) -> String {
    let microseconds = max(0, nanoseconds) / 1000
    let fraction = String(microseconds % 1_000_000)
    return "\(microseconds / 1_000_000)."
      + String(repeating: "0", count: 6 - fraction.count) + fraction
  }

  // The report may go to a CI system's log, which reads commands out of what it logs.

  private static func attribute(_ text: String) -> String {
    XMLText.attribute(GitHubCommandText.neutralized(TerminalText.escape(text)))
  }

  /// Each of the lines stays one.
  private static func element(_ lines: [String]) -> String {
    lines.map { XMLText.element(GitHubCommandText.neutralized(TerminalText.escape($0))) }
      .joined(separator: "\n")
  }
}
