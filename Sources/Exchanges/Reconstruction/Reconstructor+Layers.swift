internal import DequeModule
internal import HTTP
internal import TLS
internal import Wire

// What may run between TCP and the messages: TLS, HTTP/2, and what an upgrade leads to.

/// Where the bytes of a message that is about to begin began in the capture, if that is before the
/// event that completes them.
struct MessageOrigin {
  var frame: Int32
  var time: Timestamp
  var frames: FrameRuns
}

extension Reconstructor {
  /// Bytes of a connection that has layers.
  mutating func takeLayered(_ slot: Int, _ event: StreamEvent) {
    if let layer = connections[slot].tls {
      takeTLS(slot, event, layer)
    } else if event.kind == .gap {
      skipInside(slot, event, isLengthKnown: true)
    } else {
      readInside(slot, event)
    }
  }

  /// A run of cleartext.
  mutating func readInside(_ slot: Int, _ event: StreamEvent) {
    if let layer = connections[slot].http2 {
      readHTTP2(slot, event, layer)
    } else if let layer = connections[slot].webSocket {
      readWebSocket(slot, event, layer)
    } else {
      read(slot, event)
    }
  }

  /// Cleartext is missing.
  ///
  /// - Parameter isLengthKnown: whether the event's length is that of what is missing; of records
  ///   only that of what went over the wire is known.
  mutating func skipInside(_ slot: Int, _ event: StreamEvent, isLengthKnown: Bool) {
    if let layer = connections[slot].http2 {
      skipHTTP2(slot, event, layer, isLengthKnown: isLengthKnown)
    } else if let layer = connections[slot].webSocket {
      skipWebSocket(slot, event, layer, isLengthKnown: isLengthKnown)
    } else {
      takeGap(slot, event, isLengthKnown: isLengthKnown)
    }
  }

  /// Records are missing, and the ones behind them can be read.
  mutating func loseInside(_ slot: Int, _ hole: StreamEvent) {
    var event = hole
    event.kind = .gap
    skipInside(slot, event, isLengthKnown: false)
  }

  /// Records stayed shut in front of what can be read: that they did is a doubt of its own.
  mutating func loseShut(_ slot: Int, _ event: StreamEvent) {
    var loss = event
    loss.kind = .gap
    loss.length = 0
    isTellingSpots = false
    skipInside(slot, loss, isLengthKnown: false)
    isTellingSpots = true
  }

  /// Nothing more comes in a direction.
  mutating func finishLayers(_ slot: Int, _ event: StreamEvent) {
    if let layer = connections[slot].tls { finishTLS(slot, event.direction, layer) }
    if let layer = connections[slot].http2 { finishHTTP2(slot, event, layer) }
  }

  /// Nothing more comes at all.
  mutating func closeLayers(_ slot: Int, _ event: StreamEvent) {
    if let layer = connections[slot].tls { giveUpWaiting(slot, layer) }
    for direction in [Direction.forward, .backward] {
      var end = event
      end.direction = direction
      finishLayers(slot, end)
    }
    if let layer = connections[slot].http2 {
      closeHTTP2(slot, layer, cap: event.gapReason == .cap)
    }
    if let layer = connections[slot].webSocket { closeWebSocket(layer) }
  }

  // MARK: Order

  /// Notes that bytes wait for the rest of their record.
  mutating func note(_ carried: Int, _ slot: Int, _ event: StreamEvent) {
    guard carried > 0, let first = carry(slot, event.direction)?.first else { return }
    // The same bytes wait on.
    if first.frame < event.frame { return }
    places.add(
      CarriedPlaces.Place(
        frame: first.frame, slot: Int32(truncatingIfNeeded: slot),
        direction: event.direction))
    if places.count > 4 &* connections.count &+ 4096 {
      var kept = places
      kept.compact { isCarried($0) }
      places = kept
    }
  }

  /// The first frame of what waits for the rest of its record.
  mutating func oldestCarriedFrame() -> Int32 {
    while let place = places.oldest {
      if isCarried(place) { return place.frame }
      places.removeOldest()
    }
    return .max
  }

  private func isCarried(_ place: CarriedPlaces.Place) -> Bool {
    carry(Int(place.slot), place.direction)?.first?.frame == place.frame
  }

  private func carry(_ slot: Int, _ direction: Direction) -> Carry? {
    guard slot < connections.count else { return nil }
    return connections[slot].tls?.carries[Int(direction.rawValue)]
  }
}

