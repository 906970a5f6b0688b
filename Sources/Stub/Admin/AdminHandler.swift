internal import LiteLLM
internal import NIOCore

/// A connection to the admin listener: one request, one answer.
final class AdminHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let service: StubService
  private var decoder = RequestDecoder()
  private var isOver = false

  init(_ service: StubService) { self.service = service }

  func channelActive(context: ChannelHandlerContext) {
    // Nobody who looks needs longer.
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: .seconds(10)) { bound.value.close(promise: nil) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isOver else { return }
    decoder.feed(unwrapInboundIn(data).readableBytesView)
    guard decoder.buffered <= RequestDecoder.headLimit * 2 else {
      return context.close(promise: nil)
    }
    switch decoder.next() {
    case .request(let request): answer(request, context)
    case .needsMore, .expectsContinue, .repeated: break
    case .refused, .tooLarge: context.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  /// - Parameter tries: how often the judge may still be waited for.
  private func answer(_ request: ServedRequest, _ context: ChannelHandlerContext, tries: Int = 400)
  {
    isOver = true
    let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    guard let answer = service.admin.answer(request.request, service, waits: tries > 0) else {
      context.eventLoop.scheduleTask(in: .milliseconds(5)) {
        bound.value.handler.answer(request, bound.value.context, tries: tries - 1)
      }
      return
    }
    var head = "HTTP/1.1 \(answer.status) \(AnswerHead.phrase(answer.status))\r\n"
    head += "content-type: \(answer.type)\r\ncontent-length: \(answer.content.count)\r\n"
    for (name, value) in answer.fields { head += "\(name): \(value)\r\n" }
    var buffer = ByteBuffer(string: head + "cache-control: no-store\r\nconnection: close\r\n\r\n")
    if request.request.method != "HEAD" { buffer.writeBytes(answer.content) }
    context.writeAndFlush(wrapOutboundOut(buffer)).whenComplete { _ in
      bound.value.context.close(promise: nil)
    }
  }
}
