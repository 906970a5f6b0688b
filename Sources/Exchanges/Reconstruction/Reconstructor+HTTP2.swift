internal import DequeModule
internal import HTTP
internal import Wire

// HTTP/2: what belongs together is told by the stream, and needs no guessing.

extension Reconstructor {
  /// A connection turns out to be HTTP/2.
  ///
  /// - Parameter isMidstream: its beginning wasn't captured.
  mutating func enterHTTP2(_ slot: Int, client: Direction, isMidstream: Bool) {
    connections[slot].add(HTTP2Layer(client: client, isMidstream: isMidstream))
    if !isMidstream { connections[slot].requestDirection = client }
    connections[slot].kind = .http
  }

  mutating func readHTTP2(_ slot: Int, _ event: StreamEvent, _ layer: HTTP2Layer) {
    wire.store.withBytes(event.range) { bytes in
      readHTTP2(slot, event, bytes, layer)
    }
    layer.blocks[Int(event.direction.rawValue)]?.frames.add(event.frame)
  }

  mutating func readHTTP2(
    _ slot: Int, _ event: StreamEvent, _ bytes: borrowing Span<UInt8>, _ layer: HTTP2Layer
  ) {
    let index = Int(event.direction.rawValue)
    var offset = 0
    while true {
      let before = offset
      let output = layer.decoders[index].next(bytes, from: &offset)
      count(output, offset &- before)
      switch output {
      case .more:
        return
      case .content(let stream, let range):
        takeContent(slot, stream, range, event, layer)
      case .began:
        beginBlock(slot, event.part(before..<offset), layer)
      case .head(let stream, let kind, let ends):
        settle(slot, event, kind, layer)
        takeHead(slot, stream, kind, ends: ends, event, at: offset, layer)
      case .ended(let stream):
        endMessage(slot, stream, event, layer)
      case .reset(let stream, let code):
        layer.decoders[1 &- index].close(stream)
        reset(slot, stream, code, event, layer)
      case .pushPromise:
        // A request that nobody sent proves nothing of a client; and no client may send one.
        _ = layer.decoders[index].takeHead()
        if event.direction == layer.client { addSpot(slot, event, length: 0, layer) }
        dropBlock(index, layer)
      case .goAway:
        break
      case .settings(let settings):
        layer.decoders[1 &- index].allow(settings)
      case .odd(let anomaly, let stream):
        note(slot, stream, anomaly, event.direction, layer)
        // A frame on a stream that can't be: what stands in it was read by nobody here.
        if anomaly == .h2BadFrame, stream ?? 0 == 0 {
          addSpot(slot, event, length: 0, layer)
        }
      case .lost(let anomaly):
        lose(slot, anomaly, event, layer)
      case .stray(let range):
        if !layer.decoders[index].isFollowing {
          lose(slot, .h2BadFrame, event, layer)
        } else if layer.isMidstream || layer.hasHole[index] {
          // Content of a stream that nobody saw begin, if the frames are what they seem to be.
          addSpot(slot, event, length: range.count, layer)
        }
      }
    }
  }

  private mutating func settle(
    _ slot: Int, _ event: StreamEvent, _ kind: HTTP2Decoder.HeadKind, _ layer: HTTP2Layer
  ) {
    guard !layer.isSettled, kind != .trailer else { return }
    let client = kind == .request ? event.direction : event.direction.opposite
    layer.settle(client: client)
    connections[slot].requestDirection = client
    for spot in layer.unsettledSpots { addSpot(slot, spot.event, length: spot.length, layer) }
    layer.unsettledSpots = []
  }

  /// Bytes in which a request may stand, unless they are known to be a server's.
  mutating func addSpot(
    _ slot: Int, _ event: StreamEvent, length: Int, _ layer: HTTP2Layer
  ) {
    if layer.isSettled {
      addBlindSpot(slot, event.direction, .unreadable, event, length: length)
    } else if layer.unsettledSpots.count < 100 {
      // Whose bytes they are may turn out yet.
      layer.unsettledSpots.append((event, length))
    }
  }

  private mutating func count(_ output: HTTP2Decoder.Output, _ consumed: Int) {
    if case .stray(let range) = output {
      ledger.strayBytes[MessageDecoder.StrayReason.http2.index] &+= range.count
      ledger.exchangeBytes &+= consumed &- range.count
    } else {
      ledger.exchangeBytes &+= consumed
    }
  }

  // MARK: Messages

  private mutating func beginBlock(_ slot: Int, _ event: StreamEvent, _ layer: HTTP2Layer) {
    let index = Int(event.direction.rawValue)
    dropBlock(index, layer)
    let ticket = queue.reserve(
      frame: origin?.frame ?? event.frame, offset: event.range.offset)
    layer.blocks[index] = HTTP2Layer.Block(
      ticket: ticket, time: origin?.time ?? event.time, frames: origin?.frames ?? FrameRuns(),
      start: event.position)
  }

