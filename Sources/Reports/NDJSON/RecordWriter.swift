public import Exchanges
internal import HTTP
public import LiteLLM
public import Redaction
public import Verdicts
public import Wire

/// Writes the records of schema `keywitness/1`, one JSON object a line, in the contract's order of
/// members.
public struct RecordWriter {
  private var json = JSONWriter()
  private let capture: String
  /// Bounds that undoing content codings reached; each exchange counts once, whatever the outputs.
  private var decoding = CapCounts()
  private var latestExchange = 0
  // What stands in many records is written once.
  private var heads = ShownHeads()
  private var bodies = KnownBodies()
  private var endpoints = KnownEndpoints()
  private var credentials = KnownCredentials()
  private var instants = KnownInstants()
  /// What each record of an exchange begins with.
  private let exchangeMembers: [UInt8]

  /// - Parameter capture: the capture's name, as the user gave it.
  public init(capture: String) {
    self.capture = capture
    var json = JSONWriter(capacity: 128)
    Self.begin("exchange", &json)
    json.member("capture", capture)
    exchangeMembers = json.bytes
  }

  private static func begin(_ kind: String, _ json: inout JSONWriter) {
    json.member("schema", "keywitness/1")
    json.member("kind", kind)
  }

  private mutating func line(
    _ kind: String, to output: ByteOutput, _ body: (inout JSONWriter) -> Void
  ) {
    json.removeAll()
    json.beginObject()
    Self.begin(kind, &json)
    body(&json)
    json.endObject()
    json.endLine()
    output.write(json.bytes)
  }

  public mutating func write(_ source: CaptureSource, to output: ByteOutput) {
    line("capture", to: output) { [capture] json in
      json.member("file", capture)
      if let format = source.format { json.member("format", format.rawValue) }
      json.strings("link_types", source.linkTypes.map(\.name))
      json.member("snaplen", source.snapshotLength)
    }
  }

  // MARK: Exchanges

