internal import DequeModule
internal import HTTP
internal import Wire

// What a stream holds besides messages: oddities, other protocols, bytes that belong to nothing.

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
    // The tail of a request that began before the capture is no new one; what comes behind an
    // answer is.
    let isBehindAnswer =
      reason == .midstream && halves[slot, direction.opposite].decoder.hasBegun
    // TLS inside of TLS, or of HTTP/2, isn't read.
    let isInside = reason == .tls || reason == .http2
    if reason == .junk || reason == .afterGap || reason == .notHTTP || isBehindAnswer || isInside {
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
    if connections[slot].requestDirection == nil {
      addUnsettledSpot(slot, direction, .unreadable, event, length: length)
    } else {
      addBlindSpot(slot, direction, .unreadable, event, length: length)
    }
  }

  /// The first protocol that is recognised gives a connection its kind.
  mutating func settleKind(_ slot: Int, _ reason: MessageDecoder.StrayReason) {
    guard connections[slot].requests == 0 else { return }
    switch reason {
    case .tls: connections[slot].kind = .tls
    case .notHTTP, .http2: if connections[slot].kind == nil { connections[slot].kind = .other }
    // Bytes that could not be read say nothing about what they are.
    case .afterGap, .junk, .midstream: break
    }
  }

  mutating func addTunnel(
    _ slot: Int, _ direction: Direction, _ bytes: borrowing Span<UInt8>, _ event: StreamEvent
  ) {
    guard let key = connections[slot].open.last else { return }
    // In a protocol that isn't known requests may run.
    addBlindSpot(slot, direction, .unreadable, event, length: bytes.count)
    open[key]?.exchange.tunnelBytes &+= bytes.count
    if halves[slot, direction].message == nil, isFromClient(slot, direction) {
      return
    }
    open[key]?.exchange.response?.end = event.time
  }

  func isFromClient(_ slot: Int, _ direction: Direction) -> Bool {
    connections[slot].clientDirection == direction
  }
}
