import Glibc
import NIOCore
import NIOPosix

/// A client without any manners: sends bytes, and keeps what comes back until the end.
struct WireClient {
  struct Received {
    var bytes: [UInt8] = []
    /// When each read came, in nanoseconds from the first byte that was sent.
    var times: [Int64] = []
    var wasReset = false
    /// The server hadn't closed when the time was over.
    var isOpen = false

    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// What stands behind the first empty line.
    var content: String {
      text.firstRange(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
    }
    var status: Int? { text.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
  }

  private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let start = NIODeadline.now()
    private var received = Received()
    private let done: EventLoopPromise<Received>

    private let text: String
    private let time: TimeAmount

    init(_ text: String, within time: TimeAmount, _ done: EventLoopPromise<Received>) {
      self.text = text
      self.time = time
      self.done = done
    }

    // On the loop: whoever awaits something may be resumed minutes later, in a busy test run.
    func channelActive(context: ChannelHandlerContext) {
      let written = context.eventLoop.makePromise(of: Void.self)
      let collector = NIOLoopBound(self, eventLoop: context.eventLoop)
      // A reset that is there before the request is told by the write, not by a read.
      written.futureResult.whenFailure { error in
        if let error = error as? IOError, [EPIPE, ECONNRESET].contains(error.errnoCode) {
          collector.value.received.wasReset = true
        }
      }
      context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: written)
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      context.eventLoop.scheduleTask(in: time) {
        let (collector, context) = bound.value
        guard context.channel.isActive else { return }
        collector.received.isOpen = true
        context.close(promise: nil)
      }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      received.bytes += unwrapInboundIn(data).readableBytesView
      received.times.append((NIODeadline.now() - start).nanoseconds)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      if let error = error as? IOError, error.errnoCode == ECONNRESET { received.wasReset = true }
      context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { done.succeed(received) }
  }

  /// - Parameter seconds: how long the server may keep the connection.
  static func exchange(_ port: Int, _ text: String, seconds: Int64 = 10) async throws -> Received {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let done = loop.makePromise(of: Received.self)
    ClientBootstrap(group: loop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            Collector(text, within: .seconds(seconds), done))
        }
      }
      .connect(host: "127.0.0.1", port: port)
      // The reset of a connection may be there before its end of opening is seen.
      .whenFailure { _ in done.succeed(Received(wasReset: true)) }
    return try await done.futureResult.get()
  }
}
