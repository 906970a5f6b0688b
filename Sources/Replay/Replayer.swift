internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Sends the requests of a capture again, each once, and compares what is answered.
public struct Replayer: Sendable {
  private let group: MultiThreadedEventLoopGroup
  private let run: NIOLoopBound<ReplayRun>
  private let loop: any EventLoop

  public struct CertificateError: Error {
    public let message: String
  }

  /// - Parameter requests: in the order of the capture.
  public init(_ requests: [RecordedRequest], _ options: ReplayOptions) throws {
    let tls = options.target.isTLS ? try Self.context(options) : nil
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    self.loop = loop
    run = try loop.submit {
      NIOLoopBound(ReplayRun(requests, options, loop, tls), eventLoop: loop)
    }.wait()
  }

  private static func context(_ options: ReplayOptions) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.applicationProtocols = ["http/1.1"]
    if let authorities = options.authorities { configuration.trustRoots = .file(authorities) }
    if options.isInsecure { configuration.certificateVerification = .none }
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw CertificateError(
        message: "\(options.authorities ?? "the system's authorities"): no certificates (PEM) in it"
      )
    }
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
    loop.execute { run.value.stop() }
  }
}
