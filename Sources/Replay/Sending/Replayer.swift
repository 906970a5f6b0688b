internal import NIOCore
internal import NIOPosix
internal import Sockets

/// Sends the requests of a capture again, each once, and compares what is answered.
public struct Replayer: Sendable {
  private let group: MultiThreadedEventLoopGroup
  private let run: NIOLoopBound<ReplayRun>
  private let loop: any EventLoop

  /// - Parameter requests: in the order of the capture.
  public init(_ requests: [RecordedRequest], _ options: ReplayOptions) throws {
    let tls =
      options.target.isTLS
      ? try TLSContexts.client(
        authorities: options.authorities, isInsecure: options.isInsecure) : nil
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    self.loop = loop
    run = try loop.submit {
      NIOLoopBound(ReplayRun(requests, options, loop, tls), eventLoop: loop)
    }.wait()
  }

  /// What came of a run.
  public struct Told: Sendable {
    /// For each request, in their order.
    public var results: [ReplayResult] = []
    /// Whether the target was ever reached.
    public var hasReached = false
    /// How long it took, in nanoseconds.
    public var elapsed: Int64 = 0
  }

  /// Sends all, and waits for all.
  public func sendAll() -> Told {
    let run = run
    try? loop.flatSubmit { run.value.begin() }.wait()
    let told = try? loop.submit {
      Told(
        results: run.value.results, hasReached: run.value.hasReached, elapsed: run.value.elapsed)
    }.wait()
    return told ?? Told()
  }

  /// It is over: nobody may stop it any more.
  public func shutDown() { try? group.syncShutdownGracefully() }

  /// What is under way has two seconds left; the rest isn't sent. From any thread.
  public func stop() {
    let run = run
    loop.execute { run.value.interrupt() }
  }
}
