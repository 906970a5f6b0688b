import Testing

@testable import Reports
@testable import Verdicts

@Suite struct GitHubReportTests {
  @Test func oneAnnotationForEachClient() {
    let missing = """
      ::error title=keywitness%3A A missing::agent.pcap: 2 × GET /model/info, by fetch built into \
      node (user-agent: node). Whole head seen; no header that LiteLLM reads a key from \
      (Authorization, x-litellm-api-key, x-api-key, …).%0AChange: give this fetch  headers: \
      { Authorization: `Bearer ${key}` }
      """
    let placeholder = """
      ::error title=keywitness%3A B placeholder::agent.pcap: 1 × POST /chat/completions, by \
      OpenAI/JS 5.8.2. A known stand-in, not a key: this client was never given yours.%0A\
      Change: new OpenAI({ apiKey: <the proxy's key>, … })
      """
    let text = GitHubReport.annotations([SampleJudgement.broken])
    #expect(text == "\(missing)\n\(placeholder)\n")
  }

  @Test func pointsAtThePolicy() {
    var sample = SampleJudgement()
    sample.add("GET", "/a", .ok)
    let judgement = sample.judgement(ruleFindings: [
      Finding(
        rule: "no-500", level: .error, exchange: 1, message: "status 500",
        mark: SourceMark(file: "ci/a,b:keywitness.yml", line: 7, column: 5))
    ])

    #expect(
      GitHubReport.annotations([judgement])
        == "::error file=ci/a%2Cb%3Akeywitness.yml,line=7,col=5,title=keywitness%3A no-500::"
        + "agent.pcap: #1 GET /a: status 500\n")
  }

  @Test func levelsAndOrder() {
    var sample = SampleJudgement()
    sample.add("GET", "/a", .ok)
    let judgement = sample.judgement(ruleFindings: [
      Finding(rule: "n", level: .note, message: "n"),
      Finding(rule: "w", level: .warning, message: "w"),
      Finding(rule: "e", level: .error, message: "e"),
    ])

    #expect(
      GitHubReport.annotations([SampleJudgement.undecided, judgement]).split(separator: "\n")
        .map { $0.prefix { $0 != " " } } == [
          "::error", "::warning", "::warning", "::warning", "::notice",
        ])
  }

  @Test func atMostNineAndWhereTheRestIs() throws {
    var sample = SampleJudgement()
    for number in 0..<12 { sample.add("GET", "/a", .missing, agent: "client \(number)") }
    let lines = GitHubReport.annotations([sample.judgement()]).split(separator: "\n")

    #expect(lines.count == 10)
    #expect(lines.last == "::error title=keywitness%3A 3 more::3 more findings: see summary")
  }

  @Test func whatDidNotPassIsTold() {
    #expect(GitHubReport.annotations([SampleJudgement.good]).isEmpty)
    #expect(
      GitHubReport.annotations([SampleJudgement.nothing])
        == "::error title=keywitness%3A NOTHING TESTED::agent.pcap: no request to a proxy in this "
        + "capture\n")
    #expect(
      GitHubReport.annotations([SampleJudgement.unreadable])
        == "::error title=keywitness%3A capture.not-a-capture::text.pcap: text.pcap is no pcap or "
        + "pcapng file (byte 0)\n")
    #expect(GitHubReport.annotations([]).hasPrefix("::error "))
    for judgement in SampleJudgement.all where judgement.result != .passed {
      #expect(!GitHubReport.annotations([judgement]).isEmpty)
    }
  }

  @Test func hostileTextForgesNoCommand() {
    let text = GitHubReport.annotations([SampleJudgement.ofHostileText])

    #expect(!text.contains("##vso[") && !text.contains("##["))
    #expect(!text.unicodeScalars.contains { $0 == "\r" || $0 == "\u{0}" || $0 == "\u{202E}" })
    let lines = text.split(separator: "\n")
    #expect(lines.count == 5)
    for line in lines {
      #expect(["::error ", "::warning "].contains { line.hasPrefix($0) })
      // The properties end where they are meant to.
      #expect(!line.dropFirst(2).prefix(while: { $0 != ":" }).contains("::"))
    }
  }

  @Test func theSummaryIsTheMarkdown() {
    #expect(GitHubReport.summary(SampleJudgement.all) == MarkdownReport.render(SampleJudgement.all))
  }
}
