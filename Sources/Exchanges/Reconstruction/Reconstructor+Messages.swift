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
    var frame = event.frame
    if let origin {
      message.time = origin.time
      frame = origin.frame
      message.touch(origin.frames)
    }
    message.touch(event.frame)
    if let ticket = halves[slot, event.direction].ticket { queue.release(ticket) }
    let ticket = queue.reserve(frame: frame, offset: event.range.offset &+ offset)
    halves[slot, event.direction].message = message
    halves[slot, event.direction].ticket = ticket
    halves[slot, event.direction].exchange = nil
    halves[slot, event.direction].wireBytes = 0
  }

  /// - Parameter offset: behind the head, in the segment.
  mutating func takeHead(_ slot: Int, _ event: StreamEvent, at offset: Int) {
    let direction = event.direction
    guard let head = halves[slot, direction].decoder.takeHead(),
      let ticket = halves[slot, direction].ticket,
      var message = halves[slot, direction].message.take()
    else { return halves[slot, direction].decoder.frame(.none) }
    message.head = head
    message.headState = .complete
    message.headEnd = event.position &+ offset
    message.end = event.time
    if !head.isComplete {
      message.headDoubt = .cap
      ledger.caps.count(.headerFields)
    }
    let framing: BodyFraming
    let asks = connections[slot].requestDirection
    if let asks, head.isRequest != (asks == direction) {
      // A request where answers come from, or the other way round: whose it is can't be said.
      halves[slot, direction].message = message
      refuseRole(slot, direction, event)
      return
    }
    if head.isRequest {
      framing = takeRequestHead(slot, direction, &message, ticket)
      if isUnsureBehindUpgrade(slot, message, framing, event, at: offset) {
        message.headDoubt = .ambiguousFraming
      }
      if head.asksForAnotherProtocol {
        connections[slot].upgrade = halves[slot, direction].exchange
      }
    } else {
      framing = takeResponseHead(slot, direction, &message, ticket)
    }
    halves[slot, direction].message = message
    halves[slot, direction].decoder.frame(framing)
    if framing == .tunnel {
      let key = halves[slot, direction].exchange
      endMessage(slot, direction, event)
      if let key, !head.isRequest { switchProtocol(slot, key) }
    }
  }

  /// httptools drops what it reads together with the end of a request for another protocol, and goes
  /// on with the next read. Where that falls into the middle of a request, it sees another one.
  private func isUnsureBehindUpgrade(
    _ slot: Int, _ message: Message, _ framing: BodyFraming, _ event: StreamEvent, at offset: Int
  ) -> Bool {
    guard connections[slot].upgrade != nil else { return false }
    let isInOnePiece =
      switch framing {
      case .none: true
      case .length(let count): count <= event.range.count &- offset
      default: false
      }
    return !isInOnePiece || message.start < event.position
  }

  /// The first message tells who asks, whoever opened the connection. Where these differ, both ends
  /// stay in doubt: what looked like a request may have been the content of an answer.
  private mutating func settleRoles(
    _ slot: Int, requests direction: Direction, _ message: Message
  ) {
    guard connections[slot].requestDirection == nil else { return }
    connections[slot].requestDirection = direction
    let info = connections[slot].info
    guard direction == .backward, !info.beganBeforeCapture else { return }
    ledger.ignored(
      BlindSpot(
        cause: .unreadable, connection: info.number, client: info.initiator,
        server: info.responder, frame: message.headFrames.first ?? 0, length: 0))
  }

  /// A message that stands in the wrong direction belongs to nobody, and puts both ends in doubt.
  private mutating func refuseRole(_ slot: Int, _ direction: Direction, _ event: StreamEvent) {
    noteForeign(slot, direction, .badStatusLine)
    let info = connections[slot].info
    for (client, server) in [
      (info.initiator, info.responder), (info.responder, info.initiator),
    ] {
      ledger.ignored(
        BlindSpot(
          cause: .unreadable, connection: info.number, client: client, server: server,
          frame: event.frame, length: 0))
    }
    forget(slot, direction, .junk)
    halves[slot, direction].decoder.abandon(.junk)
  }

  // MARK: Requests

  private mutating func takeRequestHead(
    _ slot: Int, _ direction: Direction, _ message: inout Message, _ ticket: Int
  ) -> BodyFraming {
    settleRoles(slot, requests: direction, message)
    let (framing, framingAnomalies) = BodyFraming.ofRequest(message.head)
    if framing != .none { message.bodyState = .cut }
    let key = openExchange(slot, direction, ticket)
    connections[slot].requests &+= 1
    noteAsked(message, key)
    open[key]?.exchange.addToRequest(message.head.anomalies.union(framingAnomalies))
    if message.head.hasToken("h2c", in: "upgrade") {
      open[key]?.exchange.anomalies.insert(.upgradeH2C)
    }
    checkConflicts(slot, direction, &message, key)
    halves[slot, direction].remember(message)
    // Behind a request that was lost, or one in doubt.
    let isInDoubt = connections[slot].waiting.last?.isInDoubt ?? false
    connections[slot].waiting.append(
      HTTPConnection.Waiting(
        exchange: key, acknowledged: message.acknowledged, isInDoubt: isInDoubt))
    boundWaiting(slot)
    halves[slot, direction].isResponse = false
    // CONNECT's own content ends with its head; what follows a 2xx is the tunnel.
    return framing
  }

  /// A new exchange on a connection, with what was odd in front of it.
  private mutating func openExchange(_ slot: Int, _ direction: Direction, _ ticket: Int) -> Int {
    var exchange = newExchange(slot)
    exchange.addToRequest(halves[slot, direction].anomalies)
    halves[slot, direction].anomalies = []
    let key = addOpen(exchange, ticket: ticket)
    halves[slot, direction].exchange = key
    connections[slot].open.append(key)
    return key
  }

  /// An exchange of a connection, of which nothing is known yet.
  func newExchange(_ slot: Int) -> Exchange {
    let info = connections[slot].info
    var exchange = Exchange(
      connection: info.number, client: connections[slot].client,
      server: connections[slot].server)
    exchange.beganBeforeCapture = info.beganBeforeCapture
    exchange.tls = connections[slot].tls?.parameters
    return exchange
  }

  /// Whether a stretch that was sent twice with different content touches the head.
  private mutating func checkConflicts(
    _ slot: Int, _ direction: Direction, _ message: inout Message, _ key: Int
  ) {
    let conflicts = halves[slot, direction].conflicts
    guard !conflicts.isEmpty else { return }
    for conflict in conflicts where conflict.upperBound > message.start {
      open[key]?.exchange.anomalies.insert(.overlapConflict)
      if conflict.lowerBound < message.headEnd { message.headDoubt = .overlap }
    }
    halves[slot, direction].conflicts.removeAll { $0.upperBound <= message.headEnd }
  }

  // MARK: Responses

  private mutating func takeResponseHead(
    _ slot: Int, _ direction: Direction, _ message: inout Message, _ ticket: Int
  ) -> BodyFraming {
    settleRoles(slot, requests: direction.opposite, message)
    halves[slot, direction].isResponse = true
    let status = message.head.status ?? 0
    guard let key = request(for: message, isFinal: status >= 200 || status == 101, slot) else {
      let orphan = openExchange(slot, direction, ticket)
      open[orphan]?.exchange.outcome = .orphanResponse
      open[orphan]?.exchange.anomalies.insert(.responseUnmatched)
      let (framing, _) = BodyFraming.ofResponse(message.head, to: nil)
      if framing != .none { message.bodyState = .cut }
      halves[slot, direction].decoder.mayLackContent = true
      return framing
    }
    queue.release(ticket)
    halves[slot, direction].ticket = nil
    halves[slot, direction].exchange = key
    let method = open[key]?.exchange.request?.head.method ?? requestHead(slot, key)?.method
    let (framing, framingAnomalies) = BodyFraming.ofResponse(message.head, to: method)
    open[key]?.exchange.anomalies.formUnion(halves[slot, direction].anomalies)
    halves[slot, direction].anomalies = []
    if 100..<200 ~= status, status != 101 {
      open[key]?.exchange.interim.append(
        Exchange.Interim(time: message.time, head: message.head))
      halves[slot, direction].exchange = nil
      return .none
    }
    open[key]?.exchange.anomalies.formUnion(message.head.anomalies)
    open[key]?.exchange.anomalies.formUnion(framingAnomalies)
    if status == 204, !message.head.values(of: "transfer-encoding").isEmpty {
      open[key]?.exchange.anomalies.insert(.bodyOn204)
    }
    connections[slot].answered()
    if connections[slot].upgrade == key { connections[slot].upgrade = nil }
    if framing == .tunnel {
      open[key]?.exchange.outcome = status == 101 ? .upgraded : .tunnel
      // Of CONNECT's tunnel the inside is read on: see switchProtocol.
      if status == 101 {
        halves[slot, .forward].decoder.becomeTunnel()
        halves[slot, .backward].decoder.becomeTunnel()
      }
    } else if framing != .none {
      message.bodyState = .cut
      if wire.isLive, message.head.isEventStream, let begun = open[key]?.exchange {
        early.streams.append((begun, status))
      }
    }
    return framing
  }

  // MARK: Ends of messages

  mutating func endMessage(_ slot: Int, _ direction: Direction, _ event: StreamEvent) {
    guard var message = halves[slot, direction].message.take() else { return }
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
  ///   - finishing: whether its exchange is over with it; else the connection's end tells how.
  mutating func breakOff(
    _ slot: Int, _ direction: Direction, gap: Bool, doubt: UnknownReason, finishing: Bool = true
  ) {
    guard var message = halves[slot, direction].message else { return }
    if message.headState == .absent {
      breakOffHead(slot, direction, &message, gap: gap, doubt: doubt, finishing: finishing)
      return
    }
    message.bodyState = gap || message.missing > 0 ? .gap : .cut
    message.isOver = true
    store(message, slot, direction, finishing: finishing)
  }

  /// Only the beginning of a head was seen: what it shows is kept, what it doesn't show is unknown.
  private mutating func breakOffHead(
    _ slot: Int, _ direction: Direction, _ message: inout Message, gap: Bool,
    doubt: UnknownReason, finishing: Bool
  ) {
    guard let ticket = halves[slot, direction].ticket else { return }
    let head = halves[slot, direction].decoder.takePartialHead()
    if head.bytes.starts(with: "PRI ".utf8) {
      // HTTP/2's preface, or its beginning.
      forget(slot, direction, .http2)
      return
    }
    message.head = head
    message.headState = gap ? .gap : .cut
    message.headDoubt = doubt
    message.isOver = true
    // A head without a start line says nothing, not even whose it is.
    let isRequest = head.isRequest || (head.status == nil && isFromClient(slot, direction))
    if isRequest, head.isRequest || connections[slot].requestDirection == direction {
      _ = takeRequestHead(slot, direction, &message, ticket)
      message.bodyState = .none
      store(message, slot, direction, finishing: finishing)
    } else if head.status != nil {
      _ = takeResponseHead(slot, direction, &message, ticket)
      message.bodyState = .none
      if halves[slot, direction].message != nil {
        store(message, slot, direction, finishing: finishing)
      }
    } else {
      if !gap {
        noteForeign(slot, direction, .badStatusLine)
        addForeignLine(
          slot, direction, frame: message.headFrames.first ?? 0, length: head.bytes.count)
      }
      let isFirst = connections[slot].requestDirection == nil
      forget(slot, direction, gap ? .afterGap : isFirst ? .notHTTP : .junk)
    }
  }

  /// What was read as a message is none: its bytes go to another account.
  mutating func forget(
    _ slot: Int, _ direction: Direction, _ reason: MessageDecoder.StrayReason
  ) {
    let half = halves[slot, direction]
    if let ticket = half.ticket { queue.release(ticket) }
    ledger.exchangeBytes &-= half.wireBytes
    ledger.strayBytes[reason.index] &+= half.wireBytes
    halves[slot, direction].message = nil
    halves[slot, direction].ticket = nil
    halves[slot, direction].exchange = nil
    halves[slot, direction].wireBytes = 0
  }

  private mutating func store(
    _ message: Message, _ slot: Int, _ direction: Direction, finishing: Bool = true
  ) {
    let (exchange, ticket) = (halves[slot, direction].exchange, halves[slot, direction].ticket)
    halves[slot, direction].message = nil
    halves[slot, direction].ticket = nil
    halves[slot, direction].exchange = nil
    guard let key = exchange else {
      // An interim response, which stands on its exchange already.
      if let ticket { queue.release(ticket) }
      return
    }
    if halves[slot, direction].isResponse {
      open[key]?.exchange.response = message
    } else {
      open[key]?.exchange.request = message
    }
    if finishing { finishIfOver(slot, key, isLost: false) }
  }

  /// An exchange is over with both its messages, or when its answer is known to be lost.
  mutating func finishIfOver(_ slot: Int, _ key: Int, isLost: Bool) {
    guard let entry = open[key] else { return }
    let outcome = entry.exchange.outcome
    let isDone =
      (entry.exchange.request?.isOver ?? (outcome == .orphanResponse))
      && (entry.exchange.response?.isOver ?? isLost)
    // What runs inside belongs to the exchange until the connection ends.
    guard isDone, outcome != .upgraded, outcome != .tunnel else { return }
    finish(slot, key)
  }

  /// Gives an exchange out.
  mutating func finish(_ slot: Int, _ key: Int) {
    guard let entry = removeOpen(key) else { return }
    // The key will be another exchange's.
    for direction in [Direction.forward, .backward]
    where halves[slot, direction].exchange == key {
      halves[slot, direction].message = nil
      halves[slot, direction].ticket = nil
      halves[slot, direction].exchange = nil
    }
    if connections[slot].open.first == key {
      connections[slot].open.removeFirst()
    } else if let index = connections[slot].open.firstIndex(of: key) {
      connections[slot].open.remove(at: index)
    }
    entry.exchange.judgeCompleteness()
    let segments = max(
      1, entry.exchange.request?.segments ?? entry.exchange.response?.segments ?? 1)
    let sightings =
      entry.sightings
      &+ (entry.exchange.request?.sightings ?? entry.exchange.response?.sightings ?? 0)
    entry.exchange.observations = 1 &+ (sightings &+ segments / 2) / segments
    queue.put(entry)
    if wire.isLive { early.ended.append(entry) }
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
  mutating func addToRequest(_ odd: AnomalySet) {
    anomalies.formUnion(odd)
    requestAnomalies.formUnion(odd)
  }

  /// Names what is not whole.
  mutating func judgeCompleteness() {
    let asked = request?.completeness
    let answered = response?.completeness
    if asked?.isWhole == false { anomalies.insert(.requestIncomplete) }
    if answered?.isWhole == false { anomalies.insert(.responseIncomplete) }
    if asked?.hasGap == true || answered?.hasGap == true { anomalies.insert(.gap) }
    if answered == nil, asked != nil {
      anomalies.insert(.responseMissing)
    }
    if outcome == .complete {
      if anomalies.contains(.gap) {
        outcome = .gap
      } else if answered == nil {
        outcome = .noResponse
      }
    }
  }
}

extension Message {
  fileprivate var completeness: (isWhole: Bool, hasGap: Bool) {
    (headState == .complete && bodyState.isWhole, headState == .gap || bodyState == .gap)
  }
}

extension Message.BodyState {
  var isWhole: Bool { self == .none || self == .complete }
}
