internal import ArgumentParser
internal import Exchanges
internal import Redaction
internal import Reports
internal import Verdicts
internal import Wire

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
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

  @OptionGroup var reports: ReportOptions

  func run() throws {
    var run = try CheckRun(
      reports.options(judging), targets: reports.targets(), display: display, keyLogs: keyLogs)
    for capture in try captures.series() {
      try run.check(capture, filter: captures.filter)
    }
    let result = try run.finish()
    if result != .passed { throw ExitCode(Int32(result.rawValue)) }
  }
}
