internal import Exchanges
internal import LiteLLM
internal import Redaction
internal import Reports
internal import TLS
internal import Verdicts
internal import Wire

/// One run of `check`: captures in, reports out, in one pass over each capture.
struct CheckRun {
  private let options: CheckOptions
  private let display: DisplayOptions
  private let keyLogs: KeyLogOptions?
  private var redactor: Redactor
  private var outputs: [(target: ReportTarget, output: ByteOutput)] = []
  private var judgements: [Judgement] = []
  private let descriptor: Int32

  /// - Parameters:
  ///   - descriptor: where the report without a path goes: standard output, unless that is somebody
  ///     else's.
  ///   - opening: opens the file of a report.
  init(
    _ options: CheckOptions, targets: [ReportTarget], display: DisplayOptions,
    keyLogs: KeyLogOptions? = nil, descriptor: Int32 = 1,
    opening: (String) throws(OutputError) -> ByteOutput = { path throws(OutputError) in
      try ByteOutput(path: path)
    }
  ) throws {
    self.descriptor = descriptor
    self.options = options
    self.display = display
    self.keyLogs = keyLogs
    redactor = display.redactor(options)
    for target in targets {
      guard let path = target.path else {
        outputs.append((target, ByteOutput(descriptor: descriptor)))
        continue
      }
      do throws(OutputError) {
        outputs.append((target, try opening(path)))
      } catch {
        throw Failure.unreadable("\(error)")
      }
    }
  }

  /// - Parameters:
  ///   - shared: the judge, where others ask it, too, while it works.
  ///   - isKept: whether what comes through a pipe is in the file of its name, too.
  ///   - keyLogFiles: opened already; `nil` for those of the options.
  ///   - tellsCalls: lines that are told as exchanges end have models, tokens and times, too.
  ///   - owners: asked whose the connections are.
  ///   - whenAsked: told where requests were seen.
  ///   - whenJudged: told of each request's verdict.
  mutating func check(
    _ capture: CaptureSeries.Capture, filter: String? = nil, shared: SharedJudge? = nil,
    isKept: Bool = false, keyLogFiles: [KeyLogFile]? = nil, tellsCalls: Bool = false,
    owners: HostWitness? = nil, whenAsked: (() -> Void)? = nil,
    whenJudged: ((JudgedCredential) -> Void)? = nil
  ) throws {
    if capture.files == ["-"] { Interruption.endsTheInput() }
    let records = outputs.filter { $0.target.format == .ndjson }.map(\.output)
    var sink = CheckSink(
      options, shared: shared, redactor: redactor, capture: capture.name, records: records)
    if capture.files == ["-"] {
      sink.live = textOutput
      sink.earlyJudge = CaptureJudge(options, keepsRows: false)
    }
    sink.isColored = display.isColored(on: descriptor)
    sink.whenJudged = whenJudged
    sink.whenAsked = whenAsked
    sink.owners = owners
    sink.tellsCalls = tellsCalls
    let keyLogFiles = try keyLogFiles ?? keyLogs?.files() ?? []
    let ledger: CaptureLedger
    do throws(CaptureError) {
      var reconstructor = try Reconstructor(
        files: capture.files, filter: filter, keyLogs: keyLogFiles)
      ledger = reconstructor.run(into: &sink)
    } catch {
      guard error.code != .badFilter else { throw Failure.usage(error.line) }
      ledger = CaptureLedger(unreadable: error)
    }
    var judgement = sink.finish(capture.name, ledger)
    judgement.isGone = capture.files == ["-"] && !isKept
    redactor = sink.redactor
    if judgements.isEmpty { keyLogs?.warn(ledger) }
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
        output.write(
          TextReport.render(told, colored: display.isColored(on: descriptor) && target.path == nil))
      case .ndjson:
        break
      case .junit:
        output.write(JUnitReport.render(judgements))
      case .markdown:
        output.write(MarkdownReport.render(judgements))
      case .github:
        output.write(GitHubReport.annotations(judgements))
        if target.path == nil {
          do throws(OutputError) {
            try GitHubSummary.append(GitHubReport.summary(judgements))
          } catch {
            throw Failure.unreadable("\(error)")
          }
        }
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
