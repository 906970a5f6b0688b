import Foundation
import Testing

@testable import Exchanges
@testable import Reports
@testable import Verdicts
@testable import Wire

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct JUnitReportTests {
  @Test func violationsAreFailures() throws {
    let document = try Document(JUnitReport.render([SampleJudgement.broken]))

    let suite = try #require(document.elements("testsuite").first)
    #expect(suite["name"] == "agent.pcap")
    #expect(suite["tests"] == "3")
    #expect(suite["failures"] == "3")
    #expect(suite["errors"] == "0")
    #expect(suite["skipped"] == "0")
    #expect(suite["time"] == "0.004500")
    #expect(
      document.elements("testcase").map { $0["name"] } == [
        "#1 GET /model/info", "#2 POST /chat/completions", "#3 GET /model/info",
      ])
    #expect(document.elements("testcase").allSatisfy { $0["classname"] == "127.0.0.1:4002" })
    #expect(document.elements("testcase").allSatisfy { $0["time"] == "0.001500" })

    let failure = try #require(document.elements("failure").dropFirst().first)
    #expect(failure["type"] == "placeholder")
    #expect(
      failure["message"]
        == "POST /chat/completions: placeholder; OpenAI/JS 5.8.2; sent Bearer dummy-key-for-proxy")
    #expect(failure.text.contains("B: A known stand-in, not a key"))
    #expect(failure.text.contains("Change: new OpenAI({ apiKey: <the proxy's key>, … })"))
    #expect(failure.text.contains("Frames: 4-6"))
  }

  @Test func unknownsAndDoubtsAreErrors() throws {
    let document = try Document(JUnitReport.render([SampleJudgement.undecided]))

    #expect(document.totals == Totals(tests: 3, failures: 0, errors: 2, skipped: 0))
    #expect(document.elements("error").map { $0["type"] } == ["unknown", "hole"])
    #expect(
      document.elements("testcase").last?["name"]
        == "connection 3 hole: 400 bytes from client to server are missing before frame 17 on: "
        + "a request could hide there")
  }

  @Test func exemptRequestsAreSkipped() throws {
    let document = try Document(JUnitReport.render([SampleJudgement.good]))

    #expect(document.totals == Totals(tests: 2, failures: 0, errors: 0, skipped: 1))
    #expect(document.elements("skipped").first?["message"] == "exempt: public route")
  }

  @Test func absentRequestsFail() throws {
    var sample = SampleJudgement()
    sample.options.required = [try RequestPattern("POST /chat/completions")]
    sample.add("GET", "/model/info", .ok)
    let document = try Document(JUnitReport.render([sample.judgement()]))

    #expect(document.totals == Totals(tests: 2, failures: 1, errors: 0, skipped: 0))
    #expect(document.elements("failure").first?["type"] == "required-request")
    #expect(document.elements("testcase").last?["classname"] == "policy")
  }

  @Test func refusalsFail() throws {
    var sample = SampleJudgement()
    sample.add("GET", "/model/info", .ok, answer: "401 Invalid proxy server token", isRefused: true)
    let document = try Document(JUnitReport.render([sample.judgement()]))

    #expect(document.totals == Totals(tests: 1, failures: 1, errors: 0, skipped: 0))
    #expect(document.elements("failure").first?["type"] == "refused-by-litellm")
  }

  @Test func aRulesFindingFailsItsRequest() throws {
    var sample = SampleJudgement()
    sample.add("GET", "/a", .ok)
    sample.add("GET", "/b", .exempt)
    let mark = SourceMark(file: "keywitness.yml", line: 7, column: 5)
    let judgement = sample.judgement(ruleFindings: [
      Finding(rule: "no-500", level: .error, exchange: 2, message: "status 500", mark: mark),
      Finding(rule: "has-answer", level: .warning, exchange: 1, message: "none", mark: mark),
      // Of a request for which there is no row.
      Finding(rule: "no-500", level: .error, exchange: 9, message: "status 503", mark: mark),
    ])
    let document = try Document(JUnitReport.render([judgement]))

    #expect(document.totals == Totals(tests: 3, failures: 2, errors: 1, skipped: 0))
    #expect(document.elements("failure").first?.text.contains("keywitness.yml:7:5") == true)
    #expect(document.elements("testcase").last?["name"] == "#9 no-500: status 503")
  }

  @Test func unusedLinesOfThePolicyFailOnlyWhereStrict() throws {
    var sample = SampleJudgement()
    let mark = SourceMark(file: "k.yml", line: 1, column: 1)
    sample.options.policy = Policy(exemptions: [
      Exemption(pattern: try RequestPattern("GET /ui"), mark: mark)
    ])
    sample.add("GET", "/model/info", .ok)
    let lenient = try Document(JUnitReport.render([sample.judgement()]))
    sample.options.isStrict = true
    let strict = try Document(JUnitReport.render([sample.judgement()]))

    #expect(lenient.totals == Totals(tests: 2, failures: 0, errors: 0, skipped: 1))
    #expect(strict.totals == Totals(tests: 2, failures: 1, errors: 0, skipped: 0))
  }

  @Test func noSuiteThatTestedNothingLooksPassed() throws {
    for judgement in [SampleJudgement.nothing, SampleJudgement.unreadable] {
      let document = try Document(JUnitReport.render([judgement]))
      #expect(document.totals == Totals(tests: 1, failures: 0, errors: 1, skipped: 0))
    }
    #expect(
      try Document(JUnitReport.render([])).totals
        == Totals(tests: 1, failures: 0, errors: 1, skipped: 0))

    var exempt = SampleJudgement()
    exempt.add("GET", "/health/liveliness", .exempt)
    #expect(
      try Document(JUnitReport.render([exempt.judgement()])).totals
        == Totals(tests: 2, failures: 0, errors: 1, skipped: 1))

    var allowed = SampleJudgement()
    allowed.options.allowsEmpty = true
    #expect(
      try Document(JUnitReport.render([allowed.judgement()])).totals
        == Totals(tests: 1, failures: 0, errors: 0, skipped: 1))
  }

  @Test func damageMidwayIsAnError() throws {
    var sample = SampleJudgement()
    sample.add("GET", "/model/info", .ok)
    sample.ledger.failure = .init(.badRecordLength, "is damaged", file: "a.pcap", offset: 99)
    let document = try Document(JUnitReport.render([sample.judgement()]))

    #expect(document.totals == Totals(tests: 2, failures: 0, errors: 1, skipped: 0))
    #expect(document.elements("error").first?["type"] == "capture.bad-record-length")
    #expect(document.elements("error").first?["message"] == "a.pcap is damaged (byte 99)")
  }

  @Test func requestsWithoutARowAreCounted() throws {
    var sample = SampleJudgement()
    sample.add("GET", "/model/info", .ok)
    sample.addUnlisted(4, .ok)
    sample.addUnlisted(1, .exempt)
    sample.addUnlisted(3, .unknown)
    sample.addUnlisted(2, .missing)
    let document = try Document(JUnitReport.render([sample.judgement()]))

    #expect(document.totals == Totals(tests: 5, failures: 1, errors: 1, skipped: 1))
    #expect(
      document.elements("testcase").dropFirst().map { $0["name"] } == [
        "2 more requests failed", "3 more requests could not be judged", "4 more requests passed",
        "1 more request is exempt",
      ])
  }

  @Test func timesNeverTrap() throws {
    var sample = SampleJudgement()
    for duration in [Int64.max, .max, .min, -1, nil] {
      sample.add("GET", "/model/info", .ok, duration: duration)
    }
    let document = try Document(JUnitReport.render([sample.judgement()]))

    #expect(document.elements("testsuite").first?["time"] == "9223372036.854775")
    #expect(document.elements("testcase").last?["time"] == nil)
  }

  @Test func hostileTextStaysText() throws {
    let xml = JUnitReport.render([SampleJudgement.ofHostileText])
    let document = try Document(xml)

    #expect(document.totals == Totals(tests: 6, failures: 3, errors: 2, skipped: 1))
    #expect(document.elements("b").isEmpty)
    #expect(
      document.elements("testcase").first?["name"]?.contains("]]><b a=\"1\" b='2'>&amp;") == true)
    #expect(!xml.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{FFFE}" })
    #expect(!xml.contains("##vso[") && !xml.contains("##["))
    #expect(!xml.split(separator: "\n").contains { $0.drop { $0 == " " }.hasPrefix("::") })
  }

  @Test func anyCharacterMakesXML() throws {
    var sample = SampleJudgement()
    for start in stride(from: UInt32(0), through: 0x1_FFFF, by: 64) {
      let scalars = (start..<start + 64).compactMap(Unicode.Scalar.init)
      sample.add("GET", String(String.UnicodeScalarView(scalars)), .missing)
    }
    _ = try Document(JUnitReport.render([sample.judgement()]))
  }

  @Test func countsAddUp() throws {
    let document = try Document(JUnitReport.render(SampleJudgement.all))

    let suites = document.elements("testsuite")
    #expect(suites.count == SampleJudgement.all.count)
    for name in ["tests", "failures", "errors", "skipped"] {
      let sum = suites.compactMap { $0[name].flatMap(Int.init) }.reduce(0, +)
      #expect(document.elements("testsuites").first?[name] == "\(sum)")
    }
    #expect(document.totals.tests == document.elements("testcase").count)
    #expect(document.totals.failures == document.elements("failure").count)
    #expect(document.totals.errors == document.elements("error").count)
    #expect(document.totals.skipped == document.elements("skipped").count)
    // Red exactly where the capture didn't pass.
    for (judgement, suite) in zip(SampleJudgement.all, suites) {
      let isGreen = suite["failures"] == "0" && suite["errors"] == "0"
      #expect(isGreen == (judgement.result == .passed))
    }
  }
}

private struct Totals: Equatable {
  var tests: Int
  var failures: Int
  var errors: Int
  var skipped: Int
}

/// A document as a real XML parser reads it.
private struct Document {
  struct Element {
    var name: String
    var attributes: [String: String]
    var text = ""

    subscript(_ attribute: String) -> String? { attributes[attribute] }
  }

  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [Element] = []
    var open: [Int] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      open.append(elements.count)
      elements.append(Element(name: name, attributes: attributes))
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      if let last = open.last { elements[last].text += text }
    }
  }

  private var all: [Element]

  init(_ xml: String) throws {
    let reader = Reader()
    let parser = XMLParser(data: Data(xml.utf8))
    parser.delegate = reader
    try #require(parser.parse(), "not well formed: \(xml)")
    all = reader.elements
  }

  func elements(_ name: String) -> [Element] { all.filter { $0.name == name } }

  var totals: Totals {
    let root = elements("testsuites").first
    func number(_ name: String) -> Int { root?[name].flatMap(Int.init) ?? -1 }
    return Totals(
      tests: number("tests"), failures: number("failures"), errors: number("errors"),
      skipped: number("skipped"))
  }
}
