internal import DequeModule
internal import HTTP
internal import Wire

// From parts of messages to exchanges.

extension Reconstructor {
  mutating func begin(_ slot: Int, _ event: StreamEvent, at offset: Int) {
    var message = Message(
      head: .unseen, headState: .absent, time: event.time, end: event.time,
      start: event.position &+ offset, headEnd: Int.max)
    message.acknowledged = event.acknowledged
    message.headFrames.add(event.frame)
    message.segments = 1
    let ticket = queue.reserve(frame: event.frame, offset: event.range.offset &+ offset)
    connections[slot]?[event.direction].message = message
    connections[slot]?[event.direction].ticket = ticket
    connections[slot]?[event.direction].exchange = nil
    connections[slot]?[event.direction].wireBytes = 0
  }

  mutating func addContent(_ slot: Int, _ event: StreamEvent, _ range: Range<Int>) {
    let piece = Message.Piece(
      offset: event.range.offset &+ range.lowerBound, count: Int32(truncatingIfNeeded: range.count),
      frame: event.frame)
    let direction = event.direction
    connections[slot]?[direction].message?.pieces.append(piece)
    connections[slot]?[direction].message?.bytes &+= range.count
    connections[slot]?[direction].message?.end = event.time
    connections[slot]?[direction].message?.segments &+= 1
  }

  /// - Parameter offset: behind the head, in the segment.
  mutating func takeHead(
    _ slot: Int, _ event: StreamEvent, _ head: MessageHead, _ decoder: inout MessageDecoder,
    at offset: Int
  ) {
    let direction = event.direction
    guard var message = connections[slot]?[direction].message,
      let ticket = connections[slot]?[direction].ticket
    else { return decoder.frame(.none) }
    message.head = head
    message.headState = .complete
    message.headEnd = event.position &+ offset
    message.end = event.time
    if !head.isComplete { message.headDoubt = .cap }
    let framing: BodyFraming
    if head.isRequest {
      framing = takeRequestHead(slot, direction, &message, ticket)
    } else {
      framing = takeResponseHead(slot, direction, &message, ticket, &decoder)
    }
    connections[slot]?[direction].message = message
    decoder.frame(framing)
  }

  // MARK: Requests

  private mutating func takeRequestHead(
    _ slot: Int, _ direction: Direction, _ message: inout Message, _ ticket: Int
  ) -> BodyFraming {
    if connections[slot]?.requestDirection == nil {
      connections[slot]?.requestDirection = direction
    }
    let (framing, framingAnomalies) = BodyFraming.ofRequest(message.head)
    if framing != .none { message.bodyState = .cut }
    let key = openExchange(slot, direction, ticket)
    connections[slot]?.requests &+= 1
    open[key]?.exchange.anomalies.formUnion(message.head.anomalies)
    open[key]?.exchange.anomalies.formUnion(framingAnomalies)
    if message.head.hasToken("h2c", in: "upgrade") {
      open[key]?.exchange.anomalies.insert(.upgradeH2C)
    }
    checkConflicts(slot, direction, &message, key)
    connections[slot]?.waiting.append(key)
    connections[slot]?[direction].isResponse = false
    // CONNECT's own content ends with its head; what follows a 2xx is the tunnel.
    return framing
  }

  /// A new exchange on a connection, with what was odd in front of it.
  private mutating func openExchange(_ slot: Int, _ direction: Direction, _ ticket: Int) -> Int {
    let connection = connections[slot]
    let info = connection?.info
    let client = connection?.client ?? .none
    var exchange = Exchange(
      connection: info?.number ?? 0, client: client, server: connection?.server ?? .none)
    exchange.beganBeforeCapture = info?.beganBeforeCapture ?? false
    exchange.anomalies = connection?[direction].anomalies ?? []
    connections[slot]?[direction].anomalies = []
    let key = addOpen(exchange, ticket: ticket)
    connections[slot]?[direction].exchange = key
    connections[slot]?.open.append(key)
    return key
  }

  /// Whether a stretch that was sent twice with different content touches the head.
  private mutating func checkConflicts(
    _ slot: Int, _ direction: Direction, _ message: inout Message, _ key: Int
  ) {
    guard let conflicts = connections[slot]?[direction].conflicts, !conflicts.isEmpty else {
      return
    }
    for conflict in conflicts where conflict.upperBound > message.start {
      open[key]?.exchange.anomalies.insert(.overlapConflict)
      if conflict.lowerBound < message.headEnd { message.headDoubt = .overlap }
    }
    connections[slot]?[direction].conflicts.removeAll { $0.upperBound <= message.headEnd }
  }

  // MARK: Responses

