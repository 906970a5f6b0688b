internal import HTTP
internal import Wire

// WebSockets: frames, which stay with the exchange that asked for them.

extension Reconstructor {
  /// Both ends agreed on a WebSocket (RFC 6455, 4.2.2).
  mutating func enterWebSocket(
    _ slot: Int, _ key: Int, request: MessageHead?, response: MessageHead
  ) {
    let deflate = PerMessageDeflate(
      responseExtensions: response.values(of: "sec-websocket-extensions"))
    let layer = WebSocketLayer(
      client: connections[slot].clientDirection, exchange: key, deflate: deflate,
      isAgreed: request?.values(of: "sec-websocket-key").isEmpty == false
        && !response.values(of: "sec-websocket-accept").isEmpty)
    connections[slot].add(layer)
  }

  /// The connection is over: its exchange gets what ran inside.
  mutating func closeWebSocket(_ layer: WebSocketLayer) {
    open[layer.exchange]?.exchange.webSocket = layer.traffic
  }

  mutating func readWebSocket(_ slot: Int, _ event: StreamEvent, _ layer: WebSocketLayer) {
    let direction = event.direction
    let index = Int(direction.rawValue)
    if direction != layer.client { open[layer.exchange]?.exchange.response?.end = event.time }
    wire.store.withBytes(event.range) { bytes in
      var offset = 0
      while true {
        let before = offset
        let output = layer.decoders[index].next(bytes, from: &offset)
        let consumed = offset &- before
        if case .stray = output {
          ledger.tunnelBytes &+= consumed
        } else {
          ledger.exchangeBytes &+= consumed
        }
        open[layer.exchange]?.exchange.tunnelBytes &+= consumed
        switch output {
        case .more:
          return
        case .began(let header):
          // Behind its close frame an end sends nothing more (RFC 6455, 5.5.1).
          if layer.hasClosed[index] || !layer.isAgreed {
            addBlindSpot(slot, direction, .unreadable, event, length: 0)
          }
          if header.opcode == .close { layer.hasClosed[index] = true }
          begin(header, event, layer)
        case .payload(let range):
          add(range, event, layer)
        case .ended:
          end(event, layer)
        case .odd(let anomaly):
          // A server would fail the connection: these may be no frames at all.
          open[layer.exchange]?.exchange.anomalies.insert(anomaly)
          addBlindSpot(slot, direction, .unreadable, event, length: 0)
        case .lost(let anomaly):
          open[layer.exchange]?.exchange.anomalies.insert(anomaly)
          loseFraming(slot, event, layer)
        case .stray:
          loseFraming(slot, event, layer)
        }
      }
    }
  }

  private func begin(
    _ header: WebSocketDecoder.FrameHeader, _ event: StreamEvent, _ layer: WebSocketLayer
  ) {
    let isClient = event.direction == layer.client
    let index = Int(event.direction.rawValue)
    layer.current[index] = nil
    guard layer.traffic.frames.count < WebSocketTraffic.frameLimit else {
      layer.traffic.uncounted &+= 1
      return
    }
    let start =
      isClient ? layer.traffic.clientPieces.count : layer.traffic.serverPieces.count
    layer.current[index] = layer.traffic.frames.count
    layer.traffic.frames.append(
      WebSocketTraffic.Frame(
        fromClient: isClient, time: event.time, header: header, pieces: start..<start,
        isComplete: false))
  }

  private func add(_ range: Range<Int>, _ event: StreamEvent, _ layer: WebSocketLayer) {
    guard let frame = layer.current[Int(event.direction.rawValue)] else { return }
    let piece = Message.Piece(
      offset: event.range.offset &+ range.lowerBound, time: event.time,
      count: Int32(truncatingIfNeeded: range.count), frame: event.frame)
    if event.direction == layer.client {
      layer.traffic.clientPieces.append(piece)
    } else {
      layer.traffic.serverPieces.append(piece)
    }
    let old = layer.traffic.frames[frame].pieces
    layer.traffic.frames[frame].pieces = old.lowerBound..<(old.upperBound &+ 1)
  }

  private func end(_ event: StreamEvent, _ layer: WebSocketLayer) {
    let index = Int(event.direction.rawValue)
    guard let frame = layer.current[index] else { return }
    layer.current[index] = nil
    layer.traffic.frames[frame].isComplete = true
    layer.traffic.frames[frame].time = event.time
  }

  /// Where frames begin isn't known any more: anything may follow.
  private mutating func loseFraming(
    _ slot: Int, _ event: StreamEvent, _ layer: WebSocketLayer
  ) {
    let index = Int(event.direction.rawValue)
    layer.current[index] = nil
    guard !layer.isLost[index] else { return }
    layer.isLost[index] = true
    addBlindSpot(slot, event.direction, .unreadable, event, length: event.range.count)
  }

  mutating func skipWebSocket(
    _ slot: Int, _ event: StreamEvent, _ layer: WebSocketLayer, isLengthKnown: Bool
  ) {
    let index = Int(event.direction.rawValue)
    open[layer.exchange]?.exchange.anomalies.insert(.gap)
    let isInside = layer.decoders[index].skip(isLengthKnown ? event.length : .max)
    // A frame with a hole stays as it is: not complete.
    layer.current[index] = nil
    guard !isInside else { return }
    layer.isLost[index] = true
    addBlindSpot(slot, event.direction, Self.cause(of: event), event, length: event.length)
  }
}
