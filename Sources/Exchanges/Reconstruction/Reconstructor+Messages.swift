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
    guard let head = halves[slot, direction].decoder.takeFramedHead(),
      let ticket = halves[slot, direction].ticket,
      var message = halves[slot, direction].message.take()
    else { return halves[slot, direction].decoder.frame(.none) }
    message.framedHead = head
    message.headState = .complete
    message.headEnd = event.position &+ offset
    message.end = event.time
    if !head.head.isComplete {
      message.headDoubt = .cap
      ledger.caps.count(.headerFields)
    }
    let framing: BodyFraming
    let asks = connections[slot].requestDirection
    let isRequest = head.head.isRequest
    if let asks, isRequest != (asks == direction) {
      // A request where answers come from, or the other way round: whose it is can't be said.
      halves[slot, direction].message = message
      refuseRole(slot, direction, event)
      return
    }
    if isRequest {
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
      if let key, !isRequest { switchProtocol(slot, key) }
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
    let head = message.framedHead
    let framing = head.requestFraming
    if framing != .none { message.bodyState = .cut }
    var exchange = connections[slot].newExchange()
    exchange.addToRequest(
      halves[slot, direction].takeAnomalies().union(head.head.anomalies)
        .union(head.requestAnomalies))
    if head.asksForH2C { exchange.anomalies.insert(.upgradeH2C) }
    checkConflicts(slot, direction, &message, &exchange)
    connections[slot].requests &+= 1
    if isLive { early.asked.append(exchange.with(request: message)) }
    let key = openExchange(exchange, slot, direction, ticket)
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

  /// A new exchange on a connection.
  private mutating func openExchange(
    _ exchange: Exchange, _ slot: Int, _ direction: Direction, _ ticket: Int
  ) -> Int {
    let key = addOpen(exchange, ticket: ticket)
    halves[slot, direction].exchange = key
    connections[slot].open.append(key)
    return key
  }

  /// Whether a stretch that was sent twice with different content touches the head.
  private mutating func checkConflicts(
    _ slot: Int, _ direction: Direction, _ message: inout Message,
    _ exchange: inout Exchange
  ) {
    let conflicts = halves[slot, direction].conflicts
    guard !conflicts.isEmpty else { return }
    for conflict in conflicts where conflict.upperBound > message.start {
      exchange.anomalies.insert(.overlapConflict)
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
      var orphan = connections[slot].newExchange()
      orphan.addToRequest(halves[slot, direction].takeAnomalies())
      orphan.outcome = .orphanResponse
      orphan.anomalies.insert(.responseUnmatched)
      _ = openExchange(orphan, slot, direction, ticket)
      let (framing, _) = message.framedHead.responseFraming(to: nil)
      if framing != .none { message.bodyState = .cut }
      halves[slot, direction].decoder.mayLackContent = true
      return framing
    }
    queue.release(ticket)
    halves[slot, direction].ticket = nil
    halves[slot, direction].exchange = key
    let request = open[key]?.exchange.request?.framedHead ?? requestHead(slot, key)
    let (framing, framingAnomalies) = message.framedHead.responseFraming(to: request)
    var odd = halves[slot, direction].takeAnomalies()
    if 100..<200 ~= status, status != 101 {
      open[key]?.exchange.interim.append(
        Exchange.Interim(time: message.time, head: message.head))
      open[key]?.exchange.anomalies.formUnion(odd)
      halves[slot, direction].exchange = nil
      return .none
    }
    odd.formUnion(message.head.anomalies)
    odd.formUnion(framingAnomalies)
    if status == 204, message.framedHead.hasTransferEncoding { odd.insert(.bodyOn204) }
    open[key]?.exchange.anomalies.formUnion(odd)
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
      if isLive, message.head.isEventStream, let begun = open[key]?.exchange {
        early.streams.append((begun, status))
      }
    }
    return framing
  }

  // MARK: Ends of messages

  /// A message is over, and was read to its end (but for holes in its content).
  mutating func endMessage(_ slot: Int, _ direction: Direction, _ event: StreamEvent) {
    halves[slot, direction].message?.end(with: event)
    store(slot, direction)
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
    guard let message = halves[slot, direction].message else { return }
    if message.headState == .absent {
      breakOffHead(slot, direction, message, gap: gap, doubt: doubt, finishing: finishing)
      return
    }
    halves[slot, direction].message?.breakOff(gap: gap)
    store(slot, direction, finishing: finishing)
  }

  /// Only the beginning of a head was seen: what it shows is kept, what it doesn't show is unknown.
  private mutating func breakOffHead(
    _ slot: Int, _ direction: Direction, _ begun: Message, gap: Bool,
    doubt: UnknownReason, finishing: Bool
  ) {
    var message = begun
    guard let ticket = halves[slot, direction].ticket else { return }
    let head = halves[slot, direction].decoder.takePartialHead()
    if head.bytes.starts(with: "PRI ".utf8) {
      // HTTP/2's preface, or its beginning.
      forget(slot, direction, .http2)
      return
    }
    message.framedHead = FramedHead(head)
    message.headState = gap ? .gap : .cut
    message.headDoubt = doubt
    message.isOver = true
    // A head without a start line says nothing, not even whose it is.
    let isRequest = head.isRequest || (head.status == nil && isFromClient(slot, direction))
    if isRequest, head.isRequest || connections[slot].requestDirection == direction {
      _ = takeRequestHead(slot, direction, &message, ticket)
      message.bodyState = .none
      halves[slot, direction].message = message
      store(slot, direction, finishing: finishing)
    } else if head.status != nil {
      _ = takeResponseHead(slot, direction, &message, ticket)
      message.bodyState = .none
      if halves[slot, direction].message != nil {
        halves[slot, direction].message = message
        store(slot, direction, finishing: finishing)
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

  /// Gives the message that is over to its exchange.
  private mutating func store(_ slot: Int, _ direction: Direction, finishing: Bool = true) {
    guard let message = halves[slot, direction].message.take() else { return }
    let exchange = halves[slot, direction].exchange.take()
    let ticket = halves[slot, direction].ticket.take()
    guard let exchange else {
      // An interim response, which stands on its exchange already.
      if let ticket { queue.release(ticket) }
      return
    }
    if let entry = open[exchange] {
      if halves[slot, direction].isResponse {
        entry.exchange.response = message
      } else {
        entry.exchange.request = message
      }
    }
    if finishing { finishIfOver(slot, exchange, isLost: false) }
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
    connections[slot].close(key)
    entry.exchange.judgeCompleteness()
    let segments = max(
      1, entry.exchange.request?.segments ?? entry.exchange.response?.segments ?? 1)
    let sightings =
      entry.sightings
      &+ (entry.exchange.request?.sightings ?? entry.exchange.response?.sightings ?? 0)
    entry.exchange.observations = 1 &+ (sightings &+ segments / 2) / segments
    queue.put(entry)
    if isLive { early.ended.append(entry) }
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
