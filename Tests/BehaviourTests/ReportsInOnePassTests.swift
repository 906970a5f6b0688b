import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Several reports of one run, and where each goes.
@Suite("All reports come of one pass") struct ReportsInOnePassTests {
  private static let capture = RecordedCapturesTests.folder + "/agent-broken.pcap"

  private func isXML(_ bytes: [UInt8]) -> Bool { XMLParser(data: Data(bytes)).parse() }

  @Test func allReportsAreWritten() throws {
    let folder = try Folder()
    let result = try Executable.run([
      "check", "--report", "text", "--report", "junit=\(folder.path)/report.xml", "--report",
      "ndjson=\(folder.path)/records.ndjson", Self.capture,
    ])
    #expect(result.code == 1)
    #expect(result.output.hasPrefix("FAIL"))
    #expect(try folder.names() == ["records.ndjson", "report.xml"])
    #expect(isXML(try Folder.bytes(folder.path + "/report.xml")))
    let records = try Record.records(Folder.text(folder.path + "/records.ndjson"))
    #expect(records.verdicts == ["missing", "placeholder", "missing"])
  }

  @Test func reportsSayTheSameAsEachAlone() throws {
    let folder = try Folder()
    let together = try Executable.run([
      "check", "--report", "text", "--report", "junit=\(folder.path)/report.xml", "--report",
      "markdown=\(folder.path)/report.md", Self.capture,
    ])
    func alone(_ format: String) throws -> String {
      try Executable.run(["check", "--report", format, Self.capture]).output
    }
    #expect(together.output == (try alone("text")))
    #expect(try Folder.text(folder.path + "/report.xml") == alone("junit"))
    #expect(try Folder.text(folder.path + "/report.md") == alone("markdown"))
  }

  @Test func textStaysOnStandardOutputBesideAFile() throws {
    let folder = try Folder()
    let result = try Executable.run([
      "check", "--report", "junit=\(folder.path)/report.xml", Self.capture,
    ])
    #expect(result.output.hasPrefix("FAIL"))
  }

  @Test func recordsOnStandardOutputAreNothingButJSON() throws {
    let result = try Executable.run(["check", "--report", "ndjson", Self.capture])
    let kinds = try Record.records(result.output).map(\.kind)
    #expect(kinds.first == "capture")
    #expect(kinds.filter { $0 == "exchange" }.count == 3)
    #expect(kinds.filter { $0 == "finding" }.count == 3)
    #expect(kinds.last == "ledger")
  }

  /// Where nobody wants their records, the most of them are only counted.
  @Test func eachExchangeHasItsRecordHoweverManyThereAre() throws {
    var talk = Conversation()
    for _ in 0..<1500 {
      talk.client(
        Dialogue.request(
          "GET", "/model/info", fields: ["Authorization: Bearer \(Dialogue.key)"]))
      talk.server(Dialogue.answer())
    }
    talk.close()
    let file = try ScratchFile(packets: talk.packets())
    let result = try Executable.run(["check", "--report", "ndjson", file.path])
    let records = try Record.records(result.output)
    #expect(records.filter { $0.kind == "exchange" }.count == 1500)
    let text = try Executable.run(["check", file.path])
    #expect(text.code == 0 && text.output.contains("1500 requests"))
  }

  @Test func recordsOfADamagedFileAreNothingButJSON() throws {
    let file = try ScratchFile(Array("this is no capture at all".utf8))
    let result = try Executable.run(["check", "--report", "ndjson", file.path])
    #expect(result.code == 3)
    #expect(try Record.records(result.output).last?.kind == "error")
  }

  @Test func standardOutputIsNothingButXML() throws {
    let result = try Executable.run(["check", "--report", "junit", Self.capture])
    #expect(isXML(Array(result.output.utf8)))
  }

  @Test func junitOfHostileBytesIsXML() throws {
    let file = try ScratchFile(packets: RedactionBehaviourTests.hostile)
    let result = try Executable.run(["check", "--report", "junit", file.path])
    #expect(isXML(Array(result.output.utf8)))
  }

  @Test func junitCountsItsFailures() throws {
    let result = try Executable.run(["check", "--report", "junit", Self.capture])
    #expect(result.output.contains(#"tests="3" failures="3""#))
  }

  @Test func githubAnnotatesAndAppendsItsSummary() throws {
    let folder = try Folder()
    let summary = try folder.file("summary.md", "before\n")
    let result = try Executable.run(
      ["check", "--report", "github", Self.capture], environment: ["GITHUB_STEP_SUMMARY": summary])
    #expect(result.output.split(separator: "\n").allSatisfy { $0.hasPrefix("::") })
    #expect(try Folder.text(summary).hasPrefix("before\n"))
    #expect(try Folder.text(summary).count > 50)
  }

  @Test func githubGivesAtMostNineAnnotations() throws {
    var dialogue = Dialogue()
    for number in 0..<30 { dialogue.ask(fields: ["User-Agent: agent-\(number)"]) }
    let result = try Executable.run(["check", "--report", "github", try dialogue.file().path])
    let annotations = result.output.split(separator: "\n").filter {
      $0.hasPrefix("::error") || $0.hasPrefix("::warning")
    }
    #expect(annotations.count <= 10)
    #expect(annotations.count >= 9)
    #expect(result.output.contains("see summary") || result.output.contains("summary"))
  }

  @Test func severalCapturesAreInOneReport() throws {
    let fixed = RecordedCapturesTests.folder + "/agent-fixed.pcap"
    let result = try Executable.run(["check", Self.capture, fixed])
    #expect(
      result.output.contains("agent-broken.pcap") && result.output.contains("agent-fixed.pcap"))
    #expect(result.output.contains("1 FAIL, 1 PASS"))
  }

  @Test func directoryStandsForItsCaptures() throws {
    let folder = try Folder()
    try folder.file("a.pcap", bytes: try Folder.bytes(Self.capture))
    try folder.file("notes.txt", "nothing")
    let result = try Executable.run(["check", folder.path])
    #expect(result.code == 1)
    #expect(result.output.contains("a.pcap"))
  }

  @Test func ofSeveralCapturesTheDamagedOneDoesNotHideTheOthers() throws {
    let file = try ScratchFile(Array("this is no capture at all".utf8))
    let result = try Executable.run(["check", file.path, Self.capture])
    #expect(result.code == 3)
    #expect(result.output.contains("2 clients at fault"))
  }

  @Test func reportThatIsRewrittenIsWhole() throws {
    let folder = try Folder()
    let target = try folder.file("report.xml", String(repeating: "old ", count: 10_000))
    _ = try Executable.run(["check", "--report", "junit=\(target)", Self.capture])
    #expect(isXML(try Folder.bytes(target)))
  }

  @Test func progressIsNotWrittenWhereThereIsNoTerminal() throws {
    #expect(
      try Executable.run(["check", RecordedCapturesTests.folder + "/empty.pcap"]).errors == "")
  }

  @Test func colourIsOffUnlessAsked() throws {
    #expect(!(try Executable.run(["check", Self.capture]).output.contains("\u{1B}")))
    let colored = try Executable.run(["check", "--color", "always", Self.capture])
    #expect(colored.output.contains("\u{1B}["))
  }
}
