internal import Exchanges
internal import LiteLLM
internal import Redaction
internal import Reports
internal import Verdicts
internal import Wire

/// One run of `check`: captures in, reports out, in one pass over each capture.
struct CheckRun {
  private let options: CheckOptions
  private let display: DisplayOptions
  private let keyLogs: KeyLogOptions
  private var redactor: Redactor
  private var outputs: [(target: ReportTarget, output: ByteOutput)] = []
  private var judgements: [Judgement] = []

  init(
    _ options: CheckOptions, targets: [ReportTarget], display: DisplayOptions,
    keyLogs: KeyLogOptions
  ) throws {
    self.options = options
    self.display = display
    self.keyLogs = keyLogs
    redactor = display.redactor(options)
    for target in targets {
      guard let path = target.path else {
        outputs.append((target, ByteOutput()))
        continue
      }
      do throws(OutputError) {
        outputs.append((target, try ByteOutput(path: path)))
      } catch {
        throw Failure.unreadable("\(error)")
      }
    }
  }

  mutating func check(_ capture: CaptureSeries.Capture, filter: String?) throws {
    if capture.files == ["-"] { Interruption.endsTheInput() }
    let records = outputs.filter { $0.target.format == .ndjson }.map(\.output)
    var sink = CheckSink(
      judge: CaptureJudge(options), redactor: redactor, capture: capture.name, records: records)
    if capture.files == ["-"] { sink.live = textOutput }
    let keyLogFiles = try keyLogs.files()
    let ledger: CaptureLedger
    do throws(CaptureError) {
      var reconstructor = try Reconstructor(
        files: capture.files, filter: filter, keyLogs: keyLogFiles)
      ledger = reconstructor.run(into: &sink)
    } catch {
      guard error.code != .badFilter else { throw Failure.usage(error.line) }
      ledger = CaptureLedger(unreadable: error)
    }
    let judgement = sink.finish(capture.name, ledger)
    redactor = sink.redactor
    if judgements.isEmpty { keyLogs.warn(ledger) }
    warnOfReaders(capture, judgement)
    if let failure = ledger.failure { Diagnostics.error(failure.line) }
    judgements.append(judgement)
  }

  /// Standard output, where it carries the text report.
  private var textOutput: ByteOutput? {
    outputs.first { $0.target.format == .text && $0.target.path == nil }?.output
  }

  /// A capture with keys in it is a secret itself.
  private func warnOfReaders(_ capture: CaptureSeries.Capture, _ judgement: Judgement) {
    guard judgement.exchanges.contains(where: { $0.fingerprint != nil }) else { return }
    for file in capture.files where ProcessGuard.isReadableByOthers(file) {
      Diagnostics.warning(
        "\(TerminalText.escape(file)) holds keys and others can read it; chmod 600 it")
    }
  }

  /// Writes the reports.
  mutating func finish() throws -> Judgement.Result {
    for index in judgements.indices { judgements[index].replaceKeys(&redactor) }
    for (target, output) in outputs {
      switch target.format {
      case .text:
        let told = judgements.filter { $0.result != .unreadable }
        output.write(TextReport.render(told, colored: display.isColored && target.path == nil))
      case .ndjson:
        break
      case .junit:
        output.write(JUnitReport.render(judgements))
      case .markdown:
        output.write(MarkdownReport.render(judgements))
      case .github:
        output.write(GitHubReport.annotations(judgements))
        try appendSummary(target)
      }
      do throws(OutputError) {
        try output.finish()
      } catch {
        throw Failure.unreadable("\(error)")
      }
    }
    return Judgement.Result.precedence.first { result in
      judgements.contains { $0.result == result }
    } ?? .nothingTested
  }
}

extension CheckRun {
  /// GitHub shows what is appended to the file it names.
  private func appendSummary(_ target: ReportTarget) throws {
    guard target.path == nil, let path = ProcessGuard.environment["GITHUB_STEP_SUMMARY"],
      !path.isEmpty
    else { return }
    do throws(OutputError) {
      let summary = try ByteOutput(appendingTo: path)
      summary.write(GitHubReport.summary(judgements))
      try summary.finish()
    } catch {
      throw Failure.unreadable("\(error)")
    }
  }
}

/// Judges exchanges as they come, and writes their records where somebody wants them.
struct CheckSink: ExchangeSink {
  var judge: CaptureJudge
  var redactor: Redactor
  private var writer: RecordWriter
  private let records: [ByteOutput]
  private var onExchanges: AnomalySet = []
  private var places = CallPlaces()
  private var hasBegun = false
  private var progress = Progress()
  /// Where exchanges are told as they end: for a pipe, whose end may be far away.
  var live: ByteOutput?
  private var firstTime: Timestamp = .unknown

  init(judge: CaptureJudge, redactor: Redactor, capture: String, records: [ByteOutput]) {
    self.judge = judge
    self.redactor = redactor
    writer = RecordWriter(capture: capture)
    self.records = records
  }

  mutating func began(_ source: CaptureSource) {
    hasBegun = true
    for output in records { writer.write(source, to: output) }
  }

  mutating func take(_ exchange: Exchange, in store: CaptureStore) {
    // Calls are read, and contents decoded, only for records and for rules that ask.
    let reading =
      records.isEmpty
      ? nil : CallReading(exchange, place: places.place(exchange, in: store), in: store)
    let judged = judge.take(exchange, reading: reading, in: store, &redactor)
    onExchanges.formUnion(exchange.anomalies)
    if let live {
      if !firstTime.isKnown {
        firstTime = exchange.time
        live.write(ExchangeLine.header + "\n")
      }
      live.write(ExchangeLine.render(exchange, judged, since: firstTime, &redactor) + "\n")
      live.flush()
    } else {
      progress.count()
    }
    for output in records {
      writer.write(exchange, judged, reading: reading, in: store, &redactor, to: output)
    }
  }

  /// - Parameter withFindings: `check` has them; `export` doesn't judge.
  mutating func finish(
    _ name: String, _ ledger: CaptureLedger, withFindings: Bool = true
  ) -> Judgement {
    progress.finish()
    if let live, firstTime.isKnown { live.write("\n") }
    let judgement = judge.finish(file: name, ledger, &redactor)
    if !hasBegun { began(ledger.source) }
    for output in records {
      if withFindings {
        for finding in judgement.findings { writer.write(finding, to: output) }
      }
      writer.write(ledger, judgement.scope, onExchanges: onExchanges, to: output)
      if let failure = ledger.failure { writer.write(failure, to: output) }
    }
    return judgement
  }
}