extension Reconstructor {
  /// The request of an exchange whose content isn't over.
  private mutating func takeUnfinishedRequest(
    _ slot: Int, _ direction: Direction, _ key: Int
  ) -> Message? {
    guard halves[slot, direction].exchange == key, var message = halves[slot, direction].message
    else { return nil }
    message.isOver = true
    halves[slot, direction].message = nil
    halves[slot, direction].ticket = nil
    halves[slot, direction].exchange = nil
    return message
  }
}

extension StreamEvent {
  /// A part of a run of bytes.
  func part(_ part: Range<Int>) -> StreamEvent {
    var event = self
    event.range = range.part(from: part.lowerBound, length: part.count)
    event.position = position &+ part.lowerBound
    return event
  }
}

// MARK: - Ways in

extension Reconstructor {
  /// Whether what a decoder says leads to another layer.
  @inline(__always)
  func leadsInside(_ output: MessageDecoder.Output) -> Bool {
    switch output {
    case .stray(_, .tls), .stray(_, .http2), .tunnel, .lost(.notHTTP): true
    default: false
    }
  }

  /// Enters the layer that a decoder's output leads to, with the rest of the event.
  ///
  /// - Parameter offset: behind the output, in the event.
  /// - Returns: `false` where it leads nowhere after all.
  mutating func enterInside(
    _ slot: Int, _ event: StreamEvent, _ output: MessageDecoder.Output, at offset: Int
  ) -> Bool {
    let direction = event.direction
    switch output {
    case .stray(let range, .tls) where connections[slot].tls == nil:
      enterTLS(slot, event.part(range))
    case .stray(let range, .http2) where connections[slot].http2 == nil:
      // No preface: a server's first frames, or a connection that is older than the capture.
      let isMidstream =
        connections[slot].info.beganBeforeCapture || event.position &+ range.lowerBound > 0
      enterHTTP2(
        slot, client: isMidstream ? .forward : direction.opposite, isMidstream: isMidstream)
      readInside(slot, event.part(range))
    case .lost(.notHTTP) where halves[slot, direction].decoder.strayReason == .http2:
      return enterHTTP2(slot, event, at: offset)
    case .tunnel(let range) where connections[slot].isSwitched:
      readInside(slot, event.part(range))
    default:
      return false
    }
    return true
  }

  /// A client says HTTP/2's preface (RFC 9113, 3.4).
  private mutating func enterHTTP2(_ slot: Int, _ event: StreamEvent, at offset: Int) -> Bool {
    let direction = event.direction
    let preface = halves[slot, direction].decoder.takePreface()
    guard connections[slot].http2 == nil, let kept = wire.store.keep(preface) else { return false }
    // It was counted as the beginning of a message, which it isn't.
    let counted = halves[slot, direction].wireBytes
    forget(slot, direction, .http2)
    ledger.strayBytes[MessageDecoder.StrayReason.http2.index] &-= counted
    enterHTTP2(slot, client: direction, isMidstream: false)
    var first = event
    first.range = kept
    first.position = event.position &+ offset &- preface.count
    readInside(slot, first)
    readInside(slot, event.part(offset..<event.range.count))
    return true
  }

  /// The connection goes on as something else (RFC 9110, 7.8 and 9.3.6).
  ///
  /// - Parameter key: of the exchange that asked for it.
  mutating func switchProtocol(_ slot: Int, _ key: Int) {
    guard let exchange = open[key]?.exchange, let response = exchange.response else { return }
    if response.head.status != 101 {
      // CONNECT: what runs inside is read like a connection of its own.
      // What the client sent ahead of the answer may have begun already.
      for direction in [Direction.forward, .backward]
      where halves[slot, direction].message == nil {
        halves[slot, direction].decoder = MessageDecoder()
      }
    } else if response.head.hasToken("h2c", in: "upgrade") {
      // The answer comes on stream 1 (RFC 7540, 3.2).
      open[key]?.exchange.interim.append(
        Exchange.Interim(time: response.time, head: response.head))
      open[key]?.exchange.response = nil
      open[key]?.exchange.outcome = .complete
      let client = connections[slot].clientDirection
      let request = exchange.request ?? takeUnfinishedRequest(slot, client, key)
      enterHTTP2(slot, client: client, isMidstream: false)
      connections[slot].http2?.open(1, HTTP2Layer.Stream(exchange: key, request: request))
      openStreams &+= 1
      layeredHeadBytes &+= request?.head.bytes.count ?? 0
    } else if exchange.request?.head.hasToken("websocket", in: "upgrade") == true,
      response.head.hasToken("websocket", in: "upgrade")
    {
      enterWebSocket(slot, key, request: exchange.request?.head, response: response.head)
    }
  }
}