  /// - Parameter reading: of the exchange, with its place among the calls, where there is one.
  public mutating func write(
    _ exchange: Exchange, _ judged: JudgedCredential?, reading: CallReading? = nil,
    in store: CaptureStore, _ redactor: inout Redactor, to output: ByteOutput
  ) {
    let reading = reading ?? CallReading(exchange, in: store)
    let isNew = exchange.id != latestExchange
    latestExchange = exchange.id
    // Keys are numbered in the order of the members.
    if exchange.hasLayers { Self.name(exchange.tls, &redactor) }
    var (asked, answered): (ShownHead?, ShownHead?)
    if let head = exchange.request?.framedHead, let state = exchange.request?.headState {
      asked = heads.shown(head, .request, state, &redactor)
    }
    if let head = exchange.response?.framedHead, let state = exchange.response?.headState {
      answered = heads.shown(head, .response, state, &redactor)
    }
    var anomalies = exchange.anomalies
    json.removeAll()
    json.beginObject()
    json.members(exchangeMembers)
    json.member("id", exchange.id)
    json.member("connection", exchange.connection)
    json.members(
      endpoints.members(exchange.client, exchange.server, connection: exchange.connection))
    json.members(asked?.protocolMember ?? answered?.protocolMember ?? ShownHead.protocolMember(nil))
    if exchange.hasLayers {
      Self.write(exchange.tls, &redactor, &json)
    } else {
      json.members(#""tls":false"#)
    }
    if let message = exchange.request, let asked {
      json.key("request")
      json.beginObject()
      begin(message, asked)
      body(message, &anomalies, counts: isNew, in: store)
      end(message)
    }
    if let message = exchange.response, let answered {
      json.key("response")
      json.beginObject()
      begin(message, answered)
      write(exchange.interim, &redactor)
      body(message, &anomalies, counts: isNew, in: store)
      write(reading.events)
      end(message)
    } else if !exchange.interim.isEmpty {
      write(exchange.interim, &redactor)
    }
    if exchange.outcome == .complete, exchange.observations == 1 {
      json.members(#""outcome":"complete","observations":1"#)
    } else {
      json.member("outcome", exchange.outcome.rawValue)
      json.member("observations", exchange.observations)
    }
    if let original = exchange.copyOf { json.member("copy_of", original) }
    if let judged { json.members(credentials.member(judged)) }
    if let call = reading.call {
      CallMembers.write(call, reading.place, &redactor, &json)
      anomalies.formUnion(call.anomalies)
      if isNew { for cap in call.caps { decoding.count(cap) } }
    }
    if exchange.hasLayers, let webSocket = exchange.webSocket {
      let digest = WebSocketDigest(webSocket, in: store)
      Self.write(digest, &json)
      anomalies.formUnion(digest.anomalies)
      if isNew { decoding.count(.webSocketBytes, times: digest.cut) }
    }
    if anomalies.isEmpty {
      json.members(#""anomalies":[]"#)
    } else {
      json.strings("anomalies", anomalies.anomalies.map(\.rawValue))
    }
    json.endObject()
    json.endLine()
    output.write(json.bytes)
  }

  private mutating func begin(_ message: Message, _ head: ShownHead) {
    if message.time == message.end, message.time.isKnown {
      json.members(instants.members(message.time))
    } else {
      time("time", message.time)
      time("end", message.end)
    }
    json.members(head.members)
  }

  private mutating func end(_ message: Message) {
    json.key("frames")
    Self.frames(message.frames, &json)
    json.endObject()
  }

  /// What is odd about a content shows when it is decoded.
  ///
  /// - Parameter counts: whether what bounds cut counts in the ledger, too.
  private mutating func body(
    _ message: Message, _ anomalies: inout AnomalySet, counts: Bool, in store: CaptureStore
  ) {
    let found = bodies.write(message, in: store, &json)
    guard !found.isEmpty else { return }
    anomalies.formUnion(found)
    if counts { decoding.count(found) }
  }

  private mutating func write(_ events: Fact<Int>) {
    switch events {
    case .present(let count): json.member("events", count)
    case .absent: json.members(#""events":0"#)
    case .unknown: json.members(#""events":null"#)
    }
  }

  private mutating func write(_ interim: [Exchange.Interim], _ redactor: inout Redactor) {
    guard !interim.isEmpty else { return json.members(#""interim":[]"#) }
    json.key("interim")
    json.beginArray()
    for response in interim {
      json.beginObject()
      json.member("status", response.head.status ?? 0)
      time("time", response.time)
      json.key("headers")
      ShownHead.write(response.head, &redactor, &json)
      json.endObject()
    }
    json.endArray()
  }

  private mutating func time(_ name: StaticString, _ value: Timestamp) {
    Self.time(name, value, &json)
  }

  /// Runs of four and more as `"12-40"`, the others one by one.
  static func frames(_ runs: some Sequence<ClosedRange<Int32>>, _ json: inout JSONWriter) {
    json.beginArray()
    for run in runs {
      if run.count >= 4 {
        json.string("\(run.lowerBound)-\(run.upperBound)")
      } else {
        for frame in run { json.integer(Int(frame)) }
      }
    }
    json.endArray()
  }

  private static func write(_ webSocket: WebSocketDigest, _ json: inout JSONWriter) {
    json.key("websocket")
    json.beginObject()
    json.member("messages", webSocket.fromClient &+ webSocket.fromServer)
    json.member("from_client", webSocket.fromClient)
    json.member("from_server", webSocket.fromServer)
    if let close = webSocket.close {
      json.member("closed_by", close.byClient ? "client" : "server")
      if let code = close.code { json.member("close_code", Int(code)) }
    }
    json.endObject()
  }

  /// Names the keys in it, whose turn comes before those of the heads.
  private static func name(_ tls: TLSParameters?, _ redactor: inout Redactor) {
    guard let tls else { return }
    if let inner = tls.applicationProtocol { _ = redactor.text(inner) }
    if let name = tls.serverName { _ = redactor.text(name) }
  }

  private static func write(
    _ tls: TLSParameters?, _ redactor: inout Redactor, _ json: inout JSONWriter
  ) {
    json.member("tls", tls != nil)
    guard let tls else { return }
    if let version = tls.version { json.member("tls_version", version) }
    if let suite = tls.cipherSuite { json.member("tls_cipher_suite", suite) }
    if let inner = tls.applicationProtocol { json.member("alpn", redactor.text(inner)) }
    if let name = tls.serverName { json.member("server_name", redactor.text(name)) }
  }

  // MARK: The rest

  public mutating func write(_ finding: Finding, to output: ByteOutput) {
    line("finding", to: output) { [capture] json in
      json.member("capture", capture)
      json.member("rule", finding.rule)
      json.member("level", finding.level.rawValue)
      if let exchange = finding.exchange { json.member("exchange", exchange) }
      if let connection = finding.connection { json.member("connection", connection) }
      json.member("message", finding.message)
      json.key("frames")
      Self.frames(finding.frames, &json)
      json.member("help", finding.help)
    }
  }

  /// - Parameter onExchanges: anomalies that stand on an exchange, and so not here.
  public mutating func write(
    _ ledger: CaptureLedger, _ scope: ProxyScope, onExchanges: AnomalySet, to output: ByteOutput
  ) {
    line("ledger", to: output) { [capture, decoding] json in
      json.member("capture", capture)
      json.key("frames")
      json.beginObject()
      json.member("total", ledger.frames.reduce(0, &+))
      for (bucket, count) in zip(FrameBucket.allCases, ledger.frames)
      where count > 0 || bucket == .tcp {
        json.key(named: bucket.name)
        json.integer(count)
      }
      json.endObject()
      Self.time("first", ledger.first, &json)
      Self.time("last", ledger.last, &json)
      json.strings("proxies", scope.servers.map(\.server.description))
      Self.servers(scope, &json)
      Self.payload(ledger, &json)
      json.member("missing_bytes", ledger.payload.missing)
      json.member("holes", ledger.payload.holes)
      Self.connections(ledger, &json)
      json.member("requests", ledger.requests)
      json.member("responses", ledger.responses)
      json.member("kernel_drops", Int(clamping: ledger.source.kernelDrops))
      Self.caps(ledger.caps, decoding, &json)
      let occurred = ledger.anomalies.occurred
      json.strings(
        "anomalies",
        ledger.alarms.filter { !onExchanges.contains($0) }.map(\.rawValue))
      json.key("anomaly_counts")
      json.beginObject()
      for (anomaly, count) in occurred {
        json.key(named: anomaly.rawValue)
        json.integer(count)
      }
      json.endObject()
    }
  }

  private static func time(_ name: StaticString, _ value: Timestamp, _ json: inout JSONWriter) {
    json.key(name)
    if value.isKnown { json.plainString { _ = value.appendRFC3339(to: &$0) } } else { json.null() }
  }

  /// What bounds cut, where one did.
  private static func caps(
    _ reached: CapCounts, _ decoding: CapCounts, _ json: inout JSONWriter
  ) {
    var caps = reached
    caps.add(decoding)
    guard !caps.reached.isEmpty else { return }
    json.key("caps")
    json.beginObject()
    for (cap, count) in caps.reached {
      json.key(named: cap.name)
      json.integer(count)
    }
    json.endObject()
  }

  private static func servers(_ scope: ProxyScope, _ json: inout JSONWriter) {
    json.key("servers")
    json.beginArray()
    for record in scope.servers + scope.others {
      json.beginObject()
      json.member("server", record.server.description)
      json.strings("names", record.sortedNames)
      json.member("requests", record.requests)
      json.member("tls_shut", record.shutTLS.count)
      json.endObject()
    }
    json.endArray()
  }

  private static func payload(_ ledger: CaptureLedger, _ json: inout JSONWriter) {
    let payload = ledger.payload
    json.key("payload_bytes")
    json.beginObject()
    json.member("total", payload.total)
    json.member("exchanges", ledger.exchangeBytes)
    json.member("retransmitted", payload.retransmitted &+ payload.keepalive)
    json.member("duplicate", payload.duplicate)
    json.member("tls_overhead", ledger.tlsOverheadBytes)
    json.key("unparsed")
    json.beginObject()
    let others = [
      ("tunnel", ledger.tunnelBytes), ("out-of-window", payload.outOfWindow),
      ("after-close", payload.afterClose), ("before-start", payload.beforeStart),
    ]
    let strays = zip(MessageDecoder.StrayReason.allCases.map(\.rawValue), ledger.strayBytes)
    for (reason, count) in Array(strays) + others where count > 0 {
      json.key(named: reason)
      json.integer(count)
    }
    json.endObject()
    json.member("unexplained", ledger.unexplainedBytes)
    json.endObject()
  }

  private static func connections(_ ledger: CaptureLedger, _ json: inout JSONWriter) {
    json.key("connections")
    json.beginObject()
    json.member("total", ledger.connections.count)
    json.member("http", ledger.connections.count { $0.kind == .http })
    json.member("tls_opened", ledger.connections.count { $0.tls?.isShut == false })
    json.member("tls_shut", ledger.connections.count { $0.tls?.isShut == true })
    json.member("other", ledger.connections.count { $0.kind == .other })
    json.endObject()
  }

  public mutating func write(_ failure: CaptureError, to output: ByteOutput) {
    line("error", to: output) { [capture] json in
      json.member("capture", capture)
      json.member("code", failure.code.rawValue)
      json.member("message", failure.message)
      if let offset = failure.offset { json.member("offset", offset) }
    }
  }
}

extension CapCounts {
  fileprivate mutating func count(_ anomalies: AnomalySet) {
    if anomalies.contains(.tooManyEncodings) {
      count(.contentCodings)
    } else if anomalies.contains(.decompressionLimit) {
      count(.decodedBytes)
    }
  }
}
