internal import ArgumentParser
internal import Exchanges
internal import LiteLLM
internal import Redaction
internal import Reports
internal import Verdicts
internal import Wire

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Exchanges in full: heads as sent, contents decoded, events, packets.",
    discussion: """
      Examples:
        keywitness show agent.pcap 1 2
        keywitness show agent.pcap --where 'verdict=placeholder' --show-bodies
        keywitness show agent.pcap 2 --curl
      """)

  @Argument(help: "A pcap or pcapng file, or - for a pipe.", completion: .file())
  var capture: String

  @Argument(help: ArgumentHelp("Which exchanges, by number; all without one.", valueName: "id"))
  var ids: [Int] = []

  @Option(help: "A tcpdump filter: frames that don't match are left out.")
  var filter: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only these: status>=400 path=/model/* model=gpt-4o …", valueName: "expr"))
  var expression: String?

  @Flag(name: .customLong("show-bodies"), help: "Contents too; they may hold prompts.")
  var showsBodies = false

  @Flag(help: "The requests as curl commands.")
  var curl = false

  @OptionGroup(title: "TLS") var keyLogs: KeyLogOptions
  @OptionGroup(title: "Judging") var judging: JudgeOptions
  @OptionGroup(title: "Output") var display: DisplayOptions

  func run() throws {
    let options = try judging.options()
    let wanted = Set(ids)
    let view = ExchangeView(showsBodies: showsBodies, colored: display.isColored)
    let output = ByteOutput()
    var sink = LookSink(
      judge: CaptureJudge(options), redactor: display.redactor(options),
      selected: try Look.expression(expression))
    var shown: Set<Int> = []
    let ledger = try Look.walk(single(), filter, keyLogs, into: &sink) {
      sink, reading, judged, store in
      let exchange = reading.exchange
      guard wanted.isEmpty || wanted.contains(exchange.id) else { return }
      shown.insert(exchange.id)
      output.write(
        curl
          ? CurlCommand.render(exchange, in: store, showsBodies: showsBodies, &sink.redactor)
          : view.render(exchange, judged, reading: reading, in: store, &sink.redactor) + "\n")
    }
    for id in wanted.subtracting(shown).sorted() {
      Diagnostics.error("no exchange \(id) in this selection; keywitness list shows the numbers")
    }
    if wanted.isEmpty {
      Look.tellOfShutTLS(ledger, keyLogs)
      if shown.isEmpty, expression != nil { Look.tellOfNoMatch(ledger) }
    }
    let code = Look.code(of: ledger)
    try Look.finish(output, code == 0 && shown.isEmpty ? ContractCode.nothing : code)
  }

  /// Numbers mean one capture (or one rotated series).
  private func single() throws -> CaptureSeries.Capture {
    let series: [CaptureSeries.Capture]
    do throws(CaptureError) {
      series = try CaptureSeries.captures([capture])
    } catch {
      throw Failure.unreadable(error.line)
    }
    guard series.count == 1 else {
      throw Failure.usage(
        "\(TerminalText.escape(capture)) holds \(series.count) captures; name one of them")
    }
    return series[0]
  }
}