  mutating func dropBlock(_ index: Int, _ layer: HTTP2Layer) {
    guard let block = layer.blocks[index] else { return }
    queue.release(block.ticket)
    layer.blocks[index] = nil
  }

  /// - Parameter offset: behind the head, in the event.
  private mutating func takeHead(
    _ slot: Int, _ stream: UInt32, _ kind: HTTP2Decoder.HeadKind, ends: Bool,
    _ event: StreamEvent, at offset: Int, _ layer: HTTP2Layer
  ) {
    let index = Int(event.direction.rawValue)
    guard let head = layer.decoders[index].takeHead() else { return }
    guard kind != .trailer else {
      dropBlock(index, layer)
      takeTrailers(slot, stream, head, event, layer)
      if ends { endMessage(slot, stream, event, layer) }
      return
    }
    let block = layer.blocks[index]
    var message = Message(
      head: FramedHead(head), headState: .complete, time: block?.time ?? event.time,
      end: event.time,
      start: block?.start ?? event.position, headEnd: event.position &+ offset)
    message.acknowledged = event.acknowledged
    if let block { message.touch(block.frames) }
    message.touch(event.frame)
    if !head.isComplete {
      let isCut = head.anomalies.contains(.tooManyHeaders)
      message.headDoubt =
        isCut
        ? .cap
        : layer.hasHole[index]
          ? .hole : connections[slot].info.beganBeforeCapture ? .midStream : .cut
      if isCut { ledger.caps.count(.headerFields) }
      // Fields of a table that nobody saw are there, and only not known.
      if !isCut, !head.anomalies.contains(.h2UnknownTable) {
        message.headState = layer.hasHole[index] ? .gap : .cut
      }
    }
    message.bodyState = ends ? .none : .cut
    if layeredHeadBytes &+ head.bytes.count > Self.openHeadLimit {
      // Compressed a thousandfold, the heads of open streams could fill the memory.
      ledger.caps.count(.openHeadBytes)
      message.framedHead = .unseen
      message.headState = .cut
      message.headDoubt = .cap
    }
    if kind == .request {
      takeRequest(slot, stream, message, event, layer)
    } else {
      takeResponse(slot, stream, message, event, layer)
      if isLive, !ends, message.head.isEventStream { tellBegun(stream, message, layer) }
    }
    dropBlock(index, layer)
    if ends { endMessage(slot, stream, event, layer) }
  }

  private mutating func takeRequest(
    _ slot: Int, _ stream: UInt32, _ message: Message, _ event: StreamEvent, _ layer: HTTP2Layer
  ) {
    if layer.streams[stream] != nil {
      // Another head on an open stream: whose answer is whose can't be told any more.
      note(slot, stream, .h2BadFrame, event.direction, layer)
      finish(slot, stream, as: .gap, layer)
    }
    let isFull = layer.streams.count >= HTTP2Decoder.streamLimit
    if isFull || openStreams >= Self.openStreamLimit, let oldest = layer.oldest() {
      ledger.caps.count(.h2Streams)
      note(slot, oldest, .h2Flood, event.direction, layer)
      finish(slot, oldest, as: .gap, layer)
    }
    let key = openStream(slot, stream, event, layer)
    connections[slot].requests &+= 1
    if isLive, let begun = open[key]?.exchange {
      early.asked.append(begun.with(request: message))
    }
    open[key]?.exchange.addToRequest(message.head.anomalies)
    open[key]?.exchange.addToRequest(halves[slot, event.direction].anomalies)
    halves[slot, event.direction].anomalies = []
    layer.streams[stream]?.request = message
    layer.streams[stream]?.isTunnel =
      message.head.method?.elementsEqual("CONNECT".utf8) == true
      && message.head.values(of: ":protocol").isEmpty
    layeredHeadBytes &+= message.head.bytes.count
    let isHEAD = message.head.method?.elementsEqual("HEAD".utf8) ?? false
    layer.decoders[Int(layer.client.opposite.rawValue)].expectAnswer(to: stream, isHEAD: isHEAD)
  }

  private mutating func takeResponse(
    _ slot: Int, _ stream: UInt32, _ message: Message, _ event: StreamEvent, _ layer: HTTP2Layer
  ) {
    // What a server pushes answers no request of this client.
    if stream % 2 == 0 { return }
    let status = message.head.status ?? 0
    if layer.streams[stream] == nil {
      if 100..<200 ~= status { return }
      let key = openStream(slot, stream, event, layer)
      open[key]?.exchange.outcome = .orphanResponse
      open[key]?.exchange.anomalies.insert(.responseUnmatched)
    }
    guard let key = layer.streams[stream]?.exchange else { return }
    open[key]?.exchange.anomalies.formUnion(message.head.anomalies)
    if 100..<200 ~= status {
      // More than this are no information.
      guard (open[key]?.exchange.interim.count ?? 0) < 100 else {
        open[key]?.exchange.anomalies.insert(.h2Flood)
        return
      }
      open[key]?.exchange.interim.append(
        Exchange.Interim(time: message.time, head: message.head))
    } else {
      layeredHeadBytes &-= layer.streams[stream]?.response?.head.bytes.count ?? 0
      layeredHeadBytes &+= message.head.bytes.count
      layer.streams[stream]?.response = message
    }
  }

