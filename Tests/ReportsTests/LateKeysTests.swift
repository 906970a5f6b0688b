import Redaction
import Testing

@testable import Reports
@testable import Verdicts

/// A key that becomes known in a later capture is hidden in all that was said of an earlier one.
@Suite struct LateKeysTests {
  @Test func nothingThatIsReportedHoldsIt() throws {
    let key = "sk-late-7Qm2Xw9Lr4Tz1V"
    var sample = SampleJudgement()
    for _ in 0..<2 {
      sample.add(
        "GET", "/a/\(key)", .missing, agent: "agent \(key)", answer: "401 No api key, \(key)")
      sample.predict(
        ProxyPrediction(refusals: [.init(status: 401, gist: "No \(key)")], differs: true))
    }
    var judgement = sample.judgement(ruleFindings: [
      Finding(rule: "r", level: .warning, message: "of \(key)")
    ])
    var redactor = Redactor()
    _ = redactor.keys.fingerprint(of: Array(key.utf8))
    let reports: (Judgement) -> [String] = { judgement in
      [
        TextReport.render([judgement], colored: false), JUnitReport.render([judgement]),
        MarkdownReport.render([judgement]), GitHubReport.annotations([judgement]),
        judgement.findings.map { $0.message + $0.help }.joined(),
      ]
    }
    #expect(reports(judgement).allSatisfy { $0.contains(key) })
    judgement.replaceKeys(&redactor)
    #expect(!reports(judgement).contains { $0.contains(key) })
    #expect(judgement.findings.contains { $0.rule == "differs-from-litellm" })
  }
}
