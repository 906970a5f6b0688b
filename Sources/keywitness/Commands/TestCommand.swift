internal import ArgumentParser
internal import LiteLLM
internal import Redaction
internal import Reports
internal import Stub
internal import Suite
internal import Verdicts
internal import Wire

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Holds the captures of a folder against what is written down beside them.",
    discussion: """
      Beside NAME.pcap stands NAME.expect.yaml: a line for each request with its verdict, outcome
      and what a stub answers when it is sent again, then what stood in its messages. A capture
      without its expectation fails, and so does an expectation without its capture.

      --update writes what is new or changed, and shows it. It never makes a violation right by
      itself: whatever isn't ok needs a because: that somebody wrote. Where CI is set, it refuses.

      NAME.keylog opens the TLS of NAME.pcap. The policy is keywitness.yml in the folder or above;
      in a capture that sanitize wrote, the stand-in of the expected key is the right one.

      Examples:
        keywitness test captures/
        keywitness test --update captures/
        keywitness test --report junit=report.xml captures/

      Exit codes: 0 all as expected; 1 not; 2 an expectation that can't be read; 5 no capture.
      """)

  @Argument(help: "The folder.", completion: .directory)
  var directory: String

  @Flag(help: "Writes down what is new or changed.")
  var update = false

  @Option(
    help: ArgumentHelp(
      "text, junit, markdown or github; repeatable, one at most without a path.",
      valueName: "format[=path]"))
  var report: [ReportTarget] = []

  @OptionGroup(title: "LiteLLM, for the replay") var served: ServedOptions
  @OptionGroup(title: "Judging") var judging: JudgeOptions
  @OptionGroup(title: "Output") var display: DisplayOptions

  func validate() throws {
    if update, !(ProcessGuard.environment["CI"] ?? "").isEmpty {
      throw ValidationError(
        "--update is for people: where CI is set, expectations stay as they are")
    }
    if report.contains(where: { $0.format == .ndjson }) {
      throw ValidationError("test has no ndjson report; give text, junit, markdown or github")
    }
  }

  func run() throws {
    let folder = directory.hasSuffix("/") ? directory : directory + "/"
    let found = CaptureSeries.names(in: folder)
    let captures = found.captures.map { SuiteCapture($0, in: folder, beside: found.others) }
    guard !captures.isEmpty else {
      throw Failure(
        message: "\(TerminalText.escape(directory)): no capture in it (pcap, pcapng, also .gz)",
        code: ContractCode.nothing)
    }
    try refuseNamesakes(captures)
    let targets = try ReportOptions.targets(report)
    let suite = try suiteRun(folder)
    var progress = Progress()
    var tested: [TestedCapture] = []
    for capture in captures {
      tested.append(try suite.test(capture))
      progress.count()
    }
    progress.finish()
    tested += orphans(found.others, captures)
    try write(SuiteReport(folder: directory, captures: tested), targets)
    let isGood = tested.allSatisfy(\.problems.isEmpty)
    if !isGood { throw ExitCode(1) }
    if tested.allSatisfy({ $0.requests == 0 }) { throw ExitCode(ContractCode.nothing) }
  }

  private func suiteRun(_ folder: String) throws -> SuiteRun {
    var files = StubFiles(environment: ProcessGuard.environment)
    var stub = try served.options(&files)
    stub.port = 0
    stub.adminToken = try files.adminToken(nil)
    let options = try judging.options(in: folder)
    _ = display.redactor(options, knowing: stub.proxy.configuration.masterKey)
    return SuiteRun(
      options: options, stub: stub, hasKey: served.masterKey != nil || served.config != nil,
      updates: update)
  }

  /// `a.pcap` and `a.pcapng` would have one expectation.
  private func refuseNamesakes(_ captures: [SuiteCapture]) throws {
    for (one, next) in zip(captures, captures.dropFirst()) where one.name == next.name {
      throw Failure.usage(
        "\(TerminalText.escape(one.path)) and \(TerminalText.escape(next.path)) would share "
          + "\(TerminalText.escape(one.expectationPath)); rename one")
    }
  }

  /// Expectations whose capture is gone.
  private func orphans(_ names: [String], _ captures: [SuiteCapture]) -> [TestedCapture] {
    let known = Set(captures.map(\.name))
    return names.filter { $0.hasSuffix(SuiteCapture.ending) }
      .map { String($0.dropLast(SuiteCapture.ending.count)) }
      .filter { !known.contains($0) }
      .map { name in
        var tested = TestedCapture(name: name)
        tested.problems = ["\(name)\(SuiteCapture.ending) has no capture beside it"]
        return tested
      }
  }

  private func write(_ suite: SuiteReport, _ targets: [ReportTarget]) throws {
    for target in targets {
      do throws(OutputError) {
        let output = try target.path.map { path throws(OutputError) in try ByteOutput(path: path) }
        let open = output ?? ByteOutput()
        switch target.format {
        case .text: open.write(suite.text(colored: display.isColored && target.path == nil))
        case .junit: open.write(suite.junit)
        case .markdown: open.write(suite.markdown)
        case .github: open.write(suite.github)
        case .ndjson: break
        }
        try open.finish()
        if target.format == .github, target.path == nil { try GitHubSummary.append(suite.markdown) }
      } catch {
        throw Failure.unreadable("\(error)")
      }
    }
  }
}
