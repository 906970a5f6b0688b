internal import DequeModule
internal import HTTP
internal import Wire

// Which request a response answers: nothing is paired that isn't sure.

extension Reconstructor {
  /// The head of a request whose content is still being read.
  func requestHead(_ slot: Int, _ key: Int) -> FramedHead? {
    let direction = connections[slot].clientDirection
    return halves[slot, direction].exchange == key
      ? halves[slot, direction].message?.framedHead : nil
  }

  /// Where a request's head ends in the client's stream.
  func requestHeadEnd(_ slot: Int, _ key: Int) -> Int? {
    if let request = open[key]?.exchange.request { return request.headEnd }
    let direction = connections[slot].clientDirection
    guard halves[slot, direction].exchange == key else { return nil }
    return halves[slot, direction].message?.headEnd
  }

  /// The request that a response answers: the oldest one without an answer, if its server had
  /// read it. Nothing is paired that the sequence numbers refute, or that isn't sure.
  mutating func request(
    for response: Message, isFinal: Bool, _ slot: Int
  ) -> Int? {
    skipLostResponses(response, slot)
    guard let first = connections[slot].waiting.first else { return nil }
    guard let key = first.exchange, !first.isInDoubt else {
      if isFinal {
        connections[slot].answered()
        if let key = first.exchange { giveUpAnswer(of: key, slot) }
      }
      return nil
    }
    if let acknowledged = response.acknowledged, let headEnd = requestHeadEnd(slot, key),
      headEnd != .max, acknowledged < headEnd
    {
      return nil
    }
    let lostTo = connections[slot].lostResponsesTo
    // An old acknowledgment may lie in front of the stream's first byte.
    if lostTo > 0, let acknowledged = first.acknowledged, acknowledged < lostTo {
      // What was lost stood between the request and this answer.
      open[key]?.exchange.anomalies.insert(.gap)
    }
    return key
  }

  /// Behind a hole between the server's messages: a request that was sent before its client had read
  /// past the hole may have had its answer inside, and nothing is guessed.
  private mutating func skipLostResponses(_ response: Message, _ slot: Int) {
    // Where only one request waits, the answer is its own: what was lost was an interim response.
    guard connections[slot].waiting.count > 1 else { return }
    let lostTo = connections[slot].lostResponsesTo
    guard lostTo > 0 else { return }
    while let first = connections[slot].waiting.first,
      let acknowledged = first.acknowledged, acknowledged < lostTo
    {
      connections[slot].answered()
      if let key = first.exchange { giveUpAnswer(of: key, slot) }
    }
  }

  /// More requests than this don't wait on one connection, but in an attack on the memory it takes.
  mutating func boundWaiting(_ slot: Int) {
    guard connections[slot].open.count > 4096, let oldest = connections[slot].abandonOldest() else {
      return
    }
    ledger.caps.count(.waitingRequests)
    giveUpAnswer(of: oldest, slot)
  }

  /// Which answer is a request's isn't known, and won't be.
  private mutating func giveUpAnswer(of key: Int, _ slot: Int) {
    if connections[slot].upgrade == key { connections[slot].upgrade = nil }
    open[key]?.exchange.outcome = .gap
    finishIfOver(slot, key, isLost: true)
  }
}
