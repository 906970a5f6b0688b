internal import DequeModule
internal import HTTP
internal import TLS
internal import Wire

// TLS: records come in, and what is read of them goes on as a stream of its own.

extension Reconstructor {
  /// The bytes of a connection turn out to be TLS.
  mutating func enterTLS(_ slot: Int, _ event: StreamEvent) {
    let layer = TLSLayer(
      beganBeforeCapture: connections[slot].info.beganBeforeCapture,
      isInTunnel: connections[slot].requests > 0)
    connections[slot].add(layer)
    if !layer.isInTunnel { connections[slot].kind = .tls }
    for direction in [Direction.forward, .backward] {
      // A message that is under way in cleartext ends here, whatever it is.
      if halves[slot, direction].message != nil {
        breakOff(slot, direction, gap: false, doubt: .ambiguousFraming)
      }
      halves[slot, direction].decoder = MessageDecoder()
    }
    takeTLS(slot, event, layer)
  }

  mutating func takeTLS(_ slot: Int, _ event: StreamEvent, _ layer: TLSLayer) {
    let index = Int(event.direction.rawValue)
    if event.kind == .data { layer.latest[index] = event }
    if layer.waiting[index].isEmpty {
      if let rest = open(slot, event, layer) { wait(slot, rest, layer) }
    } else {
      wait(slot, event, layer)
    }
    // Keys may have come in the meantime.
    for direction in [event.direction.opposite, event.direction]
    where layer.session.waits(direction) == .keys {
      _ = keys.refresh(wire)
      resume(slot, direction, layer)
    }
  }

  /// - Returns: what has to wait, for its secrets or for the other direction.
  private mutating func open(
    _ slot: Int, _ event: StreamEvent, _ layer: TLSLayer
  ) -> StreamEvent? {
    if event.kind == .gap {
      // What waits in front of the hole won't be waited for any longer.
      if layer.session.waits(event.direction) != nil {
        take(slot, event.part(0..<0), mayWait: false, layer)
      }
      skipTLS(event, layer)
      return nil
    }
    let direction = event.direction
    var event = event
    var mayWait = !layer.hasGivenUp
    while true {
      let taken = take(slot, event, mayWait: mayWait, layer)
      event = event.part(taken..<event.range.count)
      guard let wait = layer.session.waits(direction), mayWait else { return nil }
      let isFull = layer.waitingBytes >= TLSLayer.waitingLimit
      switch wait {
      case .keys:
        if keys.refresh(wire), layer.session.canGoOn(direction, keys: keys.log) { continue }
        if isLive, !isFull { return event }
      case .peer:
        if !isFull { return event }
      }
      if isFull { ledger.caps.count(.waitingRecords) }
      mayWait = false
    }
  }

  /// Gives bytes to the session, and what comes of them to whatever reads it.
  ///
  /// - Returns: how many were taken.
  @discardableResult
  private mutating func take(
    _ slot: Int, _ event: StreamEvent, mayWait: Bool, _ layer: TLSLayer
  ) -> Int {
    let direction = event.direction
    let carried = layer.session.carried(direction)
    // Taken out of the layer, or emptying it would copy it first.
    var output = TLSSession.Output()
    swap(&output, &layer.spare)
    output.removeAll()
    let taken = wire.store.withBytes(event.range) { bytes in
      layer.session.take(bytes, direction, keys: keys.log, mayWait: mayWait, into: &output)
    }
    // What the other direction waited for may have been said now; and it was sent before.
    if layer.session.waits(direction.opposite) == .peer {
      resume(slot, direction.opposite, layer)
    }
    if !output.steps.isEmpty { deliver(slot, event, output, carried: carried, layer) }
    layer.spare = output
    // What is withheld until it is proved to be handshake holds nothing back that is told.
    let rest = layer.session.carried(direction) &- layer.session.withheld(direction)
    if taken > 0 {
      layer.carries[Int(direction.rawValue)].update(rest, behind: event.part(0..<taken))
    }
    note(rest, slot, event)
    return taken
  }

  private mutating func wait(_ slot: Int, _ event: StreamEvent, _ layer: TLSLayer) {
    layer.waiting[Int(event.direction.rawValue)].append(event)
    layer.waitingBytes &+= max(64, event.range.count)
    guard layer.waitingBytes >= TLSLayer.waitingLimit else { return }
    ledger.caps.count(.waitingRecords)
    giveUpWaiting(slot, layer)
  }

  /// Reads what waited, in its order, if it can be read now.
  private mutating func resume(_ slot: Int, _ direction: Direction, _ layer: TLSLayer) {
    guard layer.hasGivenUp || layer.session.canGoOn(direction, keys: keys.log) else { return }
    let index = Int(direction.rawValue)
    var waiting = layer.waiting[index]
    layer.waiting[index] = []
    // A whole record may wait in the session itself.
    if waiting.isEmpty, let latest = layer.latest[index] { waiting = [latest.part(0..<0)] }
    for (number, event) in waiting.enumerated() {
      layer.waitingBytes &-= max(64, event.range.count)
      guard let rest = open(slot, event, layer) else { continue }
      layer.waiting[index] = [rest] + waiting[(number + 1)...]
      break
    }
    layer.waitingBytes = layer.waiting.joined().reduce(0) { $0 &+ max(64, $1.range.count) }
  }

