internal import HTTP
public import TLS
public import Wire

/// Takes finished exchanges, in order of their first byte.
public protocol ExchangeSink {
  /// Called once, before the first exchange: the capture's first interfaces are known by then.
  mutating func began(_ source: CaptureSource)
  mutating func take(_ exchange: Exchange, in store: CaptureStore)
  /// Called first where each message is all of a segment and nothing is odd about either.
  ///
  /// - Returns: whether this sink knows all that it has to know; else it is given the exchange.
  mutating func take(plain exchange: PlainExchange, in store: CaptureStore) -> Bool
  /// Called where a capture is read while it is written, and an answer of events has begun: its
  /// exchange is told when it is over, which may be long.
  mutating func streams(_ exchange: Exchange, status: Int)
  /// Called where a capture is read while it is written, and the head of a request was read: its
  /// exchange, with nothing else yet.
  mutating func asked(_ exchange: Exchange, in store: CaptureStore)
  /// Called where a capture is read while it is written, and an exchange is over that can't be given
  /// out yet, because an earlier one isn't: it has no number.
  mutating func ended(_ exchange: Exchange, in store: CaptureStore)
}

extension ExchangeSink {
  @inline(__always)
  public mutating func take(plain exchange: PlainExchange, in store: CaptureStore) -> Bool {
    false
  }
  public mutating func streams(_ exchange: Exchange, status: Int) {}
  public mutating func asked(_ exchange: Exchange, in store: CaptureStore) {}
  public mutating func ended(_ exchange: Exchange, in store: CaptureStore) {}
}

/// A capture in, exchanges out: pairs requests with responses, proved by sequence numbers.
public struct Reconstructor: ~Copyable {
  var wire: WireReader
  /// Whether the capture is written while it is read.
  let isLive: Bool
  /// The open ones; places of those that were closed are used again, which the wire's slots aren't for
  /// long: many thousands of closed connections are remembered there.
  var connections: [HTTPConnection] = []
  private var freeSlots: [Int] = []
  private var seats = ConnectionSeats()
  var heads = KnownHeads(capacity: 1024)
  /// Two for each connection.
  var halves: [HTTPConnection.Half] = []
  /// Exchanges that aren't over, by key; free keys are used again.
  var open: [OpenExchange?] = []
  private var freeKeys: [Int] = []
  var queue = EmissionQueue()
  var ledger: CaptureLedger
  /// What belongs to no exchange that is still open.
  var anomalies = AnomalyCounts()
  /// What TLS is opened with.
  var keys: TLSKeys
  /// Where the message that is about to begin did begin.
  var origin: MessageOrigin?
  /// Whether what is missing is told as a blind spot; not where it is told otherwise.
  var isTellingSpots = true
  /// Where bytes wait for the rest of their record.
  var places = CarriedPlaces()
  var hops = SecondHops()
  private var emitted = 0
  /// Bytes of heads that aren't whole, of all connections.
  private var openHeadBytes = 0
  /// Bytes of the heads of HTTP/2's open streams, of all connections.
  var layeredHeadBytes = 0
  /// HTTP/2's open streams, of all connections, and the bound on them.
  var openStreams = 0
  static let openStreamLimit = 100_000
  /// The bound on either kind of open heads.
  static let openHeadLimit = 64 << 20

  /// Of a capture that is being written: what is yet to be told before its turn comes.
  var early = EarlyNews()

  /// Not in tests that hold the short ways against the long one.
  var takesShortWays = true

  /// - Parameters:
  ///   - files: the files of one capture, in order, or `-`.
  ///   - filter: a tcpdump expression.
  ///   - keyLogs: secrets for TLS; those that a capture itself holds are used too.
  /// - Throws: `CaptureError` where the first one can't be opened.
  public init(
    files: [String], filter: String? = nil, keyLogs: [KeyLogFile] = []
  ) throws(CaptureError) {
    try self.init(WireReader(files: files, filter: filter), keyLogs)
  }

  init(_ reader: consuming WireReader, _ keyLogs: [KeyLogFile] = []) {
    wire = reader
    isLive = wire.isLive
    keys = TLSKeys(keyLogs)
    ledger = CaptureLedger(source: wire.source)
  }

  /// The name resolution and interface facts read so far.
  public var store: CaptureStore { wire.store }

