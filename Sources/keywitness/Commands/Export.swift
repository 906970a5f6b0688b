internal import ArgumentParser
internal import Exchanges
internal import Reports
internal import Verdicts
internal import Wire

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Exchanges of captures as machine-readable records.",
    discussion: """
      Examples:
        keywitness export --format ndjson agent.pcap
        keywitness export agent.pcap | jq -r .credential.verdict
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case ndjson }

  @OptionGroup(title: "Input") var captures: CaptureOptions
  @OptionGroup(title: "TLS") var keyLogs: KeyLogOptions
  @OptionGroup(title: "Judging") var judging: JudgeOptions
  @OptionGroup(title: "Output") var display: DisplayOptions

  @Option(help: "The format: ndjson.")
  var format = Format.ndjson

  func run() throws {
    let options = try judging.options()
    var redactor = display.redactor(options)
    let output = ByteOutput()
    let keyLogFiles = try keyLogs.files()
    var code: Int32 = 0
    for capture in try captures.series() {
      if capture.files == ["-"] { Interruption.endsTheInput() }
      var sink = CheckSink(
        options, redactor: redactor, capture: capture.name,
        records: [output])
      let ledger: CaptureLedger
      do throws(CaptureError) {
        var reconstructor = try Reconstructor(
          files: capture.files, filter: captures.filter, keyLogs: keyLogFiles)
        ledger = reconstructor.run(into: &sink)
      } catch {
        guard error.code != .badFilter else { throw Failure.usage(error.line) }
        ledger = CaptureLedger(unreadable: error)
      }
      keyLogs.warn(ledger)
      _ = sink.finish(capture.name, ledger, withFindings: false)
      redactor = sink.redactor
      code = max(code, Look.code(of: ledger))
    }
    try Look.finish(output, code)
  }
}