  private mutating func takeResponseHead(
    _ slot: Int, _ direction: Direction, _ message: inout Message, _ ticket: Int,
    _ decoder: inout MessageDecoder
  ) -> BodyFraming {
    if connections[slot]?.requestDirection == nil {
      connections[slot]?.requestDirection = direction.opposite
    }
    connections[slot]?[direction].isResponse = true
    let status = message.head.status ?? 0
    guard let key = request(for: message, slot) else {
      let orphan = openExchange(slot, direction, ticket)
      open[orphan]?.exchange.outcome = .orphanResponse
      open[orphan]?.exchange.anomalies.insert(.responseUnmatched)
      let (framing, _) = BodyFraming.ofResponse(message.head, to: nil)
      if framing != .none { message.bodyState = .cut }
      return framing
    }
    queue.release(ticket)
    connections[slot]?[direction].ticket = nil
    connections[slot]?[direction].exchange = key
    let method = open[key]?.exchange.request?.head.method ?? requestHead(slot, key)?.method
    let (framing, framingAnomalies) = BodyFraming.ofResponse(message.head, to: method)
    open[key]?.exchange.anomalies.formUnion(connections[slot]?[direction].anomalies ?? [])
    connections[slot]?[direction].anomalies = []
    if 100..<200 ~= status, status != 101 {
      open[key]?.exchange.interim.append(
        Exchange.Interim(time: message.time, head: message.head))
      connections[slot]?[direction].exchange = nil
      return .none
    }
    open[key]?.exchange.anomalies.formUnion(message.head.anomalies)
    open[key]?.exchange.anomalies.formUnion(framingAnomalies)
    if status == 204, !message.head.values(of: "transfer-encoding").isEmpty {
      open[key]?.exchange.anomalies.insert(.bodyOn204)
    }
    connections[slot]?.waiting.removeFirst()
    if framing == .tunnel {
      open[key]?.exchange.outcome = status == 101 ? .upgraded : .tunnel
      decoder.becomeTunnel()
      connections[slot]?.forward.decoder.becomeTunnel()
      connections[slot]?.backward.decoder.becomeTunnel()
      endMessage(slot, direction, message)
    } else if framing != .none {
      message.bodyState = .cut
    }
    return framing
  }

  /// The head of a request whose content is still being read.
  private func requestHead(_ slot: Int, _ key: Int) -> MessageHead? {
    guard let connection = connections[slot] else { return nil }
    let half = connection[connection.clientDirection]
    return half.exchange == key ? half.message?.head : nil
  }

  /// The start and the end of a request's head, and how far the client had read when it began.
  private func requestPlace(
    _ slot: Int, _ key: Int
  ) -> (headEnd: Int, acknowledged: Int?)? {
    if let request = open[key]?.exchange.request {
      return (request.headEnd, request.acknowledged)
    }
    guard let connection = connections[slot] else { return nil }
    let half = connection[connection.clientDirection]
    guard half.exchange == key, let message = half.message else { return nil }
    return (message.headEnd, message.acknowledged)
  }

  /// The request that a response answers: the oldest one without an answer, if its server had
  /// read it. Nothing is paired that the sequence numbers refute.
  private mutating func request(for response: Message, _ slot: Int) -> Int? {
    if connections[slot]?.lostResponses == true {
      skipLostResponses(response, slot)
    }
    guard let key = connections[slot]?.waiting.first else { return nil }
    if let acknowledged = response.acknowledged, let place = requestPlace(slot, key),
      place.headEnd != .max, acknowledged < place.headEnd
    {
      return nil
    }
    return key
  }

  /// Behind a hole that may have swallowed responses: a request whose client had read on before
  /// it sent the next one has had its answer, in the hole.
  private mutating func skipLostResponses(_ response: Message, _ slot: Int) {
    while let waiting = connections[slot]?.waiting, waiting.count > 1,
      let first = requestPlace(slot, waiting[0])?.acknowledged,
      let second = requestPlace(slot, waiting[1])?.acknowledged,
      second > first, second <= response.start
    {
      connections[slot]?.waiting.removeFirst()
      open[waiting[0]]?.exchange.outcome = .gap
      finishIfOver(slot, waiting[0], isLost: true)
    }
  }

  // MARK: Ends of messages

  mutating func endMessage(_ slot: Int, _ direction: Direction, _ event: StreamEvent) {
    guard var message = connections[slot]?[direction].message else { return }
    if event.kind == .data { message.end = max(message.end, event.time) }
    message.headFrames.add(event.frame)
    endMessage(slot, direction, message)
  }

  /// A message is over, and was read to its end (but for holes in its content).
  mutating func endMessage(_ slot: Int, _ direction: Direction, _ message: Message) {
    var message = message
    if message.missing > 0 {
      message.bodyState = .gap
    } else if message.bodyState != .none {
      message.bodyState = .complete
    }
    message.isOver = true
    store(message, slot, direction)
  }

  /// A message breaks off.
  ///
  /// - Parameters:
  ///   - gap: bytes are missing; else the stream ends.
  ///   - doubt: why its head proves nothing, if it is still inside.
  ///   - partial: what its decoder has of the head, where that was taken from it already.
  mutating func breakOff(
    _ slot: Int, _ direction: Direction, gap: Bool, doubt: UnknownReason,
    partial: MessageHead? = nil
  ) {
    guard var message = connections[slot]?[direction].message else { return }
    if message.headState == .absent {
      breakOffHead(slot, direction, &message, gap: gap, doubt: doubt, partial: partial)
      return
    }
    message.bodyState = gap || message.missing > 0 ? .gap : .cut
    message.isOver = true
    store(message, slot, direction)
  }