  private mutating func tellBegun(_ stream: UInt32, _ response: Message, _ layer: HTTP2Layer) {
    guard let status = response.head.status, let state = layer.streams[stream],
      var begun = open[state.exchange]?.exchange
    else { return }
    begun.request = state.request
    early.streams.append((begun, status))
  }

  /// Makes the exchange of a stream, whose place in the order is that of the header block.
  private mutating func openStream(
    _ slot: Int, _ stream: UInt32, _ event: StreamEvent, _ layer: HTTP2Layer
  ) -> Int {
    let index = Int(event.direction.rawValue)
    let ticket =
      layer.blocks[index]?.ticket
      ?? queue.reserve(frame: event.frame, offset: event.range.offset)
    layer.blocks[index] = nil
    let key = addOpen(connections[slot].newExchange(), ticket: ticket)
    layer.open(stream, HTTP2Layer.Stream(exchange: key))
    openStreams &+= 1
    return key
  }

  private mutating func takeTrailers(
    _ slot: Int, _ stream: UInt32, _ trailers: MessageHead, _ event: StreamEvent,
    _ layer: HTTP2Layer
  ) {
    guard let key = layer.streams[stream]?.exchange else { return }
    let isRequest = event.direction == layer.client
    if isRequest {
      open[key]?.exchange.addToRequest(trailers.anomalies)
    } else {
      open[key]?.exchange.anomalies.formUnion(trailers.anomalies)
    }
    if !trailers.values(of: "authorization").isEmpty {
      open[key]?.exchange.anomalies.insert(.authInTrailer)
      open[key]?.exchange.anomalies.insert(.credentialInTrailer)
    }
    touch(stream, event, layer)
  }

  private func touch(_ stream: UInt32, _ event: StreamEvent, _ layer: HTTP2Layer) {
    if event.direction == layer.client {
      layer.streams[stream]?.request?.touch(event.frame)
      layer.streams[stream]?.request?.end = event.time
    } else {
      layer.streams[stream]?.response?.touch(event.frame)
      layer.streams[stream]?.response?.end = event.time
    }
  }

  private mutating func takeContent(
    _ slot: Int, _ stream: UInt32, _ range: Range<Int>, _ event: StreamEvent,
    _ layer: HTTP2Layer
  ) {
    if event.direction == layer.client {
      if layer.streams[stream]?.isTunnel == true {
        // CONNECT: what runs inside of one stream isn't read.
        addBlindSpot(slot, event.direction, .unreadable, event, length: range.count)
      }
      if layer.streams[stream] == nil, layer.isMidstream || layer.hasHole[0] || layer.hasHole[1] {
        // Of a stream that nobody saw begin, if the frames are what they seem to be.
        addSpot(slot, event, length: range.count, layer)
      }
      layer.streams[stream]?.request?.add(range, of: event)
    } else {
      if !layer.isSettled { addSpot(slot, event, length: range.count, layer) }
      layer.streams[stream]?.response?.add(range, of: event)
    }
  }

  private mutating func endMessage(
    _ slot: Int, _ stream: UInt32, _ event: StreamEvent, _ layer: HTTP2Layer
  ) {
    touch(stream, event, layer)
    if event.direction == layer.client {
      layer.streams[stream]?.request?.endWhole()
    } else {
      layer.streams[stream]?.response?.endWhole()
    }
    if layer.streams[stream]?.isOver == true { finish(slot, stream, as: .complete, layer) }
  }

  /// RST_STREAM (RFC 9113, 6.4). One with NO_ERROR behind a whole answer only says that the rest of
  /// the request isn't needed.
  private mutating func reset(
    _ slot: Int, _ stream: UInt32, _ code: UInt32, _ event: StreamEvent, _ layer: HTTP2Layer
  ) {
    guard let state = layer.streams[stream] else { return }
    touch(stream, event, layer)
    if state.response?.isOver == true {
      finish(slot, stream, as: .complete, layer)
      return
    }
    open[state.exchange]?.exchange.anomalies.insert(.h2Reset)
    guard event.direction == layer.client else {
      finish(slot, stream, as: .serverReset, layer)
      return
    }
    open[state.exchange]?.exchange.outcome = .clientAborted
    layer.streams[stream]?.isAborted = true
    layer.aborted.append(stream)
    if layer.aborted.count > HTTP2Layer.abortedLimit {
      finish(slot, layer.aborted.removeFirst(), as: .clientAborted, layer)
    }
  }
}

extension Message {
  /// The message was read to its end, but for holes in its content.
  mutating func endWhole() {
    if missing > 0 || bodyState == .gap {
      bodyState = .gap
    } else if bodyState != .none {
      bodyState = .complete
    }
    isOver = true
  }
}
