internal import DequeModule
internal import HTTP
internal import TLS
internal import Wire

// The end of a stream, and of a connection: how its exchanges came out.

extension Reconstructor {
  mutating func takeEnd(_ slot: Int, _ event: StreamEvent) {
    let direction = event.direction
    let isReset = event.kind == .reset
    if isReset {
      halves[slot, direction].isReset = true
    } else {
      halves[slot, direction].isFinished = true
    }
    if connections[slot].firstEnd == nil { connections[slot].firstEnd = direction }
    if connections[slot].isLayered { finishLayers(slot, event) }
    guard halves[slot, direction].message != nil else { return }
    if halves[slot, direction].decoder.endsWithStream, !isReset {
      endMessage(slot, direction, event)
    } else {
      breakOff(slot, direction, gap: false, doubt: .cut, finishing: false)
    }
    halves[slot, direction].decoder.abandon(.junk)
  }

  mutating func close(_ slot: Int, _ event: StreamEvent) {
    let isCut = event.gapReason == .cap
    if isCut { ledger.cutConnections &+= 1 }
    if connections[slot].isLayered { closeLayers(slot, event) }
    for direction in [Direction.forward, .backward]
    where halves[slot, direction].message != nil {
      breakOff(
        slot, direction, gap: false, doubt: isCut ? .cap : .cut, finishing: false)
    }
    let connection = connections[slot]
    let client = halves[slot, connection.clientDirection]
    let server = halves[slot, connection.clientDirection.opposite]
    for key in connection.open {
      guard let entry = open[key] else { continue }
      if entry.exchange.outcome == .complete {
        let hasHole = entry.exchange.anomalies.contains(.gap)
        let hasResponse = entry.exchange.response != nil
        let isAnswered = entry.exchange.response?.isWhole ?? false
        let outcome: Exchange.Outcome
        // Who closes before the answer is whole, gives it up.
        let isGivenUp =
          connection.firstEnd == connection.clientDirection && hasResponse
        if isAnswered, !client.isReset {
          // Early answers are whole, though their request never was.
          let isOver = client.isFinished || server.isFinished || server.isReset
          outcome = isOver ? .complete : .truncated
        } else if client.isReset || isGivenUp && server.isFinished
          || !hasResponse && client.isFinished && !server.isFinished
        {
          outcome = .clientAborted
        } else if server.isReset || hasResponse && server.isFinished {
          outcome = .serverReset
        } else if server.isFinished || client.isFinished {
          outcome = .noResponse
        } else {
          outcome = .truncated
        }
        entry.exchange.outcome = hasHole && hasResponse ? .gap : outcome
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
    let tls = connection.tls.map { TLSSummary($0, client: connection.clientDirection) }
    if tls?.isShut == true, connection.tls?.isInTunnel == false {
      anomalies.count(.tlsShut)
      if connection.info.beganBeforeCapture { anomalies.count(.tlsBeganBeforeCapture) }
    }
    let kind = connection.requests > 0 ? .http : connection.kind ?? .other
    ledger.connections.append(
      ConnectionSummary(
        number: connection.info.number, client: connection.client, server: connection.server,
        kind: kind, tls: tls, serverName: connection.tls?.session.serverName,
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
