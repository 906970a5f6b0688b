internal import Glibc
internal import HTTP
internal import NIOCore
internal import Wire

/// Reads the answers that come over a connection, one for each request that was sent.
final class AnswerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  enum Event {
    case answer(RecordedRequest.Answer, keepsAlive: Bool)
    /// Why there is none.
    case failure(String)
  }

  /// Called once for each request; and for what happens between two.
  var whenDone: ((Event) -> Void)?
  private var method: ArraySlice<UInt8>?
  private var decoder = MessageDecoder()
  private var head: MessageHead?
  private var received: [UInt8] = []
  private var bytes = 0
  private var timer: Scheduled<Void>?
  private let idleTime: TimeAmount
  private let wholeTime: TimeAmount
  private let loop: any EventLoop
  private var begin = NIODeadline.now()
  private var lastRead = NIODeadline.now()
  // Of a stream: when its latest event came.
  private var events = EventStreamDecoder()
  private var latestEvent: NIODeadline?
  private var timeToFirstEvent: Int64?
  private var longestGap: Int64?

  init(idle: TimeAmount, whole: TimeAmount, loop: any EventLoop) {
    idleTime = idle
    wholeTime = whole
    self.loop = loop
  }

  /// The next answer is one to a request of this method.
  func expect(_ method: String) {
    self.method = Array(method.utf8)[...]
    head = nil
    received = []
    bytes = 0
    (events, latestEvent, timeToFirstEvent, longestGap) = (EventStreamDecoder(), nil, nil, nil)
    begin = .now()
    lastRead = begin
    if timer == nil { watch(idleTime) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    // Whatever it is, it isn't the answer to what will be asked next.
    guard method != nil else { return context.close(promise: nil) }
    lastRead = .now()
    bytes += buffer.readableBytes
    read(Array(buffer.readableBytesView))
  }

  func channelInactive(context: ChannelHandlerContext) {
    guard method != nil else { return }
    if head != nil, decoder.endsWithStream { return done(keepsAlive: false) }
    fail(
      bytes == 0
        ? "closed without an answer"
        : "cut: the connection ended inside the answer, behind \(bytes) bytes")
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let isReset = (error as? IOError)?.errnoCode == ECONNRESET
    fail(isReset ? "reset by the target" : "\(error)".prefix(120).description)
    context.close(promise: nil)
  }

  private func read(_ bytes: [UInt8]) {
    var offset = 0
    while method != nil {
      switch decoder.next(bytes.span, from: &offset) {
      case .more: return
      case .began, .odd: continue
      case .head:
        guard let head = decoder.takeHead(), let status = head.status else {
          return fail("no answer that HTTP/1 knows")
        }
        if 100..<200 ~= status, status != 101 {
          decoder.frame(.none)
          continue
        }
        self.head = head
        let framing = BodyFraming.ofResponse(head, to: method).framing
        decoder.frame(framing)
        if framing == .tunnel { return done(keepsAlive: false) }
      case .content(let range):
        guard received.count < RecordedRequest.limit else {
          return fail("it never ends: more than \(RecordedRequest.limit >> 20) MB came")
        }
        received += bytes[range]
        if head?.isEventStream == true { noteEvents(bytes[range]) }
      case .ended:
        guard head != nil else { continue }
        return done(keepsAlive: keepsAlive, excess: bytes.count - offset)
      case .lost(let anomaly): return fail("its framing is broken (\(anomaly.rawValue))")
      case .stray: return fail("no answer that HTTP/1 knows")
      case .tunnel: return done(keepsAlive: false)
      }
    }
  }

  private var keepsAlive: Bool {
    guard let head else { return false }
    return !head.hasToken("close", in: "connection")
      && (!head.isHTTP10 || head.hasToken("keep-alive", in: "connection"))
  }

  /// - Parameter excess: how many bytes came behind it that nobody asked for.
  private func done(keepsAlive: Bool, excess: Int = 0) {
    guard let head, let status = head.status else { return }
    method = nil
    let decoder = ContentDecoder(for: head)
    var content: [UInt8] = []
    decoder.decode(received[...]) {
      if content.count < RecordedRequest.limit { content += $0 }
    }
    var answer = RecordedRequest.Answer(
      status: status, mediaType: MediaType.of(head),
      content: decoder.failure == nil ? content : nil)
    answer.head = head.bytes
    answer.timeToFirstEvent = timeToFirstEvent
    answer.longestGap = longestGap
    answer.excess = excess
    whenDone?(.answer(answer, keepsAlive: keepsAlive && excess == 0))
  }

  private func fail(_ reason: String) {
    guard method != nil else { return }
    method = nil
    whenDone?(.failure(reason))
  }

  /// Gives up what is waited for.
  func abandon(_ reason: String) { fail(reason) }

  /// No more is expected.
  func close() {
    timer?.cancel()
    timer = nil
    whenDone = nil
  }

  private func noteEvents(_ content: ArraySlice<UInt8>) {
    events.take(content) { _ in
      let now = NIODeadline.now()
      if let latestEvent {
        longestGap = max(longestGap ?? 0, (now - latestEvent).nanoseconds)
      } else {
        timeToFirstEvent = (now - begin).nanoseconds
      }
      latestEvent = now
    }
  }

  /// One timer a connection: it looks how long ago the last byte came, and waits for the rest.
  private func watch(_ delay: TimeAmount) {
    let bound = NIOLoopBound(self, eventLoop: loop)
    timer = loop.scheduleTask(in: delay) { bound.value.expire() }
  }

  private func expire() {
    timer = nil
    guard method != nil else { return }
    let now = NIODeadline.now()
    if now - begin >= wholeTime {
      return fail("it never ends: \(wholeTime.nanoseconds / 1_000_000_000) s were not enough")
    }
    let left = lastRead + idleTime - now
    guard left <= .nanoseconds(0) else { return watch(min(left, begin + wholeTime - now)) }
    fail("stalled: nothing came for \(idleTime.nanoseconds / 1_000_000_000) s")
  }
}
