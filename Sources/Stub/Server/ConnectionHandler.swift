internal import LiteLLM
internal import NIOCore

#if canImport(Glibc)
  internal import Glibc
#endif

/// One connection: requests in their order, each answered before the next is read.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Behind this much that waits for its turn, nothing more is read, in bytes.
  private static let pipelineLimit = 256 << 10
  /// uvicorn's `timeout_keep_alive`.
  private static let idleTime = TimeAmount.seconds(5)
  /// For a request that has begun: uvicorn waits for ever, a tool must not.
  private static let requestTime = TimeAmount.seconds(120)

  private let service: StubService
  private var decoder = RequestDecoder()
  private var isAnswering = false
  private var isReading = true
  private var hasClosed = false
  private var inputHasEnded = false
  private var isDraining = false
  private var timer: Scheduled<Void>?
  private var timerIsIdle = false
  private var context: ChannelHandlerContext?

  init(_ service: StubService) { self.service = service }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    service.open(self)
    watch(context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    hasClosed = true
    timer?.cancel()
    service.close(self)
    self.context = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !hasClosed else { return }
    decoder.feed(unwrapInboundIn(data).readableBytesView)
    proceed(context)
    if decoder.buffered > RequestDecoder.bodyLimit || isAnswering,
      decoder.buffered > Self.pipelineLimit, isReading
    {
      read(false, context)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case ChannelEvent.inputClosed = event else { return }
    inputHasEnded = true
    // What was asked is answered; then there is nothing to wait for.
    if !isAnswering { close(context) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { close(context) }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { proceed(context) }
  }

  /// Ends as soon as no answer is under way.
  func drain() {
    isDraining = true
    if !isAnswering, let context { close(context) }
  }

  // MARK: Requests

  private func proceed(_ context: ChannelHandlerContext) {
    while !hasClosed, !isAnswering, context.channel.isWritable {
      switch decoder.next() {
      case .needsMore:
        if inputHasEnded { return close(context) }
        if !isReading { read(true, context) }
        return watch(context)
      case .expectsContinue:
        write("HTTP/1.1 100 Continue\r\n\r\n", context)
      case .request(let request):
        answer(request, context)
      case .refused:
        // What uvicorn says when h11 throws, with the end of the connection as its framing.
        return last(
          "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n"
            + "Connection: close\r\n\r\nInvalid HTTP request received.", context)
      case .tooLarge:
        return last(
          "HTTP/1.1 413 Request Entity Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
            + "Connection: close\r\n\r\nThe stub takes no more than "
            + "\(RequestDecoder.bodyLimit >> 20) MB.", context)
      }
    }
  }

  private func answer(_ request: ServedRequest, _ context: ChannelHandlerContext) {
    isAnswering = true
    var answer = service.answer(request.request)
    let fault = service.fault(for: request.request)
    fault?.apply(to: &answer)
    if fault == nil, service.firstByteDelay == 0, case .bytes(let bytes) = answer.content {
      var buffer = context.channel.allocator.buffer(capacity: 1024 + bytes.count)
      service.head.write(answer, length: bytes.count, to: request, into: &buffer)
      if request.request.method != "HEAD" { buffer.writeBytes(bytes) }
      return finish(buffer, request, context)
    }
    deliver(delivery(of: answer, to: request, fault), request, context)
  }

  /// The answer in pieces: what has no delay and no fault doesn't come here.
  private func delivery(
    of answer: ProxyAnswer, to request: ServedRequest, _ fault: Fault?
  ) -> Delivery {
    var buffer = ByteBuffer()
    var delivery = Delivery()
    let head: Int
    switch answer.content {
    case .bytes(let bytes):
      service.head.write(answer, length: bytes.count, to: request, into: &buffer)
      head = buffer.readableBytes
      if request.request.method != "HEAD" { buffer.writeBytes(bytes) }
      delivery.pieces = [
        .init(delay: service.firstByteDelay, bytes: Array(buffer.readableBytesView))
      ]
    case .events(let events):
      service.head.write(answer, length: nil, to: request, into: &buffer)
      head = buffer.readableBytes
      delivery.pieces = [.init(bytes: Array(buffer.readableBytesView))]
      for (index, event) in events.enumerated() {
        delivery.pieces.append(
          .init(
            delay: index == 0 ? service.firstByteDelay : service.eventInterval,
            bytes: request.isHTTP10 ? event : Chunk.encode(event)))
      }
      if !request.isHTTP10 { delivery.pieces.append(.init(bytes: Chunk.last)) }
    }
    fault?.apply(to: &delivery, head: head)
    return delivery
  }

  private func deliver(
    _ delivery: Delivery, _ request: ServedRequest, _ context: ChannelHandlerContext
  ) {
    send(delivery.pieces[...], delivery.ending, request, from: .now(), context)
  }

  /// Sends pieces on an absolute schedule: what comes late makes the next not later.
  private func send(
    _ pieces: ArraySlice<Delivery.Piece>, _ ending: Delivery.Ending, _ request: ServedRequest,
    from start: NIODeadline, _ context: ChannelHandlerContext
  ) {
    var pieces = pieces
    var start = start
    while let piece = pieces.first {
      let due = start + .nanoseconds(piece.delay)
      guard due <= .now() else {
        let bound = NIOLoopBound(
          (handler: self, pieces: pieces, request: request, start: start),
          eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(deadline: due) {
          let (handler, pieces, request, start) = bound.value
          guard !handler.hasClosed, let context = handler.context else { return }
          handler.send(pieces, ending, request, from: start, context)
          // Called by the timer, not by a read: nobody else would go on.
          handler.proceed(context)
        }
        return
      }
      pieces = pieces.dropFirst()
      start = due
      let buffer = context.channel.allocator.buffer(bytes: piece.bytes)
      context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }
    switch ending {
    case .complete: finish(ByteBuffer(), request, context)
    case .closed: last(ByteBuffer(), context)
    case .reset: reset(context)
    case .stalled: break
    }
  }

  private func finish(
    _ buffer: ByteBuffer, _ request: ServedRequest, _ context: ChannelHandlerContext
  ) {
    isAnswering = false
    guard request.keepsAlive, !isDraining else { return last(buffer, context) }
    if buffer.readableBytes > 0 { context.writeAndFlush(wrapOutboundOut(buffer), promise: nil) }
  }

  // MARK: The connection

  private func write(_ text: String, _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
  }

  private func last(_ text: String, _ context: ChannelHandlerContext) {
    last(ByteBuffer(string: text), context)
  }

  /// Writes and closes; what the client still sends is read away for a moment, since a close with
  /// unread bytes would reset the connection and take the answer with it.
  private func last(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
    hasClosed = true
    timer?.cancel()
    if !isReading { read(true, context) }
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    let wait = inputHasEnded || service.isEnding ? TimeAmount.zero : .milliseconds(500)
    context.writeAndFlush(wrapOutboundOut(buffer)).whenComplete { _ in
      bound.value.close(mode: .output, promise: nil)
      bound.value.eventLoop.scheduleTask(in: wait) { bound.value.close(promise: nil) }
    }
  }

  /// Closes without the usual end: the client sees a reset (RFC 9293, 3.5.2).
  private func reset(_ context: ChannelHandlerContext) {
    let now = linger(l_onoff: 1, l_linger: 0)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    guard let socket = context.channel as? any SocketOptionProvider else { return close(context) }
    hasClosed = true
    timer?.cancel()
    socket.setSoLinger(now).whenComplete { _ in bound.value.close(promise: nil) }
  }

  private func close(_ context: ChannelHandlerContext) {
    hasClosed = true
    timer?.cancel()
    context.close(promise: nil)
  }

  private func read(_ reads: Bool, _ context: ChannelHandlerContext) {
    isReading = reads
    context.channel.setOption(.autoRead, value: reads).whenFailure { _ in }
  }

  /// Bounds how long a connection may wait for the client. One timer a wait, not one a request: a
  /// busy connection would make ten thousands a second.
  private func watch(_ context: ChannelHandlerContext) {
    lastRead = .now()
    guard timer == nil else { return }
    schedule(Self.idleTime, context)
  }

  private var lastRead = NIODeadline.now()

  private func schedule(_ delay: TimeAmount, _ context: ChannelHandlerContext) {
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: delay) { bound.value.expire() }
  }

  private func expire() {
    timer = nil
    guard !hasClosed, let context else { return }
    let limit = decoder.isIdle ? Self.idleTime : Self.requestTime
    let left = lastRead + limit - .now()
    guard !isAnswering, left <= .nanoseconds(0) else {
      return schedule(isAnswering ? limit : left, context)
    }
    close(context)
  }
}
