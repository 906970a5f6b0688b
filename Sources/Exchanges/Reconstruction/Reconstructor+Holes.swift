internal import DequeModule
internal import HTTP
internal import Wire

// What may have stood where bytes are missing, came twice with different content, or can't be read.

extension Reconstructor {
  /// - Parameter isLengthKnown: whether the event's length is that of what is missing.
  mutating func takeGap(_ slot: Int, _ event: StreamEvent, isLengthKnown: Bool) {
    let direction = event.direction
    let effect = halves[slot, direction].decoder.skip(isLengthKnown ? event.length : .max)
    let doubt: UnknownReason =
      switch event.gapReason {
      case .hole: .hole
      case .snaplen: .snaplen
      case .cap: .cap
      }
    switch effect {
    case .insideContent:
      if isAnsweredEarly(slot, direction) {
        // Instead of the content another request may have come.
        addBlindSpot(slot, direction, Self.cause(of: event), event, length: event.length)
      }
      halves[slot, direction].message?.missing &+= event.length
      halves[slot, direction].message?.bodyState = .gap
      if let key = halves[slot, direction].exchange {
        open[key]?.exchange.anomalies.insert(.gap)
      }
      endAtHole(slot, direction, event)
      return
    case .insideTunnel:
      if isFromClient(slot, direction) {
        addBlindSpot(slot, direction, Self.cause(of: event), event, length: event.length)
      }
      if let key = connections[slot].open.last { open[key]?.exchange.anomalies.insert(.gap) }
      return
    case .insideStray:
      return
    case .insideHead, .lostFraming:
      halves[slot, direction].message?.missing &+= event.length
      breakOff(slot, direction, gap: true, doubt: doubt)
    case .insteadOfMessage:
      if isFromClient(slot, direction) {
        connections[slot].waiting.append(
          HTTPConnection.Waiting(
            exchange: nil, acknowledged: connections[slot].acknowledged, isInDoubt: true))
      }
    case .betweenMessages:
      break
    }
    if isFromClient(slot, direction) {
      addBlindSpot(slot, direction, Self.cause(of: event), event, length: event.length)
    } else {
      // Of a connection that is older than the capture either end may be the client.
      if connections[slot].requestDirection == nil, connections[slot].info.beganBeforeCapture {
        addUnsettledSpot(slot, direction, Self.cause(of: event), event, length: event.length)
      }
      connections[slot].lostResponsesTo = event.position &+ event.length
    }
  }

  static func cause(of event: StreamEvent) -> BlindSpot.Cause {
    switch event.gapReason {
    case .hole: .hole
    case .snaplen: .snaplen
    case .cap: .cap
    }
  }

  /// Nobody has said yet which end asks: the sender of this direction may.
  mutating func addUnsettledSpot(
    _ slot: Int, _ direction: Direction, _ cause: BlindSpot.Cause, _ event: StreamEvent,
    length: Int
  ) {
    let info = connections[slot].info
    let isForward = direction == .forward
    ledger.ignored(
      BlindSpot(
        cause: cause, connection: info.number,
        client: isForward ? info.initiator : info.responder,
        server: isForward ? info.responder : info.initiator, frame: event.frame, length: length))
  }

  /// A hole may reach just to the end of the content.
  private mutating func endAtHole(_ slot: Int, _ direction: Direction, _ event: StreamEvent) {
    var offset = 0
    let output = halves[slot, direction].decoder.next([UInt8]().span, from: &offset)
    if case .ended = output { endMessage(slot, direction, event) }
  }

  /// Whether this is the content of a request whose answer has come.
  func isAnsweredEarly(_ slot: Int, _ direction: Direction) -> Bool {
    Self.isAnsweredEarly(slot &* 2 &+ Int(direction.rawValue), halves, open)
  }

  /// The same, asked with every segment of an upload: with no more than it looks at.
  static func isAnsweredEarly(
    _ index: Int, _ halves: borrowing [HTTPConnection.Half], _ open: borrowing [OpenExchange?]
  ) -> Bool {
    guard !halves[index].isResponse, let key = halves[index].exchange else { return false }
    return open[key]?.exchange.response != nil
      || halves[index ^ 1].exchange == key && halves[index ^ 1].message != nil
  }

  /// A line that never ended, and doesn't say that it is HTTP.
  mutating func addForeignLine(
    _ slot: Int, _ direction: Direction, frame: Int32, length: Int
  ) {
    settleKind(slot, .notHTTP)
    addBlindSpot(slot, direction, .unreadable, frame: frame, length: length)
  }

