import TestSupport
import Testing

/// Help shows what works, in the contract's groups, and nothing else.
@Suite("Help shows what works") struct HelpTests {
  private static let commands = ["check", "list", "show", "export", "sanitize", "replay"]
  /// Those that read no capture.
  private static let others = ["run", "stub", "tap", "test", "merge", "capture"]

  private func help(_ arguments: [String]) throws -> String {
    let result = try Executable.run(arguments)
    #expect(result.code == 0)
    #expect(result.errors.isEmpty)
    return result.output
  }

  /// The names below a heading.
  private func group(_ heading: String, _ text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0.lowercased().hasPrefix(heading) }) else {
      return []
    }
    return lines[(start + 1)...].prefix { !$0.isEmpty }
      .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  @Test func commandsStandInTheContractsGroups() throws {
    let text = try help(["--help"])
    #expect(group("look", text) == ["check", "list", "show"])
    #expect(group("live", text) == ["capture", "tap"])
    #expect(group("ci", text) == ["run", "test"])
    #expect(group("servers", text) == ["stub", "replay", "merge"])
    #expect(group("files", text) == ["export", "sanitize"])
  }

  @Test func commandsThatDoNotWorkYetAreNotShown() throws {
    let text = try help(["--help"])
    for name in ["diff"] {
      #expect(
        !text.split(separator: "\n").contains { $0.hasPrefix("  \(name) ") }, "\(name) is shown")
    }
  }

  @Test func formatsThatDoNotWorkYetAreNotShown() throws {
    #expect(!(try help(["check", "--help"]).contains("html")))
    #expect(!(try help(["export", "--help"]).contains("har,")))
  }

  @Test(arguments: commands) func everyCommandTakesKeyLogs(_ command: String) throws {
    #expect(try help([command, "--help"]).contains("--keylog"))
  }

  @Test(arguments: commands + others) func everyCommandShowsExamplesOfItself(_ command: String)
    throws
  {
    let text = try help([command, "--help"])
    #expect(text.contains("Examples:"))
    #expect(text.contains("keywitness \(command) "))
  }

  @Test(arguments: commands) func helpCommandAndOptionSayTheSame(_ command: String) throws {
    #expect(try help(["help", command]) == help([command, "--help"]))
  }

  @Test func withoutArgumentsItShowsItsHelp() throws {
    #expect(try help([]) == help(["--help"]))
  }

  @Test func helpTellsTheExitCodes() throws {
    let text = try help(["--help"])
    #expect(text.contains("Exit codes:"))
    for meaning in [
      "0  passed", "1  violated", "2  wrong usage", "3  unreadable", "4  could not judge",
      "5  nothing was tested",
    ] {
      #expect(text.contains(meaning), "\(meaning)")
    }
  }

  @Test func everyOptionOfTheContractIsShown() throws {
    let text = try help(["check", "--help"])
    for option in [
      "--policy", "--proxy", "--expect-key", "--require", "--report", "--filter", "--strict",
      "--allow-empty", "--show-secrets", "--color",
    ] {
      #expect(text.contains(option), "\(option) is not shown")
    }
    #expect(try help(["show", "--help"]).contains("--show-bodies"))
  }

  @Test func everyReportThatWorksIsShown() throws {
    let text = try help(["check", "--help"])
    for format in ["text", "ndjson", "junit", "markdown", "github"] {
      #expect(text.contains(format))
    }
  }

  @Test func version() throws {
    let text = try help(["--version"])
    #expect(text.split(separator: "\n").count == 1)
    #expect(text.split(separator: ".").count == 3)
  }
}
