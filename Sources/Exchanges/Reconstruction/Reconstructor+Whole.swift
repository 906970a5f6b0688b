internal import HTTP
internal import Wire

// What nearly every request is, and every short answer: a message that is all of a segment, on a
// connection where nothing else is going on. It goes the way of `begin`, `takeHead` and `endMessage` in
// one step, where nothing is in doubt, and nothing is odd.

extension Reconstructor {
  /// - Returns: `false` where the segment is anything else; then nothing was done.
  @inline(__always)
  mutating func takeWhole(_ slot: Int, _ event: StreamEvent, in store: CaptureStore) -> Bool {
    guard origin == nil, !isLive else { return false }
    if let ticket = connections[slot].plain {
      return event.direction != connections[slot].requestDirection
        && takeWholeAnswer(slot, event, ticket, in: store)
    }
    guard connections[slot].isIdle else { return false }
    if let asks = connections[slot].requestDirection {
      return asks == event.direction && takeWholeRequest(slot, event, in: store)
    }
    // The first message tells who asks: it is the one that opened the connection.
    return event.direction == .forward && !connections[slot].info.beganBeforeCapture
      && takeWholeRequest(slot, event, in: store)
  }

  private mutating func takeWholeRequest(
    _ slot: Int, _ event: StreamEvent, in store: CaptureStore
  ) -> Bool {
    let index = slot &* 2 &+ Int(event.direction.rawValue)
    guard halves[index].isIdle, halves[index].conflicts.isEmpty,
      let (head, end) = wholeHead(index, event, in: store),
      head.plainRequestLength == event.range.count &- end
    else { return false }
    if connections[slot].requestDirection == nil {
      connections[slot].requestDirection = event.direction
    }
    connections[slot].acknowledged = event.acknowledged
    connections[slot].requests &+= 1
    halves[index].pass(head, event, isResponse: false)
    ledger.exchangeBytes &+= event.range.count
    halves[index].remember(head: event.position..<(event.position &+ end))
    if connections[slot].requests == 1 { hops.note(connections[slot].server) }
    connections[slot].plain = queue.reserve(
      consume head, end: end, in: event, between: connections[slot].peers())
    return true
  }

  private mutating func takeWholeAnswer(
    _ slot: Int, _ event: StreamEvent, _ ticket: Int, in store: CaptureStore
  ) -> Bool {
    let index = slot &* 2 &+ Int(event.direction.rawValue)
    guard halves[index].isIdle, connections[slot].lostResponsesTo == 0,
      event.acknowledged ?? .max >= queue.headEnd(ofRequest: ticket),
      let (head, end) = wholeHead(index, event, in: store),
      head.plainAnswerLength == event.range.count &- end
    else { return false }
    halves[index].pass(head, event, isResponse: true)
    ledger.exchangeBytes &+= event.range.count
    connections[slot].plain = nil
    queue.answer(ticket, consume head, end: end, in: event)
    return true
  }

  @inline(__always)
  private mutating func wholeHead(
    _ index: Int, _ event: StreamEvent, in store: CaptureStore
  ) -> (head: FramedHead, end: Int)? {
    guard halves[index].decoder.isBetweenMessages else { return nil }
    return store.withBytes(event.range) { MessageDecoder.headAlone($0, &heads) }
  }

  /// Makes an exchange like any other of a request that was made plainly, where its answer isn't as plain,
  /// or something else comes first.
  mutating func writePlain(_ slot: Int) {
    guard let ticket = connections[slot].plain.take(), let request = queue.takeRequest(ticket)
    else { return }
    var exchange = Exchange(between: connections[slot].peers())
    exchange.request = Message(request)
    let key = addOpen(exchange, ticket: ticket)
    connections[slot].open.append(key)
    connections[slot].waiting.append(
      HTTPConnection.Waiting(exchange: key, acknowledged: request.acknowledged))
  }
}

extension HTTPConnection {
  /// Whether nothing waits, and nothing is open.
  @inline(__always)
  fileprivate var isIdle: Bool { upgrade == nil && waiting.isEmpty && open.isEmpty }
}

extension HTTPConnection.Half {
  /// Whether no message is being read, and there is nothing odd to be told with the next one.
  @inline(__always)
  fileprivate var isIdle: Bool { message == nil && ticket == nil && anomalies.isEmpty }

  /// A message was read, from its first byte to its last.
  @inline(__always)
  fileprivate mutating func pass(_ head: FramedHead, _ event: StreamEvent, isResponse: Bool) {
    bytes &+= event.range.count
    decoder.pass(head)
    self.isResponse = isResponse
  }
}
