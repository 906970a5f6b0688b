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
  private let loop: any EventLoop

  init(idle: TimeAmount, loop: any EventLoop) {
    idleTime = idle
    self.loop = loop
  }

  /// The next answer is one to a request of this method.
  func expect(_ method: String) {
    self.method = Array(method.utf8)[...]
    head = nil
    received = []
    bytes = 0
    watch()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    guard method != nil else { return fail("bytes came that nobody asked for") }
    watch()
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
        decoder.frame(BodyFraming.ofResponse(head, to: method).framing)
      case .content(let range):
        if received.count < RecordedRequest.limit { received += bytes[range] }
      case .ended:
        if head != nil { done(keepsAlive: keepsAlive) }
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

  private func done(keepsAlive: Bool) {
    guard let head, let status = head.status else { return }
    timer?.cancel()
    method = nil
    let decoder = ContentDecoder(for: head)
    var content: [UInt8] = []
    decoder.decode(received[...]) {
      if content.count < RecordedRequest.limit { content += $0 }
    }
    let answer = RecordedRequest.Answer(
      status: status, mediaType: MediaType.of(head),
      content: decoder.failure == nil ? content : nil)
    whenDone?(.answer(answer, keepsAlive: keepsAlive))
  }

  private func fail(_ reason: String) {
    guard method != nil else { return }
    timer?.cancel()
    method = nil
    whenDone?(.failure(reason))
  }

  /// Gives up what is waited for.
  func abandon(_ reason: String) { fail(reason) }

  /// One timer, put off with each read.
  private func watch() {
    timer?.cancel()
    let bound = NIOLoopBound(self, eventLoop: loop)
    let seconds = idleTime.nanoseconds / 1_000_000_000
    timer = loop.scheduleTask(in: idleTime) {
      bound.value.fail("stalled: nothing came for \(seconds) s")
    }
  }
}
