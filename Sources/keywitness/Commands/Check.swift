internal import ArgumentParser
internal import Exchanges
internal import Redaction
internal import Reports
internal import Verdicts
internal import Wire

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judge each request's credential: verdicts, who is at fault, what to change.",
    discussion: """
      Examples:
        keywitness check agent.pcap
        keywitness check --expect-key env:LITELLM_MASTER_KEY agent.pcap
        keywitness check --keylog keys.log tls.pcap
        keywitness check --require 'GET /model/info' captures/
        keywitness check --report text --report junit=report.xml agent.pcap
        tcpdump -U -i any -w - 'tcp port 4000' | keywitness check -
      """)

  @OptionGroup(title: "Input") var captures: CaptureOptions
  @OptionGroup(title: "TLS") var keyLogs: KeyLogOptions
  @OptionGroup(title: "Judging") var judging: JudgeOptions
  @OptionGroup(title: "Output") var display: DisplayOptions

  @Option(
    name: .customLong("require"),
    help: ArgumentHelp("A request that must be there; repeatable.", valueName: "METHOD PATH"))
  var required: [String] = []

  @Option(
    help: ArgumentHelp(
      "text, ndjson, junit, markdown or github; repeatable, one at most without a path.",
      valueName: "format[=path]"))
  var report: [ReportTarget] = []

  @Flag(
    inversion: .prefixedNo,
    help: "Warnings fail: rules and exemptions that matched nothing. Default where CI is set.")
  var strict: Bool?

  @Flag(name: .customLong("allow-empty"), help: "A capture without requests passes.")
  var allowsEmpty = false

  func run() throws {
    let isCI = !(ProcessGuard.environment["CI"] ?? "").isEmpty
    let options = try judging.options(
      required: required, isStrict: strict ?? isCI, allowsEmpty: allowsEmpty)
    var run = try CheckRun(options, targets: targets(), display: display, keyLogs: keyLogs)
    for capture in try captures.series() {
      try run.check(capture, filter: captures.filter)
    }
    let result = try run.finish()
    if result != .passed { throw ExitCode(Int32(result.rawValue)) }
  }

  /// Text stays on standard output unless another format takes it.
  private func targets() throws -> [ReportTarget] {
    let open = report.filter { $0.path == nil && $0.format != .github }
    guard open.count <= 1 else {
      throw Failure.usage(
        "two reports on standard output (\(open.map(\.format.rawValue).joined(separator: ", "))); "
          + "give one a path, as in --report junit=report.xml")
    }
    let takesOutput = report.contains { $0.path == nil }
    return takesOutput ? report : [ReportTarget(.text)] + report
  }
}
