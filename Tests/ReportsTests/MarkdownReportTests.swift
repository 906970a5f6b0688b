import Testing

@testable import Reports
@testable import Verdicts

@Suite struct MarkdownReportTests {
  @Test func tellsTheBugThatTheProjectComesFrom() {
    let markdown = MarkdownReport.render([SampleJudgement.broken])

    #expect(
      markdown == #"""
        ## FAIL: agent\.pcap

        3 of 3 requests reached the proxy without a usable key; 2 clients at fault

        Proxy\: 127\.0\.0\.1\:4002

        | | id | request | credential sent | proxy answered |
        |---|--:|---|---|---|
        | **missing** | 1 | ` GET /model/info ` | ` none ` | ` 401 No api key passed in. ` |
        | **placeholder** | 2 | ` POST /chat/completions ` | ` Bearer dummy-key-for-proxy ` | ` 401 LiteLLM Virtual Key expected. ` |
        | **missing** | 3 | ` GET /model/info ` | ` none ` | ` 401 No api key passed in. ` |

        **A: missing**, 2 × GET /model/info, by fetch built into node \(user\-agent\: node\)

        Whole head seen; no header that LiteLLM reads a key from \(Authorization\, x\-litellm\-api\-key\, x\-api\-key\, …\)\.

        **Change:** give this fetch  headers\: \{ Authorization\: \`Bearer \$\{key\}\` \}

        **B: placeholder**, 1 × POST /chat/completions, by OpenAI/JS 5\.8\.2

        A known stand\-in\, not a key\: this client was never given yours\.

        **Change:** new OpenAI\(\{ apiKey\: &lt;the proxy's key&gt;\, … \}\)

        Likely source (A and B together look like Bytebot's agent; both must change):

        - A: packages/bytebot\-agent/src/tasks/tasks\.controller\.ts getModels\(\)
        - B: packages/bytebot\-agent/src/proxy/proxy\.service\.ts constructor

        There\, LITELLM\_MASTER\_KEY\, OPENAI\_API\_KEY or BYTEBOT\_LLM\_PROXY\_KEY in the environment changes neither\.

        Seen whole\: 30 frames\, 0 payload bytes\, 0 missing\, 0 unexplained

        """#)
  }

  @Test func headlinesNameTheResult() {
    let markdown = MarkdownReport.render(SampleJudgement.all)

    #expect(
      markdown.hasPrefix(
        "**6 captures: 1 UNREADABLE, 2 FAIL, 1 CAN'T TELL, 1 NOTHING TESTED, 1 PASS**\n"))
    for headline in [
      #"## FAIL: agent\.pcap"#, #"## PASS: fixed\.pcap"#, #"## NOTHING TESTED: agent\.pcap"#,
      #"## UNREADABLE: text\.pcap"#, #"## CAN'T TELL: holes\.pcap"#,
    ] {
      #expect(markdown.split(separator: "\n").contains { $0 == headline })
    }
    #expect(MarkdownReport.render([]) == "**NOTHING TESTED**: no capture was judged\n")
  }

  @Test func tellsWhatCouldNotBeJudged() {
    let markdown = MarkdownReport.render([SampleJudgement.undecided])

    #expect(markdown.contains("\nCould not be judged:\n\n- warning **unknown**: GET /model/info"))
    #expect(markdown.contains("- warning **hole**: 400 bytes from client to server are missing"))
    #expect(!markdown.contains("Also found:"))
  }

  @Test func keepsFailedRowsFirst() {
    var sample = SampleJudgement()
    for number in 0..<60 { sample.add("GET", "/ok/\(number)", .ok) }
    for number in 0..<3 { sample.add("GET", "/bad/\(number)", .missing) }
    sample.addUnlisted(7, .ok)
    let markdown = MarkdownReport.render([sample.judgement()])

    let rows = markdown.split(separator: "\n").filter { $0.contains("` GET /") }
    #expect(rows.count == 50)
    #expect(rows.suffix(3).allSatisfy { $0.hasPrefix("| **missing** |") })
    #expect(rows.dropLast(3).last?.contains("/ok/46 ") == true)
    #expect(markdown.contains("\n… and 20 more\n"))
  }

  @Test func alikeFindingsAreOne() {
    var sample = SampleJudgement()
    for _ in 0..<30 { sample.add("GET", "/a", .ok, answer: "401 no", isRefused: true) }
    let markdown = MarkdownReport.render([sample.judgement()])

    #expect(markdown.components("refused\\-by\\-litellm**:") == 1)
    #expect(markdown.contains(#"\(and 29 more like it\)"#))
  }

  @Test func hostileTextStaysText() {
    let markdown = MarkdownReport.render([SampleJudgement.ofHostileText])

    #expect(!markdown.contains("##vso[") && !markdown.contains("##["))
    #expect(!markdown.contains { $0 == "\u{0}" || $0 == "\u{1B}" || $0 == "\r" || $0 == "\r\n" })
    #expect(!markdown.unicodeScalars.contains { $0 == "\u{202E}" })
    let lines = markdown.split(separator: "\n")
    #expect(!lines.contains { $0.drop { $0 == " " }.hasPrefix("::") })
    // Six bars that aren't escaped make five cells.
    for row in lines where row.hasPrefix("| **") {
      let bars = row.replacing(#"\|"#, with: "").count { $0 == "|" }
      #expect(bars == 6, "\(row)")
    }
    // Outside code spans, nothing is an element, a link or a mention.
    for line in lines where !line.hasPrefix("|") {
      #expect(!line.contains("<b"))
      #expect(!line.contains("]("))
      #expect(!line.contains("@all"))
    }
  }

  @Test func staysWithinTheSizeOfASummary() {
    var sample = SampleJudgement()
    for _ in 0..<50 {
      sample.add(
        "GET", String(repeating: "/x", count: 150), .missing, agent: SampleJudgement.hostile)
    }
    let judgements = Array(repeating: sample.judgement(), count: 100) + [SampleJudgement.good]
    let markdown = MarkdownReport.render(judgements)

    #expect(markdown.utf8.count < 1 << 20)
    #expect(markdown.components("## FAIL:") == 100)
    #expect(markdown.components("## PASS:") == 1)
  }
}

extension String {
  /// How often it holds `part`.
  fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
