internal import DequeModule
internal import HTTP
internal import Wire

// What happens to a stream besides messages: holes, conflicts, ends, other protocols.

extension Reconstructor {
  mutating func note(_ slot: Int, _ direction: Direction, _ anomaly: Anomaly) {
    if anomaly == .junkBeforeRequest, connections[slot].requestDirection == direction.opposite {
      noteForeign(slot, direction, .trailingBytes)
      return
    }
    let key = halves[slot, direction].exchange
    if let key, halves[slot, direction].message != nil {
      if halves[slot, direction].isResponse {
        open[key]?.exchange.anomalies.insert(anomaly)
      } else {
        open[key]?.exchange.addToRequest(AnomalySet(anomaly))
      }
      if anomaly == .authInTrailer { open[key]?.exchange.anomalies.insert(.credentialInTrailer) }
    } else {
      halves[slot, direction].anomalies.insert(anomaly)
    }
  }

  /// The decoder can't follow a message any further.
  mutating func lose(
    _ slot: Int, _ direction: Direction, _ anomaly: Anomaly, _ event: StreamEvent
  ) {
    let stray = halves[slot, direction].decoder.strayReason
    if anomaly == .notHTTP {
      noteForeign(slot, direction, .badStatusLine)
      addBlindSpot(slot, direction, .unreadable, event, length: 0)
      forget(slot, direction, stray ?? .notHTTP)
      settleKind(slot, stray ?? .notHTTP)
      return
    }
    note(slot, direction, anomaly)
    if anomaly == .headerTooLarge || anomaly == .requestLineTooLong {
      ledger.caps.count(.headBytes)
    }
    if halves[slot, direction].message?.headState == .absent {
      // A head beyond all bounds: its beginning was dropped with the rest.
      breakOff(slot, direction, gap: false, doubt: .cap)
    } else {
      breakOff(slot, direction, gap: false, doubt: .ambiguousFraming)
    }
    addBlindSpot(slot, direction, .unreadable, event, length: 0)
  }

  /// Gives up a head that isn't whole, for the bound on all of them together.
  mutating func loseOpenHead(_ slot: Int, _ direction: Direction, _ event: StreamEvent) {
    breakOff(slot, direction, gap: false, doubt: .cap)
    halves[slot, direction].decoder.abandon(.junk)
    addBlindSpot(slot, direction, .cap, event, length: 0)
  }

  /// Bytes of a server that are no response: told with the request that waits for one, or else
  /// with the capture.
  mutating func noteForeign(_ slot: Int, _ direction: Direction, _ anomaly: Anomaly) {
    guard connections[slot].requestDirection == direction.opposite else { return }
    if let key = connections[slot].waiting.first?.exchange {
      open[key]?.exchange.anomalies.insert(anomaly)
    } else {
      anomalies.count(.trailingBytes)
    }
  }

  mutating func stray(
    _ slot: Int, _ direction: Direction, _ bytes: borrowing Span<UInt8>,
    _ reason: MessageDecoder.StrayReason, _ event: StreamEvent
  ) {
    settleKind(slot, reason)
    // An answer that begins like none.
    if reason == .notHTTP, !connections[slot].waiting.isEmpty {
      noteForeign(slot, direction, .badStatusLine)
    }
    if reason == .tls, connections[slot].serverName == nil,
      let name = ClientHello.serverName(in: bytes)
    {
      connections[slot].serverName = name
    }
    // The tail of a request that began before the capture is no new one; what comes behind an
    // answer is.
    let isBehindAnswer =
      reason == .midstream && halves[slot, direction.opposite].decoder.hasBegun
    if reason == .junk || reason == .afterGap || reason == .notHTTP || isBehindAnswer {
      addBlindSpot(slot, direction, .unreadable, event, length: bytes.count)
    } else if reason == .midstream, holdsRequestLine(slot, direction, bytes) {
      addMidstreamSpot(slot, direction, event, length: bytes.count)
    }
  }

