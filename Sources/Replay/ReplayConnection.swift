internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Sockets

/// The requests of one recorded connection, sent again over one, or over several where the target
/// closes. Lives on its run's loop.
final class ReplayConnection {
  private unowned let run: ReplayRun
  private var waiting: ArraySlice<Int>
  private var channel: (any Channel)?
  private var handler: AnswerHandler?
  /// The request that was sent and isn't answered, and when.
  private var current: (index: Int, sent: NIODeadline)?

  init(_ run: ReplayRun, _ requests: [Int]) {
    self.run = run
    waiting = requests[...]
  }

  var isIdle: Bool { current == nil && waiting.isEmpty }

  /// Sends the next request as soon as it may go.
  func proceed() {
    guard current == nil, let next = waiting.first else {
      if isIdle { close() }
      return
    }
    guard run.mayGo(next, from: self) else { return }
    waiting.removeFirst()
    current = (next, .now())
    if let channel, channel.isActive { send(next, over: channel) } else { connect(next) }
  }

  /// Nothing that wasn't sent is sent any more.
  func stop(_ reason: String) {
    for index in waiting { run.end(index, .notSent(reason)) }
    waiting = []
    if current == nil { close() }
  }

  func abandon(_ reason: String) { handler?.abandon(reason) }

  private func connect(_ index: Int) {
    let bound = NIOLoopBound(self, eventLoop: run.loop)
    let handler = AnswerHandler(
      idle: .nanoseconds(run.options.idleTimeout), loop: run.loop)
    handler.whenDone = { [weak self] event in self?.take(event) }
    let boundHandler = NIOLoopBound(handler, eventLoop: run.loop)
    self.handler = handler
    let tls = run.tls
    let name = run.options.target.serverName
    ClientBootstrap(group: run.loop)
      .connectTimeout(.nanoseconds(run.options.connectTimeout))
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(
              try NIOSSLClientHandler(context: tls, serverHostname: name))
          }
          try channel.pipeline.syncOperations.addHandler(boundHandler.value)
        }
      }
      .connect(to: run.options.target.address)
      .whenComplete { result in
        let connection = bound.value
        switch result {
        case .success(let channel):
          connection.channel = channel
          connection.run.noteReached()
          connection.send(index, over: channel)
        case .failure(let error):
          connection.finish(index, .failed("no connection: \(ConnectFailure.text(error))"))
        }
      }
  }

  private func send(_ index: Int, over channel: any Channel) {
    let bytes = run.bytes(of: index)
    current = (index, .now())
    handler?.expect(run.requests[index].method)
    channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
  }

  private func take(_ event: AnswerHandler.Event) {
    guard let (index, sent) = current else { return }
    switch event {
    case .answer(let answer, let keepsAlive):
      if !keepsAlive { close() }
      run.note(index, answer, after: NIODeadline.now() - sent)
      finish(index, run.outcome(of: index, answer))
    case .failure(let reason):
      close()
      finish(index, .failed(reason))
    }
  }

  private func finish(_ index: Int, _ outcome: ReplayOutcome) {
    current = nil
    run.end(index, outcome)
    proceed()
  }

  private func close() {
    channel?.close(promise: nil)
    channel = nil
    handler = nil
  }
}
