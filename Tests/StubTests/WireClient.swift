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

    init(_ done: EventLoopPromise<Received>) { self.done = done }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      received.bytes += unwrapInboundIn(data).readableBytesView
      received.times.append((NIODeadline.now() - start).nanoseconds)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      if let error = error as? IOError, error.errnoCode == 104 { received.wasReset = true }
      context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { done.succeed(received) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      guard event is TimeIsOver else { return }
      received.isOpen = true
      context.close(promise: nil)
    }
  }

  private struct TimeIsOver {}

  /// - Parameter seconds: how long the server may keep the connection.
  static func exchange(_ port: Int, _ text: String, seconds: Int64 = 10) async throws -> Received {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let done = loop.makePromise(of: Received.self)
    let channel = try await ClientBootstrap(group: loop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Collector(done))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    loop.scheduleTask(in: .seconds(seconds)) {
      channel.pipeline.fireUserInboundEventTriggered(TimeIsOver())
    }
    try await channel.writeAndFlush(ByteBuffer(string: text))
    return try await done.futureResult.get()
  }
}