  /// Whether a line in bytes that were passed over ends as a request line does: a request whose
  /// beginning isn't that of a segment, or is cut in two, is recognised by nothing else.
  private mutating func holdsRequestLine(
    _ slot: Int, _ direction: Direction, _ bytes: borrowing Span<UInt8>
  ) -> Bool {
    let limit = RequestLineEnd.length
    var start = 0
    var isFound = false
    while !isFound, let feed = bytes.firstOffset(of: 0x0A, from: start) {
      let first = max(0, feed &- limit)
      var line: [UInt8] = first > 0 ? [] : halves[slot, direction].tail
      bytes.extracting(first..<feed).append(to: &line)
      isFound = RequestLineEnd.ends(line)
      start = feed &+ 1
    }
    var tail = bytes.count < limit ? halves[slot, direction].tail : []
    bytes.extracting(max(0, bytes.count &- limit)..<bytes.count).append(to: &tail)
    halves[slot, direction].tail = tail.suffix(limit)
    return isFound
  }

  /// Who asks may not be known yet: then whoever sends may.
  private mutating func addMidstreamSpot(
    _ slot: Int, _ direction: Direction, _ event: StreamEvent, length: Int
  ) {
    guard connections[slot].requestDirection == nil else {
      addBlindSpot(slot, direction, .unreadable, event, length: length)
      return
    }
    let info = connections[slot].info
    let isForward = direction == .forward
    ledger.ignored(
      BlindSpot(
        cause: .unreadable, connection: info.number,
        client: isForward ? info.initiator : info.responder,
        server: isForward ? info.responder : info.initiator, frame: event.frame, length: length))
  }

  /// The first protocol that is recognised gives a connection its kind.
  private mutating func settleKind(_ slot: Int, _ reason: MessageDecoder.StrayReason) {
    guard connections[slot].requests == 0 else { return }
    switch reason {
    case .tls: connections[slot].kind = .tls
    case .http2: connections[slot].kind = .http2
    case .notHTTP: if connections[slot].kind == nil { connections[slot].kind = .other }
    // Bytes that could not be read say nothing about what they are.
    case .afterGap, .junk, .midstream: break
    }
  }

  mutating func addTunnel(
    _ slot: Int, _ direction: Direction, _ count: Int, _ event: StreamEvent
  ) {
    guard let key = connections[slot].open.last else { return }
    // A WebSocket carries messages of its own; in any other tunnel requests may run.
    let isWebSocket =
      open[key]?.exchange.request?.head.hasToken("websocket", in: "upgrade") ?? false
    if !isWebSocket { addBlindSpot(slot, direction, .unreadable, event, length: count) }
    open[key]?.exchange.tunnelBytes &+= count
    if halves[slot, direction].message == nil, isFromClient(slot, direction) {
      return
    }
    open[key]?.exchange.response?.end = event.time
  }

  private func isFromClient(_ slot: Int, _ direction: Direction) -> Bool {
    connections[slot].clientDirection == direction
  }

  // MARK: Holes

  mutating func takeGap(_ slot: Int, _ event: StreamEvent) {
    let direction = event.direction
    let effect = halves[slot, direction].decoder.skip(event.length)
    let doubt: UnknownReason =
      switch event.gapReason {
      case .hole: .hole
      case .snaplen: .snaplen
      case .cap: .cap
      }
    switch effect {
    case .insideContent:
      halves[slot, direction].message?.missing &+= event.length
      halves[slot, direction].message?.bodyState = .gap
      if let key = halves[slot, direction].exchange {
        open[key]?.exchange.anomalies.insert(.gap)
      }
      endAtHole(slot, direction, event)
      return
    case .insideTunnel:
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
      let cause: BlindSpot.Cause =
        switch event.gapReason {
        case .hole: .hole
        case .snaplen: .snaplen
        case .cap: .cap
        }
      addBlindSpot(slot, direction, cause, event, length: event.length)
    } else {
      connections[slot].lostResponsesTo = event.position &+ event.length
    }
  }

  /// A hole may reach just to the end of the content.
  private mutating func endAtHole(_ slot: Int, _ direction: Direction, _ event: StreamEvent) {
    var offset = 0
    let output = halves[slot, direction].decoder.next([UInt8]().span, from: &offset)
    if case .ended = output { endMessage(slot, direction, event) }
  }

