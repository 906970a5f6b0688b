internal import Exchanges
internal import HTTP
internal import LiteLLM
internal import Redaction
internal import Replay
internal import Verdicts
internal import Wire

/// Which requests of a capture are sent again: those to its proxy, as `check` sees it.
struct ReplayPlan {
  private(set) var requests: [RecordedRequest] = []
  /// Those that can't be sent, and why.
  private(set) var skipped: [(exchange: Int, request: String, reason: String)] = []

  /// Knows the capture's keys.
  private(set) var redactor = Redactor()

  var total: Int { requests.count + skipped.count }

  /// Keeps only what a selection leaves; what can't be sent belongs to the first share.
  mutating func choose(_ selection: RequestSelection) {
    requests = selection.selected(requests)
    if let shard = selection.shard, shard.number > 1 { skipped = [] }
  }

  /// Of a key that the recorded proxy took; `nil` where it took none.
  var acceptedStandIn: String? {
    requests.lazy.filter(\.wasTaken).compactMap(\.sentStandIn).first
  }

  /// - Parameters:
  ///   - expression: which of them; `nil` for all.
  ///   - keepsKeys: recorded keys are to be sent.
  static func read(
    _ path: String, _ keyLogs: KeyLogOptions, redactor: Redactor,
    where expression: WhereExpression?, keepsKeys: Bool
  ) throws -> ReplayPlan {
    let capture = try OneCapture(path, keyLogs: keyLogs)
    // Once to find the proxy and the keys, once to read what is to be sent.
    var scope = ScopeSink(redactor: redactor, selected: expression)
    let ledger = try capture.walk(into: &scope)
    keyLogs.warn(ledger)
    Look.tellOfShutTLS(ledger, keyLogs)
    if let failure = ledger.failure { throw Failure.unreadable(failure.line) }
    let judgement = scope.judge.finish(file: capture.name, ledger, &scope.redactor)
    return try read(
      capture, servers: Set(judgement.scope.servers.map(\.server)),
      selected: expression == nil ? nil : scope.selectedIDs, keepsKeys: keepsKeys,
      keys: scope.redactor.keys)
  }

  /// - Parameters:
  ///   - servers: the proxy's addresses.
  ///   - selected: ids of exchanges; `nil` for all.
  ///   - keys: all that are in the capture.
  static func read(
    _ capture: OneCapture, servers: Set<Endpoint>, selected: Set<Int>?, keepsKeys: Bool,
    keys: KeyRing
  ) throws -> ReplayPlan {
    var redactor = Redactor(keys: keys)
    redactor.standIns = .ofSameLength
    var sink = RequestSink(
      servers: servers, selected: selected, keepsKeys: keepsKeys, redactor: redactor)
    _ = try capture.walk(into: &sink)
    var plan = sink.plan
    plan.redactor = Redactor(keys: sink.redactor.keys)
    return plan
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
      let reading = places.reading(of: exchange, in: store)
      let judged = judge.take(exchange, reading: reading, in: store, &redactor)
      if let selected, selected.matches(ExchangeSubject(exchange, judged, reading: reading)) {
        selectedIDs.insert(exchange.id)
      }
    }
  }

  private struct RequestSink: ExchangeSink {
    var plan = ReplayPlan()
    /// The proxy's addresses.
    let servers: Set<Endpoint>
    /// Ids; `nil` for all.
    let selected: Set<Int>?
    let keepsKeys: Bool
    var redactor: Redactor
    private var first: Timestamp?

    init(
      servers: Set<Endpoint>, selected: Set<Int>?, keepsKeys: Bool, redactor: Redactor
    ) {
      self.servers = servers
      self.selected = selected
      self.keepsKeys = keepsKeys
      self.redactor = redactor
    }

    mutating func began(_ source: CaptureSource) {}

    mutating func take(_ exchange: Exchange, in store: CaptureStore) {
      // A second hop is the same request again.
      guard exchange.copyOf == nil, servers.contains(exchange.server),
        selected?.contains(exchange.id) ?? true
      else { return }
      let begin = first ?? exchange.time
      first = begin
      let (request, reason) = RecordedRequest.of(
        exchange, since: begin, in: store, keepsKeys: keepsKeys, &redactor)
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