  /// Walks the capture to its end.
  ///
  /// - Returns: what became of every frame and byte. Damage stands in its `failure`.
  public mutating func run<Sink: ExchangeSink>(into sink: inout Sink) -> CaptureLedger {
    var hasBegun = false
    // Held once, and not with every event.
    let store = wire.store
    while wire.step() {
      if !hasBegun {
        hasBegun = true
        sink.began(wire.source)
      }
      for index in wire.events.indices {
        let event = wire.events[index]
        if !takeShortWay(event, in: store) { take(event) }
      }
      if early.hasBegun { tellBegun(to: &sink) }
      if queue.hasReadyFirst { emit(into: &sink) }
      if !early.ended.isEmpty { tellEnded(to: &sink) }
    }
    if !hasBegun { sink.began(wire.source) }
    emit(into: &sink)
    // Every connection is closed: a place that is still taken is a fault of this program, and is
    // told rather than hidden.
    ledger.unfinishedMessages = queue.releaseUnfinished()
    if ledger.unfinishedMessages > 0 { emit(into: &sink) }
    return closing()
  }

  private mutating func emit<Sink: ExchangeSink>(into sink: inout Sink) {
    let barrier = min(wire.oldestHeldFrame(), oldestCarriedFrame())
    while let next = queue.next(before: barrier) {
      switch next {
      case .plain: emitPlain(into: &sink)
      case .written: emitWritten(into: &sink)
      }
    }
  }

  @inline(__always)
  private mutating func emitPlain<Sink: ExchangeSink>(into sink: inout Sink) {
    guard var plain = queue.takePlain() else { return }
    emitted &+= 1
    plain.id = emitted
    ledger.requests &+= 1
    ledger.responses &+= 1
    if let original = hops.original(of: plain, in: wire.store) {
      var copy = plain.written
      copy.copyOf = original
      sink.take(copy, in: wire.store)
    } else {
      if !sink.take(plain: plain, in: wire.store) { sink.take(plain.written, in: wire.store) }
      hops.remember(&plain)
    }
  }

  private mutating func emitWritten<Sink: ExchangeSink>(into sink: inout Sink) {
    guard let entry = queue.takeWritten() else { return }
    emitted &+= 1
    if !early.told.isEmpty { entry.exchange.isTold = early.told.remove(entry.ticket) != nil }
    entry.exchange.id = emitted
    let isAsked = entry.exchange.request != nil
    let isAnswered = entry.exchange.response != nil
    if isAsked { ledger.requests &+= 1 }
    if isAnswered { ledger.responses &+= 1 }
    hops.note(entry.exchange.server)
    if isAsked, isAnswered {
      entry.exchange.copyOf = hops.original(of: entry, in: wire.store)
      if entry.exchange.copyOf == nil { hops.remember(entry) }
    }
    sink.take(entry.exchange, in: wire.store)
  }

  private mutating func closing() -> CaptureLedger {
    var ledger = self.ledger
    ledger.keyLog = keys.finish()
    ledger.source = wire.source
    ledger.frames = wire.frames
    ledger.first = wire.firstTime
    ledger.last = wire.lastTime
    ledger.payload = wire.payload
    ledger.caps.add(wire.caps)
    ledger.anomalies = wire.anomalies
    for (anomaly, count) in anomalies.occurred { ledger.anomalies.count(anomaly, times: count) }
    ledger.failure = wire.failure
    // By their places: they are large, and moved about many times by a sort.
    let connections = ledger.connections
    let order = connections.indices.sorted { connections[$0].number < connections[$1].number }
    ledger.connections = order.map { connections[$0] }
    return ledger
  }

  // MARK: Events

  /// What nearly every segment is takes a shorter way to the same end.
  ///
  /// - Returns: `false` where it is anything else; then no more was done than to seat its connection.
  @inline(__always)
  private mutating func takeShortWay(_ event: StreamEvent, in store: CaptureStore) -> Bool {
    guard takesShortWays, event.kind == .data else { return false }
    let slot: Int
    if let seat = seats.slot(of: event.connection) {
      slot = seat
      if connections[slot].isLayered { return false }
    } else {
      slot = begin(event)
    }
    return takeContent(slot, event, in: store) || takeWhole(slot, event, in: store)
  }

  private mutating func take(_ event: StreamEvent) {
    let slot: Int
    if let seat = seats.slot(of: event.connection) {
      slot = seat
      if connections[slot].plain != nil { writePlain(slot) }
    } else {
      switch event.kind {
      case .ignored, .conflict:
        return takeIgnored(
          event, asks: seats.asks(event.connection, wire.connection(event.connection)))
      case .data, .gap: slot = begin(event)
      default: return
      }
    }
    switch event.kind {
    case .data:
      halves[slot, event.direction].bytes &+= event.range.count
      if connections[slot].isLayered { takeLayered(slot, event) } else { read(slot, event) }
    case .gap:
      if connections[slot].isLayered {
        takeLayered(slot, event)
      } else {
        takeGap(slot, event, isLengthKnown: true)
      }
    case .conflict:
      takeConflict(slot, event)
    case .unchecked:
      takeUnchecked(slot, event)
    case .sighting:
      takeSighting(slot, event)
    case .ignored:
      takeIgnored(event, asks: connections[slot].requestDirection)
    case .finished, .reset:
      takeEnd(slot, event)
    case .closed:
      close(slot, event)
      connections[slot].dropLayers()
      for direction in [Direction.forward, .backward] {
        openHeadBytes &-= halves[slot, direction].decoder.carriedBytes
      }
      halves[slot, .forward] = HTTPConnection.Half(decoder: MessageDecoder())
      halves[slot, .backward] = HTTPConnection.Half(decoder: MessageDecoder())
      seats.leave(event.connection, connections[slot])
      freeSlots.append(slot)
    }
  }