  /// Whether this is the content of a request whose answer has come.
  func isAnsweredEarly(_ slot: Int, _ direction: Direction) -> Bool {
    guard !halves[slot, direction].isResponse, let key = halves[slot, direction].exchange else {
      return false
    }
    return open[key]?.exchange.response != nil
      || halves[slot, direction.opposite].exchange == key
        && halves[slot, direction.opposite].message != nil
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
    guard isFromClient(slot, direction) else { return }
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

  /// Bytes from a client that no stream took: a request may stand in them.
  mutating func takeIgnored(_ slot: Int, _ event: StreamEvent) {
    let info = wire.connection(event.connection)
    let isKnown = slot < connections.count && connections[slot].info.number == info.number
    let client: Direction = isKnown ? connections[slot].clientDirection : .forward
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

  // MARK: Ends

  mutating func takeEnd(_ slot: Int, _ event: StreamEvent) {
    let direction = event.direction
    let isReset = event.kind == .reset
    if isReset {
      halves[slot, direction].isReset = true
    } else {
      halves[slot, direction].isFinished = true
    }
    guard halves[slot, direction].message != nil else { return }
    if halves[slot, direction].decoder.endsWithStream, !isReset {
      endMessage(slot, direction, event)
    } else {
      breakOff(slot, direction, gap: false, doubt: .cut, finishing: false)
    }
    halves[slot, direction].decoder.abandon(.junk)
  }

  mutating func close(_ slot: Int, _ event: StreamEvent) {
    if event.gapReason == .cap, !connections[slot].open.isEmpty { ledger.cutConnections &+= 1 }
    for direction in [Direction.forward, .backward]
    where halves[slot, direction].message != nil {
      breakOff(
        slot, direction, gap: false, doubt: event.gapReason == .cap ? .cap : .cut, finishing: false)
    }
    let connection = connections[slot]
    let client = halves[slot, connection.clientDirection]
    let server = halves[slot, connection.clientDirection.opposite]
    for key in connection.open {
      guard let entry = open[key] else { continue }
      let exchange = entry.exchange
      if exchange.outcome == .complete {
        let hasHole = exchange.anomalies.contains(.gap)
        let isAnswered = exchange.response?.isWhole ?? false
        let outcome: Exchange.Outcome
        if isAnswered, !client.isReset {
          // Early answers are whole, though their request never was.
          let isOver = client.isFinished || server.isFinished || server.isReset
          outcome = isOver ? .complete : .truncated
        } else if client.isReset
          || exchange.response == nil && client.isFinished && !server.isFinished
        {
          outcome = .clientAborted
        } else if server.isReset || exchange.response != nil && server.isFinished {
          outcome = .serverReset
        } else if server.isFinished || client.isFinished {
          outcome = .noResponse
        } else {
          outcome = .truncated
        }
        open[key]?.exchange.outcome = hasHole && exchange.response != nil ? .gap : outcome
      }
      finish(slot, key)
    }
    summarize(connection, bytes: client.bytes &+ server.bytes)
  }

  private mutating func summarize(_ connection: HTTPConnection, bytes: Int) {
    let isForeign = connection.requests == 0 && connection.kind == .other
    ledger.blindSpots += connection.blindSpots.map { spot in
      var spot = spot
      spot.isForeign = isForeign
      return spot
    }
    if connection.kind == .tls, connection.requests == 0 {
      anomalies.count(.tlsShut)
      if connection.info.beganBeforeCapture { anomalies.count(.tlsBeganBeforeCapture) }
    }
    let kind = connection.requests > 0 ? .http : connection.kind ?? .other
    ledger.connections.append(
      ConnectionSummary(
        number: connection.info.number, client: connection.client, server: connection.server,
        kind: kind, serverName: connection.serverName,
        beganBeforeCapture: connection.info.beganBeforeCapture,
        bytes: bytes,
        firstFrame: connection.firstFrame, requests: connection.requests))
  }
}

extension Message {
  /// Whether it was seen from its first byte to its last.
  var isWhole: Bool { isOver && headState == .complete && bodyState.isWhole }

  /// Where it ends in its stream, at least.
  var streamEnd: Int { headEnd == .max ? .max : headEnd &+ bytes &+ missing }
}

/// How a request line ends: a blank and `HTTP/1.1`, before its line's end.
private enum RequestLineEnd {
  /// With a carriage return behind it.
  static let length = 10

  static func ends(_ line: [UInt8]) -> Bool {
    let line = line.last == 0x0D ? line.dropLast() : line[...]
    let end = Array(line.suffix(9))
    guard end.count == 9, end[0] == 0x20, end.dropFirst().starts(with: "HTTP/".utf8) else {
      return false
    }
    return end[7] == 0x2E && end[6] &- 0x30 < 10 && end[8] &- 0x30 < 10
  }
}