  private func skipTLS(_ event: StreamEvent, _ layer: TLSLayer) {
    layer.session.skip(event.length, event.direction)
    layer.carries[Int(event.direction.rawValue)] = Carry()
    layer.holes[Int(event.direction.rawValue)] = event
  }

  /// Puts each byte on its account, and hands on what was read.
  private mutating func deliver(
    _ slot: Int, _ event: StreamEvent, _ output: TLSSession.Output, carried: Int,
    _ layer: TLSLayer
  ) {
    let direction = event.direction
    let plaintext = output.plaintext.isEmpty ? nil : wire.store.keep(output.plaintext)
    var read = 0
    var position = event.position &- carried
    var carry = carried > 0 ? layer.carries[Int(direction.rawValue)] : Carry()
    for step in output.steps {
      switch step {
      case .plaintext(let count, let overhead):
        ledger.tlsOverheadBytes &+= overhead
        layer.hasOpened = true
        if count > 0 {
          var part = event
          part.position = position &+ TLSLayer.recordHeader
          if let plaintext {
            part.range = plaintext.part(from: read, length: count)
            deliver(slot, part, carry)
          } else {
            // The disk is full: nobody will see it.
            ledger.strayBytes[MessageDecoder.StrayReason.tls.index] &+= count
            layer.shutBytes[Int(direction.rawValue)] &+= count
          }
          read &+= count
        }
        position &+= count &+ overhead
        carry = Carry()
      case .overhead(let count):
        ledger.tlsOverheadBytes &+= count
        position &+= count
        carry = Carry()
      case .shut(let count):
        ledger.strayBytes[MessageDecoder.StrayReason.tls.index] &+= count
        layer.shutBytes[Int(direction.rawValue)] &+= count
        position &+= count
        carry = Carry()
        if layer.hasOpened { endAtShut(slot, event, layer) }
      case .odd(let anomaly):
        // What runs in a tunnel needn't be TLS just because it began like it.
        if layer.hasOpened || !layer.isInTunnel { anomalies.count(anomaly) }
      case .lost:
        if let hole = layer.takeHole(direction) {
          loseInside(slot, hole)
        } else {
          loseShut(slot, event)
        }
      case .closed:
        break
      case .opened:
        opened(slot, layer)
      }
    }
  }

  /// The inner protocol is known from here on.
  private mutating func opened(_ slot: Int, _ layer: TLSLayer) {
    layer.hasOpened = true
    if layer.session.applicationProtocol == "h2", connections[slot].http2 == nil {
      enterHTTP2(slot, client: layer.session.clientDirection ?? .forward, isMidstream: false)
    }
  }

  /// A run of plaintext, to whatever reads it.
  private mutating func deliver(_ slot: Int, _ event: StreamEvent, _ carry: Carry) {
    if let first = carry.first {
      if halves[slot, event.direction].message != nil {
        halves[slot, event.direction].message?.touch(carry.frames)
      }
      origin = MessageOrigin(frame: first.frame, time: first.time, frames: carry.frames)
    }
    readInside(slot, event)
    origin = nil
  }

  /// What opened so far goes on shut: what is being read breaks off.
  private mutating func endAtShut(_ slot: Int, _ event: StreamEvent, _ layer: TLSLayer) {
    guard halves[slot, event.direction].message != nil else { return }
    breakOff(slot, event.direction, gap: true, doubt: .tls)
    halves[slot, event.direction].decoder.abandon(.afterGap)
  }

  /// The end of a direction, or of the connection: what is carried never became a record.
  mutating func finishTLS(_ slot: Int, _ direction: Direction, _ layer: TLSLayer) {
    let index = Int(direction.rawValue)
    let rest = layer.session.finish(direction)
    layer.carries[index] = Carry()
    ledger.strayBytes[MessageDecoder.StrayReason.tls.index] &+= rest
    // A hello that isn't whole holds no request; an answer that isn't whole is told as one.
    let client = layer.session.clientDirection ?? connections[slot].clientDirection
    guard direction == client else { return finishHole(slot, direction, layer) }
    if layer.hasOpened || layer.shutBytes != [0, 0] || layer.session.version != nil
      || connections[slot].info.beganBeforeCapture
    {
      layer.shutBytes[index] &+= rest
    }
    finishHole(slot, direction, layer)
  }

  /// Behind the hole nothing was read that would have told of it.
  private mutating func finishHole(_ slot: Int, _ direction: Direction, _ layer: TLSLayer) {
    guard let hole = layer.takeHole(direction) else { return }
    if layer.hasOpened {
      loseInside(slot, hole)
    } else {
      addBlindSpot(slot, direction, Self.cause(of: hole), hole, length: hole.length)
    }
  }

  /// Nothing will come any more that opens what waits.
  mutating func giveUpWaiting(_ slot: Int, _ layer: TLSLayer) {
    layer.hasGivenUp = true
    for direction in [Direction.forward, .backward]
    where layer.session.waits(direction) != nil
      || !layer.waiting[Int(direction.rawValue)].isEmpty
    {
      resume(slot, direction, layer)
    }
  }
}
