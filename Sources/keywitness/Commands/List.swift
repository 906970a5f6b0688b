internal import ArgumentParser
internal import Exchanges
internal import LiteLLM
internal import Redaction
internal import Reports
internal import Verdicts
internal import Wire

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "One line an exchange: when, who, what, verdict, model, tokens.",
    discussion: """
      Examples:
        keywitness list agent.pcap
        keywitness list --where 'status>=400 verdict!=ok' agent.pcap
        keywitness list --where 'model=gpt-4o* time-to-first-event>2s' agent.pcap
      """)

  @OptionGroup(title: "Input") var captures: CaptureOptions
  @OptionGroup(title: "TLS") var keyLogs: KeyLogOptions
  @OptionGroup(title: "Judging") var judging: JudgeOptions
  @OptionGroup(title: "Output") var display: DisplayOptions

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only these: status>=400 path=/model/* model=gpt-4o …", valueName: "expr"))
  var expression: String?

  func run() throws {
    let options = try judging.options()
    // First, so that no message about the expression shows a key.
    var redactor = display.redactor(options)
    let selected = try Look.expression(expression)
    let output = ByteOutput()
    var code: Int32 = 0
    let series = try captures.series()
    for capture in series {
      if series.count > 1 { output.write("\(TerminalText.escape(capture.name))\n") }
      var sink = LookSink(judge: CaptureJudge(options), redactor: redactor, selected: selected)
      output.write(ExchangeLine.headerOfCalls + "\n")
      var totals = CallTotals()
      var isEmpty = true
      let ledger = try Look.walk(capture, captures.filter, keyLogs, into: &sink) {
        sink, reading, judged, _ in
        totals.add(reading)
        isEmpty = false
        output.write(
          ExchangeLine.render(
            reading.exchange, judged, reading: reading, since: sink.firstTime, &sink.redactor)
            + "\n")
      }
      if let line = totals.line { output.write(line + "\n") }
      Look.tellOfShutTLS(ledger, keyLogs)
      if isEmpty, expression != nil { Look.tellOfNoMatch(ledger) }
      redactor = sink.redactor
      code = max(code, Look.code(of: ledger))
    }
    try Look.finish(output, code)
  }
}
