internal import Exchanges
internal import HTTP
internal import LiteLLM
internal import Redaction
internal import Replay
internal import TLS
internal import Verdicts
internal import Wire

/// Which requests of a capture are sent again: those to its proxy, as `check` sees it.
struct ReplayPlan {
  private(set) var requests: [RecordedRequest] = []
  /// Those that can't be sent, and why.
  private(set) var skipped: [(exchange: Int, request: String, reason: String)] = []

  var total: Int { requests.count + skipped.count }

  /// Of a key that the recorded proxy took; `nil` where it took none.
  var acceptedStandIn: String? {
    for request in requests where 200..<300 ~= request.answer?.status ?? 0 {
      if let key = request.sentStandIn { return key }
    }
    return requests.lazy.compactMap(\.sentStandIn).first
  }

  /// - Parameter expression: which of them; `nil` for all.
  static func read(
    _ path: String, _ keyLogs: KeyLogOptions, redactor: Redactor,
    where expression: WhereExpression?
  ) throws -> ReplayPlan {
    let captures: [CaptureSeries.Capture]
    do throws(CaptureError) {
      captures = try CaptureSeries.captures([path])
    } catch {
      throw Failure.unreadable(error.line)
    }
    guard captures.count == 1, let capture = captures.first else {
      throw Failure.usage("\(TerminalText.escape(path)) holds several captures; name one")
    }
    let keyLogFiles = try keyLogs.files()
    // Once to find the proxy and the keys, once to read what is to be sent.
    var scope = ScopeSink(redactor: redactor, selected: expression)
    let ledger = try walk(capture, keyLogFiles, into: &scope)
    keyLogs.warn(ledger)
    Look.tellOfShutTLS(ledger, keyLogs)
    if let failure = ledger.failure { throw Failure.unreadable(failure.line) }
    let judgement = scope.judge.finish(file: capture.name, ledger, &scope.redactor)
    let judged = Set(judgement.exchanges.map(\.id)).intersection(scope.selectedIDs)
    var redactor = Redactor(keys: scope.redactor.keys)
    redactor.standIns = .ofSameLength
    var sink = RequestSink(judged: judged, redactor: redactor)
    _ = try walk(capture, keyLogFiles, into: &sink)
    return sink.plan
  }

  private static func walk(
    _ capture: CaptureSeries.Capture, _ keyLogs: [KeyLogFile], into sink: inout some ExchangeSink
  ) throws -> CaptureLedger {
    do throws(CaptureError) {
      var reconstructor = try Reconstructor(files: capture.files, keyLogs: keyLogs)
      return reconstructor.run(into: &sink)
    } catch {
      throw Failure.unreadable(error.line)
    }
  }

  private struct ScopeSink: ExchangeSink {
    var judge = CaptureJudge(CheckOptions())
    var redactor: Redactor
    var selected: WhereExpression?
    var selectedIDs: Set<Int> = []
    private var places = CallPlaces()

    init(redactor: Redactor, selected: WhereExpression?) {
      self.redactor = redactor
      self.selected = selected
    }

    mutating func began(_ source: CaptureSource) {}

    mutating func take(_ exchange: Exchange, in store: CaptureStore) {
      let reading = CallReading(exchange, place: places.place(exchange, in: store), in: store)
      let judged = judge.take(exchange, reading: reading, in: store, &redactor)
      if selected?.matches(ExchangeSubject(exchange, judged, reading: reading)) ?? true {
        selectedIDs.insert(exchange.id)
      }
    }
  }

  private struct RequestSink: ExchangeSink {
    var plan = ReplayPlan()
    let judged: Set<Int>
    var redactor: Redactor
    private var first: Timestamp?

    init(judged: Set<Int>, redactor: Redactor) {
      self.judged = judged
      self.redactor = redactor
    }

    mutating func began(_ source: CaptureSource) {}

    mutating func take(_ exchange: Exchange, in store: CaptureStore) {
      guard judged.contains(exchange.id) else { return }
      let begin = first ?? exchange.time
      first = begin
      let (request, reason) = RecordedRequest.of(exchange, since: begin, in: store, &redactor)
      if let request {
        plan.requests.append(request)
      } else {
        let head = exchange.request?.head
        let name = [head?.method, head?.target].compactMap(\.self)
          .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        plan.skipped.append((exchange.id, redactor.text(name), reason))
      }
    }
  }
}
