internal import LiteLLM
internal import NIOCore
internal import Recording
internal import Sockets

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
  /// Its number.
  private var number = 0
  private var recorded: RecordedConnection?
  private var latestRequest: ServedRequest?
  /// What it was answered, in which era of the service, and how the journal has it.
  private var latestAnswer:
    (bytes: ByteBuffer, era: StubService.Era, entry: Journal.Entry, place: Int)?
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
    number = service.open(self)
    recorded = service.record(
      client: context.channel.remoteAddress, server: context.channel.localAddress)
    if service.refusesConnection() { return reset(context) }
    watch(context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    hasClosed = true
    timer?.cancel()
    service.close(self)
    recorded?.ended(.client)
    recorded?.ended(.server)
    recorded = nil
    self.context = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data).readableBytesView
    recorded?.received(bytes)
    guard !hasClosed else { return }
    decoder.feed(bytes)
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
    recorded?.ended(.client)
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
        recorded?.requestIsWhole(decoder.latestLength, head: decoder.latestHeadLength)
        latestRequest = request
        latestAnswer = nil
        answer(request, context)
      case .repeated:
        recorded?.requestIsWhole(decoder.latestLength, head: decoder.latestHeadLength)
        repeatAnswer(context)
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
    var recordedAnswer: RecordedAnswer?
    var answer: ProxyAnswer
    switch service.play(request.request) {
    case nil: answer = service.answer(request.request)
    case .missing(let miss): answer = miss
    case .recorded(let found):
      recordedAnswer = found
      answer = found.answer
    }
    var fault: Fault?
    do throws(FaultRuleError) {
      fault = try service.fault(for: request.request)
    } catch {
      answer = .badFault(error.description)
    }
    if let fault, !fault.isOnTheWire {
      fault.apply(to: &answer)
      recordedAnswer = nil
    }
    let place = service.journal.note(
      request.request, connection: number,
      status: fault?.hidesTheAnswer == true ? nil : answer.status,
      fault: fault, time: UnsafeSystem.wallClock())
    if recordedAnswer == nil, fault == nil, service.firstByteDelay == 0,
      case .bytes(let bytes) = answer.content
    {
      var buffer = context.channel.allocator.buffer(capacity: 1024 + bytes.count)
      service.head.write(answer, length: bytes.count, to: request, into: &buffer)
      if request.request.method != "HEAD" { buffer.writeBytes(bytes) }
      if let era = service.era, let entry = service.journal.latest {
        latestAnswer = (buffer, era, entry, place)
      }
      announce(buffer)
      return finish(buffer, request, context)
    }
    var (delivery, head) =
      if let recordedAnswer, let playback = service.playback {
        playback.delivery(recordedAnswer, to: request)
      } else {
        Delivery.of(answer, to: request, &service.head, after: service.firstByteDelay)
      }
    let isRecorded = recorded?.wantsAnswers == true
    if fault?.isOnTheWire == true || isRecorded { delivery.unroll(service.delay(ofEvent:)) }
    fault?.apply(to: &delivery, head: head)
    if isRecorded { recorded?.willSend(delivery.bytes) }
    send(delivery, after: .now(), request, context)
  }

  /// To whoever records: what is about to be sent, as a whole.
  private func announce(_ buffer: ByteBuffer) {
    if recorded?.wantsAnswers == true { recorded?.willSend(Array(buffer.readableBytesView)) }
  }

  /// The request came again as it was: so does its answer, where that can't have changed.
  private func repeatAnswer(_ context: ChannelHandlerContext) {
    guard let latestRequest else { return }
    guard let latest = latestAnswer, latest.era == service.era else {
      return answer(latestRequest, context)
    }
    isAnswering = true
    service.journal.noteAgain(latest.entry, at: latest.place, time: UnsafeSystem.wallClock())
    announce(latest.bytes)
    finish(latest.bytes, latestRequest, context)
  }

  /// Sends what is left on an absolute schedule: what comes late makes the next not later.
  private func send(
    _ delivery: Delivery, after start: NIODeadline, _ request: ServedRequest,
    _ context: ChannelHandlerContext
  ) {
    var delivery = delivery
    var start = start
    while let delay = delivery.nextDelay(service.delay(ofEvent:)) {
      let due = start + .nanoseconds(delay)
      guard due <= .now() else {
        let bound = NIOLoopBound(
          (handler: self, delivery: delivery, request: request, start: start),
          eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(deadline: due) {
          let (handler, delivery, request, start) = bound.value
          guard !handler.hasClosed, let context = handler.context else { return }
          handler.send(delivery, after: start, request, context)
          // Called by the timer, not by a read: nobody else would go on.
          handler.proceed(context)
        }
        return
      }
      start = due
      if let bytes = delivery.popFirst() {
        emit(context.channel.allocator.buffer(bytes: bytes), context)
      }
    }
    switch delivery.ending {
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
    service.noteAnswer(to: request.request)
    guard request.keepsAlive, !isDraining else { return last(buffer, context) }
    if buffer.readableBytes > 0 { emit(buffer, context) }
  }

  // MARK: The connection

  private func emit(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
    recorded?.sent(buffer.readableBytesView)
    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
  }

  private func write(_ text: String, _ context: ChannelHandlerContext) {
    emit(ByteBuffer(string: text), context)
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
    recorded?.sent(buffer.readableBytesView)
    recorded?.ended(.server)
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
    recorded?.reset(by: .server)
    socket.setSoLinger(now).whenComplete { _ in bound.value.close(promise: nil) }
  }

  private func close(_ context: ChannelHandlerContext) {
    hasClosed = true
    timer?.cancel()
    recorded?.ended(.server)
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
