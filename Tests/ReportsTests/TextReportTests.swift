import Testing

@testable import Reports
@testable import Verdicts

@Suite struct TextReportTests {
  @Test func aRulesFindingSaysWhichRequestItIsAbout() {
    var sample = SampleJudgement()
    for target in ["/a", "/b", "/c", "/d", "/e"] { sample.add("POST", target, .ok) }
    func finding(_ exchange: Int, _ message: String) -> Finding {
      Finding(rule: "no-500", level: .error, exchange: exchange, message: message)
    }
    let text = TextReport.render(
      [
        sample.judgement(ruleFindings: [
          finding(1, "status 500"), finding(2, "status 500"), finding(3, "status 502"),
          finding(4, "status 500"), finding(5, "status 500"),
        ])
      ], colored: false)

    #expect(
      text.contains(
        "error  no-500: status 500 (4 requests)\n   #1 POST /a, #2 POST /b, #4 POST /d, …\n"
          + "error  no-500: status 502\n   #3 POST /c\n"))
  }

  @Test func aRequestIsntToldTwice() {
    var sample = SampleJudgement()
    sample.add("GET", "/a", .ok)
    let finding = Finding(rule: "r", level: .error, exchange: 1, message: "GET /a was refused")
    #expect(
      !TextReport.render([sample.judgement(ruleFindings: [finding])], colored: false)
        .contains("#1 GET"))
  }
}
