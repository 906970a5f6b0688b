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

  /// Sends all, and waits for all.
  ///
  /// - Returns: a result for each request, in their order; whether the target was ever reached.
  public func sendAll() -> (results: [ReplayResult], hasReached: Bool) {
    let run = run
    try? loop.flatSubmit { run.value.begin() }.wait()
    let told = try? loop.submit { (run.value.results, run.value.hasReached) }.wait()
    try? group.syncShutdownGracefully()
    return (told?.0 ?? [], told?.1 ?? false)
  }

  /// What is under way has two seconds left; the rest isn't sent. From any thread.
  public func stop() {
    let run = run
    loop.execute { run.value.interrupt() }
  }
}
