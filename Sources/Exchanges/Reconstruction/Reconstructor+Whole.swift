internal import HTTP
internal import Wire

// What nearly every request is, and every short answer: a message that is all of a segment. It goes the
// way of `begin`, `takeHead` and `endMessage` in one step, where nothing is in doubt.

extension Reconstructor {
  /// - Returns: `false` where the segment is anything else; then nothing was done.
  @inline(__always)
  mutating func takeWhole(_ slot: Int, _ event: StreamEvent) -> Bool {
    guard let asks = connections[slot].requestDirection, connections[slot].upgrade == nil,
      origin == nil, !isLive
    else { return false }
    return asks == event.direction
      ? takeWholeRequest(slot, event) : takeWholeAnswer(slot, event)
  }

  private mutating func takeWholeRequest(_ slot: Int, _ event: StreamEvent) -> Bool {
    let index = slot &* 2 &+ Int(event.direction.rawValue)
    guard halves[index].isIdle, connections[slot].waiting.isEmpty,
      connections[slot].open.count < 4096, halves[index].conflicts.isEmpty,
      let (head, end) = wholeHead(index, event), head.head.isRequest, !head.asksForAnotherProtocol,
      !head.asksForH2C, head.requestFraming.isAll(of: event.range.count &- end)
    else { return false }
    connections[slot].acknowledged = event.acknowledged
    halves[index].bytes &+= event.range.count
    halves[index].decoder.pass(head)
    halves[index].isResponse = false
    ledger.exchangeBytes &+= event.range.count
    connections[slot].requests &+= 1
    let request = WholeMessage(head: head, place: .init(end: end, segment: event))
    halves[index].remember(head: event.position..<request.place.headEnd)
    let entry = OpenExchange(
      request, between: connections[slot].peers(),
      ticket: queue.reserve(frame: event.frame, offset: event.range.offset))
    let odd = head.head.anomalies.union(head.requestAnomalies)
      .union(halves[index].takeAnomalies())
    if !odd.isEmpty { entry.exchange.addToRequest(odd) }
    let key = addOpen(entry)
    connections[slot].open.append(key)
    connections[slot].waiting.append(
      HTTPConnection.Waiting(exchange: key, acknowledged: event.acknowledged))
    return true
  }

  private mutating func takeWholeAnswer(_ slot: Int, _ event: StreamEvent) -> Bool {
    let index = slot &* 2 &+ Int(event.direction.rawValue)
    guard halves[index].isIdle, connections[slot].waiting.count == 1,
      let first = connections[slot].waiting.first, !first.isInDoubt, let key = first.exchange,
      connections[slot].lostResponsesTo == 0, let entry = open[key],
      let request = entry.wholeRequestHead,
      event.acknowledged ?? .max >= entry.wholeRequestHeadEnd,
      let (head, end) = wholeHead(index, event), let status = head.head.status, status >= 200
    else { return false }
    let (framing, framingAnomalies) = head.responseFraming(to: request)
    guard framing.isAll(of: event.range.count &- end) else { return false }
    halves[index].bytes &+= event.range.count
    halves[index].decoder.pass(head)
    halves[index].isResponse = true
    ledger.exchangeBytes &+= event.range.count
    var odd = halves[index].takeAnomalies().union(head.head.anomalies)
    odd.formUnion(framingAnomalies)
    if status == 204, head.hasTransferEncoding { odd.insert(.bodyOn204) }
    let response = WholeMessage(head: head, place: .init(end: end, segment: event))
    if !odd.isEmpty || !entry.answerPlainly(response) {
      entry.exchange.response = Message(response)
      entry.exchange.anomalies.formUnion(odd)
      if !entry.exchange.anomalies.isEmpty { entry.exchange.judgeCompleteness() }
      entry.exchange.observations = 1 &+ entry.sightings
    }
    connections[slot].answered()
    connections[slot].close(key)
    _ = removeOpen(key)
    queue.put(entry)
    return true
  }

  @inline(__always)
  private mutating func wholeHead(
    _ index: Int, _ event: StreamEvent
  ) -> (head: FramedHead, end: Int)? {
    guard halves[index].decoder.isBetweenMessages else { return nil }
    return wire.store.withBytes(event.range) { MessageDecoder.headAlone($0, &heads) }
  }
}

extension BodyFraming {
  /// Whether a message's content is all of the bytes behind its head, and ends with them.
  @inline(__always)
  fileprivate func isAll(of count: Int) -> Bool {
    switch self {
    case .none: count == 0
    case .length(let length): length == count
    case .chunked, .untilClose, .tunnel: false
    }
  }
}

extension HTTPConnection.Half {
  /// Whether no message is being read.
  @inline(__always)
  fileprivate var isIdle: Bool { message == nil && ticket == nil }
}