  mutating func addBlindSpot(
    _ slot: Int, _ direction: Direction, _ cause: BlindSpot.Cause, _ event: StreamEvent,
    length: Int
  ) {
    addBlindSpot(slot, direction, cause, frame: event.frame, length: length)
  }

  private mutating func addBlindSpot(
    _ slot: Int, _ direction: Direction, _ cause: BlindSpot.Cause, frame: Int32, length: Int
  ) {
    guard isTellingSpots, isFromClient(slot, direction) else { return }
    // What can't be read is told once, and not again behind a hole that explains it.
    if cause == .unreadable, !connections[slot].blindSpots.isEmpty { return }
    // Thousands of holes in one connection say no more than the first hundred.
    guard connections[slot].blindSpots.count < 100 else { return }
    let spot = BlindSpot(
      cause: cause, connection: connections[slot].info.number, client: connections[slot].client,
      server: connections[slot].server, frame: frame, length: length)
    connections[slot].blindSpots.append(spot)
  }

  // MARK: Conflicts and sightings

  mutating func takeConflict(_ slot: Int, _ event: StreamEvent) {
    let stretch = event.position..<(event.position &+ max(1, event.length))
    let direction = event.direction
    // More of them than this can only be an attack: then all of the stream is in doubt.
    if halves[slot, direction].conflicts.count < 256 {
      halves[slot, direction].conflicts.append(stretch)
    } else {
      halves[slot, direction].conflicts = [0..<Int.max]
    }
    var isTold = false
    // More requests than this don't wait for their answers, but in an attack on the time it takes.
    for key in connections[slot].open.suffix(64) {
      let isRequest = isFromClient(slot, direction)
      let stored = isRequest ? open[key]?.exchange.request : open[key]?.exchange.response
      let current =
        halves[slot, direction].exchange == key
        ? halves[slot, direction].message : nil
      guard let message = stored ?? current, stretch.upperBound > message.start else { continue }
      guard message.isOver == false || stretch.lowerBound < message.streamEnd else { continue }
      open[key]?.exchange.anomalies.insert(.overlapConflict)
      if isRequest, !message.head.values(of: "transfer-encoding").isEmpty {
        // Where the content ends, and the next request begins, stands in it.
        addBlindSpot(slot, direction, .conflict, event, length: event.length)
      }
      guard stretch.lowerBound < message.headEnd else { continue }
      isTold = true
      if isRequest {
        open[key]?.exchange.request?.headDoubt = .overlap
      } else {
        open[key]?.exchange.response?.headDoubt = .overlap
      }
      if current != nil { halves[slot, direction].message?.headDoubt = .overlap }
    }
    // The exchange itself has been told, with a verdict that can't be taken back.
    if !isTold, isFromClient(slot, direction), halves[slot, direction].isOfEarlierHead(stretch) {
      addBlindSpot(slot, direction, .conflict, event, length: event.length)
    }
  }

  /// Bytes came again that can't be compared: a doubt where a head stands in them.
  mutating func takeUnchecked(_ slot: Int, _ event: StreamEvent) {
    let stretch = event.position..<(event.position &+ max(1, event.length))
    guard isFromClient(slot, event.direction), halves[slot, event.direction].touchesHead(stretch)
    else { return }
    addBlindSpot(slot, event.direction, .conflict, event, length: event.length)
  }

  /// Bytes from a client that no stream took: a request may stand in them.
  /// - Parameter asks: the direction of the connection's requests, where it is known.
  mutating func takeIgnored(_ event: StreamEvent, asks: Direction?) {
    let info = wire.connection(event.connection)
    // Of a connection that is older than the capture either end may be the client.
    let client = asks ?? (info.beganBeforeCapture ? event.direction : .forward)
    guard event.direction == client else { return }
    let isForward = client == .forward
    ledger.ignored(
      BlindSpot(
        cause: event.kind == .conflict ? .conflict : .unreadable, connection: info.number,
        client: isForward ? info.initiator : info.responder,
        server: isForward ? info.responder : info.initiator, frame: event.frame,
        length: event.length))
  }

  mutating func takeSighting(_ slot: Int, _ event: StreamEvent) {
    guard isFromClient(slot, event.direction) else { return }
    if let message = halves[slot, event.direction].message, event.position >= message.start {
      halves[slot, event.direction].message?.sightings &+= 1
    } else if let key = connections[slot].open.last(where: { key in
      (open[key]?.exchange.request?.start ?? Int.max) <= event.position
    }) {
      open[key]?.sightings &+= 1
    }
  }
}
