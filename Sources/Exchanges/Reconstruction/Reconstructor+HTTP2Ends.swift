internal import DequeModule
internal import HTTP
internal import Wire

// HTTP/2: how streams end, what a hole does to them, and what is odd.

extension Reconstructor {
  /// Gives the exchange of a stream out.
  mutating func finish(
    _ slot: Int, _ stream: UInt32, as outcome: Exchange.Outcome, _ layer: HTTP2Layer
  ) {
    guard let state = layer.streams.removeValue(forKey: stream) else { return }
    openStreams &-= 1
    let key = state.exchange
    for message in [state.request, state.response] {
      layeredHeadBytes &-= message?.head.bytes.count ?? 0
    }
    open[key]?.exchange.request = state.request
    open[key]?.exchange.response = state.response
    if open[key]?.exchange.outcome == .complete { open[key]?.exchange.outcome = outcome }
    finish(slot, key)
  }

  /// A direction ends: a head that was being read comes as it is.
  mutating func finishHTTP2(_ slot: Int, _ event: StreamEvent, _ layer: HTTP2Layer) {
    layer.decoders[Int(event.direction.rawValue)].breakOff()
    var end = event
    end.range.count = 0
    readHTTP2(slot, end, [UInt8]().span, layer)
    dropBlock(Int(event.direction.rawValue), layer)
  }

  /// The connection is over, and so are its streams.
  mutating func closeHTTP2(_ slot: Int, _ layer: HTTP2Layer, cap: Bool) {
    for spot in layer.unsettledSpots {
      addUnsettledSpot(
        slot, spot.event.direction, .unreadable, spot.event, length: spot.length)
    }
    layer.unsettledSpots = []
    let client = halves[slot, layer.client]
    let server = halves[slot, layer.client.opposite]
    for stream in layer.streams.keys.sorted() {
      guard let state = layer.streams[stream] else { continue }
      if cap { layer.streams[stream]?.request?.headDoubt = .cap }
      let outcome: Exchange.Outcome =
        if state.response?.isOver == true {
          client.isFinished || server.isFinished || server.isReset ? .complete : .truncated
        } else if client.isReset || client.isFinished && !server.isFinished && !server.isReset {
          .clientAborted
        } else if state.response != nil, server.isFinished,
          connections[slot].firstEnd == layer.client
        {
          .clientAborted
        } else if server.isReset || state.response != nil && server.isFinished {
          .serverReset
        } else if server.isFinished {
          .noResponse
        } else {
          .truncated
        }
      finish(slot, stream, as: outcome, layer)
    }
  }

  // MARK: Holes

  /// - Parameter isLengthKnown: whether the event's length is that of what is missing.
  mutating func skipHTTP2(
    _ slot: Int, _ event: StreamEvent, _ layer: HTTP2Layer, isLengthKnown: Bool
  ) {
    defer {
      // What the hole ended comes out now.
      var behind = event
      behind.range.count = 0
      readHTTP2(slot, behind, [UInt8]().span, layer)
    }
    let index = Int(event.direction.rawValue)
    let isClient = event.direction == layer.client
    let wasFollowing = layer.decoders[index].isFollowing
    switch layer.decoders[index].skip(isLengthKnown ? event.length : .max) {
    case .insideContent(let stream, let count):
      miss(count, on: stream, isRequest: isClient, layer)
    case .insideFrame:
      // The frame may be one of settings.
      layer.decoders[1 &- index].allow(tableSize: .max)
    case .insideStray:
      break
    case .insideHead:
      layer.hasHole[index] = true
    case .lostFraming:
      layer.hasHole[index] = true
      // Settings may have stood there.
      layer.decoders[1 &- index].allow(tableSize: .max)
      if wasFollowing {
        for stream in layer.streams.keys { miss(0, on: stream, isRequest: isClient, layer) }
      }
      if !layer.isSettled {
        addUnsettledSpot(
          slot, event.direction, Self.cause(of: event), event, length: event.length)
      } else if isClient {
        addBlindSpot(
          slot, event.direction, Self.cause(of: event), event, length: event.length)
      }
    }
  }

  /// Content of a message is missing, or may be.
  private mutating func miss(
    _ count: Int, on stream: UInt32, isRequest: Bool, _ layer: HTTP2Layer
  ) {
    guard let state = layer.streams[stream] else { return }
    guard let message = isRequest ? state.request : state.response, !message.isOver else { return }
    open[state.exchange]?.exchange.anomalies.insert(.gap)
    if isRequest {
      layer.streams[stream]?.request?.missing &+= count
      layer.streams[stream]?.request?.bodyState = .gap
    } else {
      layer.streams[stream]?.response?.missing &+= count
      layer.streams[stream]?.response?.bodyState = .gap
    }
  }

  // MARK: Oddities

  /// - Parameter stream: `nil` for the connection as a whole.
  mutating func note(
    _ slot: Int, _ stream: UInt32?, _ anomaly: Anomaly, _ direction: Direction,
    _ layer: HTTP2Layer
  ) {
    guard let stream, let key = layer.streams[stream]?.exchange else {
      anomalies.count(anomaly)
      // What goes wrong on the connection as a whole puts the next request in doubt.
      if direction == layer.client, anomaly != .h2Flood {
        halves[slot, direction].anomalies.insert(anomaly)
      }
      return
    }
    if direction == layer.client, anomaly == .h2BadHeaderBlock || anomaly == .h2BadFrame {
      open[key]?.exchange.addToRequest(AnomalySet(anomaly))
    } else {
      open[key]?.exchange.anomalies.insert(anomaly)
    }
  }

  /// A direction can't be followed any further.
  mutating func lose(
    _ slot: Int, _ anomaly: Anomaly, _ event: StreamEvent, _ layer: HTTP2Layer
  ) {
    let index = Int(event.direction.rawValue)
    guard !layer.isLost[index] else { return }
    layer.isLost[index] = true
    anomalies.count(anomaly)
    addSpot(slot, event, length: 0, layer)
  }
}