  /// Only the beginning of a head was seen: what it shows is kept, what it doesn't show is unknown.
  private mutating func breakOffHead(
    _ slot: Int, _ direction: Direction, _ message: inout Message, gap: Bool,
    doubt: UnknownReason, partial: MessageHead?
  ) {
    guard var decoder = connections[slot]?[direction].decoder,
      let ticket = connections[slot]?[direction].ticket
    else { return }
    let head = partial ?? decoder.takePartialHead()
    connections[slot]?[direction].decoder = decoder
    message.head = head
    message.headState = gap ? .gap : .cut
    message.headDoubt = doubt
    message.isOver = true
    // A head without a start line says nothing, not even whose it is.
    let isRequest = head.isRequest || (head.status == nil && isFromClient(slot, direction))
    if isRequest, head.isRequest || connections[slot]?.requestDirection == direction {
      _ = takeRequestHead(slot, direction, &message, ticket)
      message.bodyState = .none
      store(message, slot, direction)
    } else if head.status != nil {
      _ = takeResponseHead(slot, direction, &message, ticket, &decoder)
      message.bodyState = .none
      if connections[slot]?[direction].message != nil { store(message, slot, direction) }
    } else {
      forget(slot, direction, .afterGap)
    }
  }

  private func isFromClient(_ slot: Int, _ direction: Direction) -> Bool {
    connections[slot]?.clientDirection == direction
  }

  /// What was read as a message is none: its bytes go to another account.
  mutating func forget(
    _ slot: Int, _ direction: Direction, _ reason: MessageDecoder.StrayReason
  ) {
    guard let half = connections[slot]?[direction] else { return }
    if let ticket = half.ticket { queue.release(ticket) }
    ledger.exchangeBytes &-= half.wireBytes
    ledger.strayBytes[reason.index] &+= half.wireBytes
    connections[slot]?[direction].message = nil
    connections[slot]?[direction].ticket = nil
    connections[slot]?[direction].exchange = nil
    connections[slot]?[direction].wireBytes = 0
  }

  private mutating func store(_ message: Message, _ slot: Int, _ direction: Direction) {
    guard let half = connections[slot]?[direction] else { return }
    connections[slot]?[direction].message = nil
    connections[slot]?[direction].ticket = nil
    connections[slot]?[direction].exchange = nil
    guard let key = half.exchange else {
      // An interim response, which stands on its exchange already.
      if let ticket = half.ticket { queue.release(ticket) }
      return
    }
    if half.isResponse {
      open[key]?.exchange.response = message
    } else {
      open[key]?.exchange.request = message
    }
    finishIfOver(slot, key, isLost: false)
  }

  /// An exchange is over with both its messages, or when its answer is known to be lost.
  mutating func finishIfOver(_ slot: Int, _ key: Int, isLost: Bool) {
    guard let entry = open[key] else { return }
    let exchange = entry.exchange
    let isOrphan = exchange.outcome == .orphanResponse
    let isDone =
      (exchange.request?.isOver ?? isOrphan) && (exchange.response?.isOver ?? isLost)
    // What runs inside belongs to the exchange until the connection ends.
    guard isDone, exchange.outcome != .upgraded, exchange.outcome != .tunnel else { return }
    finish(slot, key)
  }

  /// Gives an exchange out.
  mutating func finish(_ slot: Int, _ key: Int) {
    guard var entry = removeOpen(key) else { return }
    connections[slot]?.open.removeAll { $0 == key }
    entry.exchange.judgeCompleteness()
    let message = entry.exchange.request ?? entry.exchange.response
    let segments = max(1, message?.segments ?? 1)
    entry.exchange.observations = 1 &+ (entry.sightings &+ segments / 2) / segments
    queue.put(entry.exchange, at: entry.ticket)
  }
}

extension MessageHead {
  /// Stands in until a head is read.
  static var unseen: MessageHead {
    var decoder = MessageDecoder()
    return decoder.takePartialHead()
  }
}

extension Exchange {
  /// Names what is not whole.
  mutating func judgeCompleteness() {
    if let request {
      let isWhole = request.headState == .complete && request.bodyState.isWhole
      if !isWhole { anomalies.insert(.requestIncomplete) }
      if request.headState == .gap || request.bodyState == .gap { anomalies.insert(.gap) }
    }
    if let response {
      let isWhole = response.headState == .complete && response.bodyState.isWhole
      if !isWhole { anomalies.insert(.responseIncomplete) }
      if response.headState == .gap || response.bodyState == .gap { anomalies.insert(.gap) }
    } else if request != nil {
      anomalies.insert(.responseMissing)
    }
    if outcome == .complete {
      if anomalies.contains(.gap) {
        outcome = .gap
      } else if response == nil {
        outcome = .noResponse
      }
    }
  }
}

extension Message.BodyState {
  var isWhole: Bool { self == .none || self == .complete }
}

extension Endpoint {
  /// Of a connection that isn't there; never shown.
  static var none: Endpoint { Endpoint(address: .unspecified, port: 0) }
}
