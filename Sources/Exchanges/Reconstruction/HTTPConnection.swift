internal import DequeModule
internal import HTTP
internal import Wire

/// A connection as the reconstruction sees it: two decoders, and the requests without an answer.
struct HTTPConnection {
  /// One direction.
  struct Half {
    var decoder: MessageDecoder
    /// The message that is being read, and its place in the order.
    var message: Message?
    var ticket: Int?
    /// The exchange that it belongs to, once that is known.
    var exchange: Int?
    var isResponse = false
    /// Bytes of the message so far: they go to another account where it turns out to be none.
    var wireBytes = 0
    /// What came before the message that it will be told with.
    var anomalies: AnomalySet = []
    /// Stretches of the stream that were sent twice with different content.
    var conflicts: [Range<Int>] = []
    /// Where the heads of the latest requests stand in the stream: a ring.
    private var heads: [Range<Int>] = []
    private var oldestHead = 0
    /// The end of what was passed over, in a connection that is older than the capture.
    var tail: [UInt8] = []
    var isFinished = false
    var isReset = false
    var bytes = 0

    init(decoder: MessageDecoder) { self.decoder = decoder }

    /// How many heads are remembered.
    private static var reach: Int { 32 }

    /// - Parameter head: where it stands in the stream.
    mutating func remember(head: Range<Int>) {
      guard heads.count == Self.reach else {
        if heads.isEmpty { heads.reserveCapacity(8) }
        return heads.append(head)
      }
      heads[oldestHead] = head
      oldestHead = (oldestHead &+ 1) % Self.reach
    }

    /// Whether a stretch touches the head of a request; of those that are forgotten any may.
    func touchesHead(_ stretch: Range<Int>, before limit: Int = .max) -> Bool {
      if heads.count == Self.reach, stretch.lowerBound < heads[oldestHead].lowerBound {
        return true
      }
      return heads.contains { $0.lowerBound < limit && $0.overlaps(stretch) }
    }
  }

  var info: ConnectionInfo
  /// The direction of the requests, once one was seen.
  var requestDirection: Direction? {
    didSet { knownPeers = nil }
  }
  private var knownPeers: ExchangePeers?
  /// Requests that wait for their answer, oldest first.
  var waiting = Deque<Waiting>()
  /// How many of the first of them belong to nobody any more.
  private var abandoned = 0
  /// How far the client had read the server's stream when it sent its latest bytes.
  var acknowledged: Int?
  /// The latest exchange that asks for another protocol and waits for its answer.
  var upgrade: Int?
  /// Exchanges that aren't over.
  var open = Deque<Int>()
  /// The ticket of a request that was made plainly and waits for its answer; then there is nothing else
  /// that waits, or is open.
  var plain: Int?
  /// The end of the latest hole that may have swallowed responses, in the server's stream.
  var lostResponsesTo = 0
  /// What runs between TCP and the messages: nothing in plain HTTP/1.
  private var layers: Layers?
  /// Whether there is something: asked with every segment.
  private(set) var isLayered = false
  /// The direction that ended first.
  var firstEnd: Direction?
  var kind: ConnectionSummary.Kind?
  var firstFrame: Int32
  var requests = 0
  /// Client-to-server stretches in which a request may have stood.
  var blindSpots: [BlindSpot] = []

  /// Whether the streams of its decoders lead on to another one.
  var isSwitched: Bool { http2 != nil || webSocket != nil }

  private final class Layers {
    var tls: TLSLayer?
    var http2: HTTP2Layer?
    var webSocket: WebSocketLayer?
  }

  var tls: TLSLayer? { layers?.tls }
  var http2: HTTP2Layer? { layers?.http2 }
  var webSocket: WebSocketLayer? { layers?.webSocket }

  mutating func add(_ layer: TLSLayer) { layered().tls = layer }
  mutating func add(_ layer: HTTP2Layer) { layered().http2 = layer }
  mutating func add(_ layer: WebSocketLayer) { layered().webSocket = layer }

  private mutating func layered() -> Layers {
    let layers = self.layers ?? Layers()
    self.layers = layers
    isLayered = true
    return layers
  }

  mutating func dropLayers() {
    guard isLayered else { return }
    layers = nil
  }

  /// - Parameter key: of an exchange that is over.
  mutating func close(_ key: Int) {
    if open.first == key {
      open.removeFirst()
    } else if let index = open.firstIndex(of: key) {
      open.remove(at: index)
    }
  }

  /// The first one that waits has got its answer, or won't get one.
  mutating func answered() {
    waiting.removeFirst()
    abandoned = max(0, abandoned &- 1)
  }

  /// Lets the oldest one go whose answer somebody waits for; its place stays, for the answer.
  ///
  /// - Returns: the key of its exchange.
  mutating func abandonOldest() -> Int? {
    while abandoned < waiting.count, waiting[abandoned].exchange == nil { abandoned &+= 1 }
    guard abandoned < waiting.count else { return nil }
    defer { waiting[abandoned].exchange = nil }
    return waiting[abandoned].exchange
  }

  /// A request that the server owes an answer.
  struct Waiting {
    /// Key of its exchange; `nil` for a request that stood in a hole, whose answer is nobody's.
    var exchange: Int?
    /// How far the client had read when it was sent.
    var acknowledged: Int?
    /// It was sent behind a hole before that one's answer came: how many requests were lost isn't
    /// known, and so not whose answer is whose.
    var isInDoubt = false
  }

  init(_ info: ConnectionInfo, frame: Int32) {
    self.info = info
    firstFrame = frame
  }

  /// An exchange of which nothing is known yet.
  mutating func newExchange() -> Exchange {
    var exchange = Exchange(between: peers())
    exchange.tls = tls?.parameters
    return exchange
  }

  /// Between whom its exchanges are.
  @inline(__always)
  mutating func peers() -> ExchangePeers {
    if let knownPeers { return knownPeers }
    let peers = ExchangePeers(
      connection: info.number, client: client, server: server,
      beganBeforeCapture: info.beganBeforeCapture)
    knownPeers = peers
    return peers
  }

  /// Until a request was seen, the one that opened the connection counts as the client.
  var clientDirection: Direction { requestDirection ?? .forward }
  var client: Endpoint { clientDirection == .forward ? info.initiator : info.responder }
  var server: Endpoint { clientDirection == .forward ? info.responder : info.initiator }
}

extension [HTTPConnection.Half] {
  /// One direction of the connection in a slot: they lie two by two in one flat array.
  subscript(_ slot: Int, _ direction: Direction) -> HTTPConnection.Half {
    @inline(__always) _read { yield self[slot &* 2 &+ Int(direction.rawValue)] }
    @inline(__always) _modify { yield &self[slot &* 2 &+ Int(direction.rawValue)] }
  }
}

extension HTTPConnection.Half {
  mutating func takeAnomalies() -> AnomalySet {
    defer { anomalies = [] }
    return anomalies
  }

  mutating func remember(_ message: Message) {
    guard message.start < message.headEnd, message.headEnd != .max else { return }
    remember(head: message.start..<message.headEnd)
  }

  /// Whether a stretch touches the head of a request that isn't being read any more.
  func isOfEarlierHead(_ stretch: Range<Int>) -> Bool {
    touchesHead(stretch, before: message?.start ?? .max)
  }
}