  /// - Returns: the slot that a connection takes.
  private mutating func begin(_ event: StreamEvent) -> Int {
    let info = wire.connection(event.connection)
    let connection = HTTPConnection(info, frame: event.frame)
    let half = HTTPConnection.Half(
      decoder: MessageDecoder(isMidstream: info.beganBeforeCapture))
    let slot: Int
    if let free = freeSlots.popLast() {
      slot = free
      connections[slot] = connection
      halves[slot, .forward] = half
      halves[slot, .backward] = half
    } else {
      slot = connections.count
      connections.append(connection)
      halves.append(half)
      halves.append(half)
    }
    seats.take(event.connection, slot)
    return slot
  }

  /// Gives the bytes of a segment to its decoder.
  mutating func read(_ slot: Int, _ event: StreamEvent) {
    let direction = event.direction
    if connections[slot].requestDirection == direction {
      connections[slot].acknowledged = event.acknowledged
    }
    openHeadBytes &-= halves[slot, direction].decoder.carriedBytes
    defer { openHeadBytes &+= halves[slot, direction].decoder.carriedBytes }
    wire.store.withBytes(event.range) { bytes in
      var offset = 0
      while true {
        let before = offset
        let output = halves[slot, direction].decoder.next(bytes, from: &offset, &heads)
        if leadsInside(output), enterInside(slot, event, output, at: offset) { return }
        count(slot, direction, output, offset &- before)
        switch output {
        case .more:
          return
        case .content(let range):
          if range.lowerBound == 0, isAnsweredEarly(slot, direction),
            MessageDecoder.beginsRequest(bytes)
          {
            // A client that was answered already may have left the content out.
            addBlindSpot(slot, direction, .unreadable, event, length: 0)
          }
          halves[slot, direction].message?.add(range, of: event)
        case .head:
          halves[slot, direction].message?.touch(event.frame)
          takeHead(slot, event, at: offset)
        case .began:
          begin(slot, event, at: offset)
        case .ended:
          endMessage(slot, direction, event)
        case .odd(let anomaly):
          note(slot, direction, anomaly)
        case .lost(let anomaly):
          lose(slot, direction, anomaly, event)
        case .stray(let range, let reason):
          stray(slot, direction, bytes.extracting(range), reason, event)
        case .tunnel(let range):
          addTunnel(slot, direction, bytes.extracting(range), event)
        }
      }
    }
    if halves[slot, direction].decoder.isInHead {
      halves[slot, direction].message?.touch(event.frame)
      if openHeadBytes &+ halves[slot, direction].decoder.carriedBytes > Self.openHeadLimit {
        ledger.caps.count(.openHeadBytes)
        loseOpenHead(slot, direction, event)
      }
    }
  }

  /// Puts consumed bytes on their account; what turns out to be no message is moved later.
  @inline(__always)
  private mutating func count(
    _ slot: Int, _ direction: Direction, _ output: MessageDecoder.Output, _ consumed: Int
  ) {
    switch output {
    case .stray(let range, let reason):
      ledger.strayBytes[reason.index] &+= range.count
      ledger.exchangeBytes &+= consumed &- range.count
    case .tunnel(let range):
      ledger.tunnelBytes &+= range.count
      ledger.exchangeBytes &+= consumed &- range.count
    default:
      ledger.exchangeBytes &+= consumed
      halves[slot, direction].wireBytes &+= consumed
    }
  }

  // MARK: Keys

  mutating func addOpen(_ exchange: Exchange, ticket: Int) -> Int {
    addOpen(OpenExchange(exchange, ticket: ticket))
  }

  /// - Returns: the key of an exchange that isn't over.
  mutating func addOpen(_ entry: OpenExchange) -> Int {
    if let key = freeKeys.popLast() {
      open[key] = entry
      return key
    }
    open.append(entry)
    return open.count - 1
  }

  mutating func removeOpen(_ key: Int) -> OpenExchange? {
    guard let entry = open[key] else { return nil }
    open[key] = nil
    freeKeys.append(key)
    return entry
  }
}

extension MessageDecoder.StrayReason {
  /// The place in a list by reason.
  var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
