internal import Exchanges
internal import LiteLLM
internal import Redaction
internal import Reports
internal import Verdicts
internal import Wire

/// Judges exchanges as they come, and writes their records where somebody wants them.
struct CheckSink: ExchangeSink {
  // Its own, unless others ask it, too, while it works.
  private var judge: CaptureJudge
  private let shared: SharedJudge?
  var redactor: Redactor
  private var writer: RecordWriter
  private let records: [ByteOutput]
  private var onExchanges: AnomalySet = []
  private var places = CallPlaces()
  private var hasBegun = false
  private var progress = Progress()
  /// Where exchanges are told as they end: for a pipe, whose end may be far away.
  var live: ByteOutput?
  var isColored = false
  /// With what a call of a model adds to such a line.
  var tellsCalls = false
  /// Of the second that exchanges are in, and how many calls were told in it.
  private var second: Int64 = 0
  private var toldCalls = 0
  /// More in a second nobody reads; they have lines without what a call adds.
  private static let callsOfSecond = 500
  var whenJudged: ((JudgedCredential) -> Void)?
  /// Told where a request was seen, whatever comes of it.
  var whenAsked: (() -> Void)?
  /// For exchanges that are over before their turn has come: the judge takes them only then.
  var earlyJudge: CaptureJudge?
  /// With the keys of all requests so far. The other one numbers them in the order of exchanges.
  private var earlyRedactor: Redactor
  /// Asked whose the connections are.
  var owners: HostWitness?
  private var firstTime: Timestamp = .unknown

  init(
    _ options: CheckOptions, shared: SharedJudge? = nil, redactor: Redactor, capture: String,
    records: [ByteOutput]
  ) {
    judge = CaptureJudge(options)
    self.shared = shared
    self.redactor = redactor
    earlyRedactor = redactor
    writer = RecordWriter(capture: capture)
    self.records = records
  }

  mutating func began(_ source: CaptureSource) {
    hasBegun = true
    for output in records { writer.write(source, to: output) }
  }

  mutating func take(_ exchange: Exchange, in store: CaptureStore) {
    // Calls are read, and contents decoded, only for records and for rules that ask.
    let tellsCall = tellsThisCall(exchange.time)
    let reading =
      records.isEmpty && !tellsCall
      ? nil : places.reading(of: exchange, in: store)
    let judged =
      if let shared {
        shared.take(exchange, reading: reading, in: store, &redactor)
      } else {
        judge.take(exchange, reading: reading, in: store, &redactor)
      }
    onExchanges.formUnion(exchange.anomalies)
    if !exchange.isTold {
      if let judged { whenJudged?(judged) }
      owners?.note(exchange)
    }
    if let live, !exchange.isTold {
      begin(exchange, live)
      Self.tell(
        exchange, judged, tellsCall ? reading : nil, since: firstTime, isColored, live, &redactor)
    } else if live == nil {
      progress.count()
    }
    for output in records {
      writer.write(exchange, judged, reading: reading, in: store, &redactor, to: output)
    }
  }

  mutating func take(plain exchange: PlainExchange, in store: CaptureStore) -> Bool {
    // Whoever tells of each exchange wants to see it.
    guard records.isEmpty, live == nil, whenJudged == nil, owners == nil,
      shared?.take(plain: exchange, in: store, redactor)
        ?? judge.take(plain: exchange, in: store, redactor)
    else { return false }
    progress.count()
    return true
  }

  mutating func asked(_ exchange: Exchange, in store: CaptureStore) {
    whenAsked?()
    // A line that is told early may hold the key of a request whose turn is long to come.
    _ = earlyJudge?.take(exchange, in: store, &earlyRedactor)
  }

  mutating func ended(_ exchange: Exchange, in store: CaptureStore) {
    let reading =
      tellsThisCall(exchange.time)
      ? CallReading(exchange, in: store) : nil
    let judged = earlyJudge?.take(exchange, reading: reading, in: store, &earlyRedactor)
    if let judged { whenJudged?(judged) }
    owners?.note(exchange)
    guard let live else { return }
    begin(exchange, live)
    Self.tell(exchange, judged, reading, since: firstTime, isColored, live, &earlyRedactor)
  }

  private static func tell(
    _ exchange: Exchange, _ judged: JudgedCredential?, _ reading: CallReading?,
    since start: Timestamp, _ isColored: Bool, _ live: ByteOutput, _ redactor: inout Redactor
  ) {
    let line = ExchangeLine.render(
      exchange, judged, reading: reading, since: start, isColored: isColored, &redactor)
    live.write(line + "\n")
    live.flush()
  }

  /// The headings, once.
  private mutating func begin(_ exchange: Exchange, _ live: ByteOutput) {
    guard !firstTime.isKnown else { return }
    StatusLine.end()
    firstTime = exchange.time
    live.write((tellsCalls ? ExchangeLine.headerOfCalls : ExchangeLine.header) + "\n")
  }

  mutating func streams(_ exchange: Exchange, status: Int) {
    guard tellsCalls, let live else { return }
    begin(exchange, live)
    live.write(
      ExchangeLine.renderBegun(exchange, status: status, since: firstTime, &earlyRedactor)
        + "\n")
    live.flush()
  }

  private mutating func tellsThisCall(_ time: Timestamp) -> Bool {
    guard tellsCalls, live != nil else { return false }
    let now = time.isKnown ? time.nanoseconds / 1_000_000_000 : 0
    if now != second { toldCalls = 0 }
    second = now
    toldCalls += 1
    return toldCalls <= Self.callsOfSecond
  }

  /// - Parameter withFindings: `check` has them; `export` doesn't judge.
  mutating func finish(
    _ name: String, _ ledger: CaptureLedger, withFindings: Bool = true
  ) -> Judgement {
    progress.finish()
    if let live, firstTime.isKnown { live.write("\n") }
    if let owners {
      let processes = owners.finish().compactMapValues { $0.client?.text }
      if let shared { shared.name(processes) } else { judge.name(processes) }
    }
    let judgement =
      shared?.finish(file: name, ledger, &redactor)
      ?? judge.finish(file: name, ledger, &redactor)
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
