internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Sockets

/// One connection at a time, and one request on it at a time: of one recorded connection, or of all
/// that are left. Lives on its run's loop.
final class ReplayConnection {
  private unowned let run: ReplayRun
  /// `nil` where it takes what all connections of a pool share.
  private var own: ArraySlice<Int>?
  private var channel: (any Channel)?
  private var handler: AnswerHandler?
  /// The request that was sent and isn't answered, and when.
  private var current: (index: Int, sent: NIODeadline)?
  /// What is sent again after a while, and what becomes of it if not.
  private var retry: (index: Int, outcome: ReplayOutcome, timer: Scheduled<Void>)?
  /// When the answer before it came.
  private(set) var freeSince: NIODeadline?
  private let closesBehindEach: Bool
  /// Of what is under way nothing has been sent.
  private var isConnecting = false

  /// - Parameter own: requests in their order; `nil` for those of the pool.
  init(_ run: ReplayRun, _ own: [Int]?, closesBehindEach: Bool = false) {
    self.run = run
    self.own = own.map { $0[...] }
    self.closesBehindEach = closesBehindEach
  }

  var isFree: Bool { current == nil }

  /// Sends the next of its own requests as soon as it may go.
  func proceed() {
    guard own != nil else { return run.serve(self) }
    guard current == nil, let next = own?.first else {
      if current == nil { close() }
      return
    }
    guard run.mayGo(next, from: self) else { return }
    own?.removeFirst()
    begin(next)
  }

  func begin(_ index: Int) {
    current = (index, .now())
    run.noteAttempt(index)
    if let channel, channel.isActive { send(index, over: channel) } else { connect(index) }
  }

  /// Nothing that wasn't sent is sent any more.
  func stop(_ reason: String) {
    for index in own ?? [] { run.end(index, .notSent(reason)) }
    if own != nil { own = [] }
    if let retry {
      retry.timer.cancel()
      self.retry = nil
      settle(retry.index, retry.outcome)
    }
    if current == nil { close() }
  }

  /// Nobody waits any longer for what is under way.
  func abandon(_ reason: String) {
    if isConnecting, let (index, _) = current {
      isConnecting = false
      settle(index, .notSent(reason))
    } else {
      handler?.abandon(reason)
    }
  }

  private func connect(_ index: Int) {
    let bound = NIOLoopBound(self, eventLoop: run.loop)
    isConnecting = true
    let handler = AnswerHandler(
      idle: .nanoseconds(run.options.idleTimeout), whole: .nanoseconds(run.options.answerTimeout),
      loop: run.loop)
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
          connection.run.noteReached()
          guard connection.isConnecting else { return channel.close(promise: nil) }
          connection.isConnecting = false
          connection.channel = channel
          if let reason = connection.run.interruption {
            return connection.settle(index, .notSent(reason))
          }
          connection.send(index, over: channel)
        case .failure(let error):
          guard connection.isConnecting else { return }
          connection.isConnecting = false
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
      if !keepsAlive || closesBehindEach || run.requests[index].closes { close() }
      run.note(index, answer, sent: sent)
      finish(index, run.outcome(of: index, answer), retryAfter: answer.retryAfter)
    case .failure(let reason):
      close()
      finish(index, .failed(reason))
    }
  }

  private func finish(_ index: Int, _ outcome: ReplayOutcome, retryAfter: String? = nil) {
    if let delay = run.retryDelay(index, outcome, retryAfter: retryAfter) {
      // Still its own: nobody behind it may overtake.
      let bound = NIOLoopBound(self, eventLoop: run.loop)
      let timer = run.loop.scheduleTask(in: delay) {
        bound.value.retry = nil
        bound.value.begin(index)
      }
      retry = (index, outcome, timer)
      return
    }
    settle(index, outcome)
  }

  private func settle(_ index: Int, _ outcome: ReplayOutcome) {
    current = nil
    freeSince = .now()
    run.end(index, outcome)
    proceed()
  }

  private func close() {
    handler?.close()
    channel?.close(promise: nil)
    channel = nil
    handler = nil
  }

  /// No request is left for it.
  func retire() { if current == nil { close() } }
}
