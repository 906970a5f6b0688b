public import HTTP
public import Wire

/// A request and what was answered, with everything that was odd about them.
public struct Exchange: Sendable {
  public enum Outcome: String, Sendable {
    case complete
    case noResponse = "no-response"
    case clientAborted = "client-aborted"
    case serverReset = "server-reset"
    /// The capture ends inside.
    case truncated
    /// Bytes are missing inside.
    case gap
    case upgraded
    case tunnel
    /// A response whose request isn't in the capture.
    case orphanResponse = "orphan-response"
  }

  /// An informational response (1xx) that came before the final one.
  public struct Interim: Sendable {
    public var time: Timestamp
    public var head: MessageHead
  }

  /// From 1, in order of the first byte.
  public var id = 0
  /// Number of its connection, from 1.
  public var connection: Int
  public var client: Endpoint
  public var server: Endpoint
  public var request: Message?
  public var response: Message?
  public var interim: [Interim] = []
  public var outcome = Outcome.complete
  /// How often the same packets were seen.
  public var observations = 1
  public var anomalies: AnomalySet = []
  /// Those of the request, as its server reads it: what is odd about the answer puts no request in
  /// doubt.
  public var requestAnomalies: AnomalySet = []
  /// The exchange that this one is a second hop of; a copy counts nowhere.
  public var copyOf: Int?
  /// Whether it was told when it ended, before its turn had come.
  public var isTold = false
  /// The connection was open when the capture began.
  public var beganBeforeCapture = false
  /// Bytes of the protocol that the connection was switched to.
  public var tunnelBytes = 0
  // Boxed: exchanges are copied often, and few have any of it.
  private var layers: Boxed<Layers>?

  private struct Layers: Sendable {
    var tls: TLSParameters?
    var webSocket: WebSocketTraffic?
  }

  /// Whether it went over TLS, or a WebSocket runs inside.
  public var hasLayers: Bool { layers != nil }

  /// The TLS that it went over, and that was opened; `nil` in cleartext.
  public var tls: TLSParameters? {
    get { layers?.value.tls }
    set {
      guard newValue != nil || layers != nil else { return }
      layers = .value(Layers(tls: newValue, webSocket: webSocket))
    }
  }

  /// What runs inside, where both ends agreed on a WebSocket; once the connection is over.
  public var webSocket: WebSocketTraffic? {
    get { layers?.value.webSocket }
    set {
      guard newValue != nil || layers != nil else { return }
      layers = .value(Layers(tls: tls, webSocket: newValue))
    }
  }

  init(connection: Int, client: Endpoint, server: Endpoint) {
    self.connection = connection
    self.client = client
    self.server = server
  }

  @inline(__always)
  init(
    _ id: Int = 0, _ request: Message? = nil, _ response: Message? = nil,
    between peers: ExchangePeers
  ) {
    self.id = id
    self.request = request
    self.response = response
    connection = peers.connection
    client = peers.client
    server = peers.server
    beganBeforeCapture = peers.beganBeforeCapture
  }

  func with(request: Message) -> Exchange {
    var copy = self
    copy.request = request
    return copy
  }

  /// The first byte, of the request where there is one.
  public var time: Timestamp { request?.time ?? response?.time ?? .unknown }

  /// Nanoseconds from the request's first byte to the response's last.
  public var duration: Int64? {
    guard let request, let response else { return nil }
    return response.end.nanoseconds(since: request.time)
  }
}

/// A value in a place of its own, so that what holds it stays small.
private indirect enum Boxed<Value: Sendable>: Sendable {
  case value(Value)

  var value: Value {
    switch self {
    case .value(let value): value
    }
  }
}
