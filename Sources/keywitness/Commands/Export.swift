internal import ArgumentParser
internal import Exchanges
internal import Reports
internal import Verdicts
internal import Wire

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write exchanges as machine-readable records.",
    discussion: """
      Examples:
        keywitness export --format ndjson agent.pcap
        keywitness export agent.pcap | jq -r 'select(.kind == "exchange") | .credential.verdict'
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case ndjson }

  @OptionGroup var captures: CaptureOptions
  @OptionGroup(title: "Judging") var judging: JudgeOptions
  @OptionGroup(title: "Output") var display: DisplayOptions

  @Option(help: "The format: ndjson.")
  var format = Format.ndjson

  func run() throws {
    let options = try judging.options()
    var redactor = display.redactor(options)
    let output = ByteOutput()
    var code: Int32 = 0
    for capture in try captures.series() {
      if capture.files == ["-"] { Interruption.endsTheInput() }
      var sink = CheckSink(
        judge: CaptureJudge(options), redactor: redactor, capture: capture.name,
        records: [output])
      let ledger: CaptureLedger
      do throws(CaptureError) {
        var reconstructor = try Reconstructor(files: capture.files, filter: captures.filter)
        ledger = reconstructor.run(into: &sink)
      } catch {
        guard error.code != .badFilter else { throw Failure.usage(error.line) }
        ledger = CaptureLedger(unreadable: error)
      }
      _ = sink.finish(capture.name, ledger, withFindings: false)
      redactor = sink.redactor
      code = max(code, Look.code(of: ledger))
    }
    do throws(OutputError) {
      try output.finish()
    } catch {
      throw Failure.unreadable("\(error)")
    }
    if code != 0 { throw ExitCode(code) }
  }
}

/// What `list`, `show` and `export` have in common: they don't judge.
enum Look {
  /// 3 where a capture can't be read to its end, 5 where there is no exchange in it.
  static func code(of ledger: CaptureLedger) -> Int32 {
    if let failure = ledger.failure {
      Diagnostics.error(failure.line)
      return ContractCode.unreadable
    }
    return ledger.requests + ledger.responses == 0 ? ContractCode.nothing : 0
  }
}
