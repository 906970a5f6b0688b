internal import NIOCore
internal import NIOPosix
internal import NIOSSL

#if canImport(Glibc)
  internal import Glibc
#endif

/// A LiteLLM that answers as the real one does, on one event loop.
public struct StubServer: Sendable {
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel
  private let admin: any Channel
  private let service: NIOLoopBound<StubService>
  /// The port it listens on.
  public let port: Int
  /// The admin listener's.
  public let adminPort: Int

  /// From here on SIGINT and SIGTERM wait for `waitForEndSignal`: to be called before any thread
  /// is started, since threads inherit it.
  public static func holdEndSignals() { UnsafeSystem.blockEndSignals() }

  /// Listens.
  public init(_ options: StubOptions) throws(StubError) {
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let tls = try Self.tls(options)
    do {
      service = try loop.submit {
        NIOLoopBound(StubService(options), eventLoop: loop)
      }.wait()
      channel = try Self.bootstrap(loop, service, tls)
        .bind(to: Self.address(options.address, options.port)).wait()
    } catch {
      throw StubError(code: .address, message: Self.text(error, options.address, options.port))
    }
    do {
      admin = try Self.adminBootstrap(loop, service)
        .bind(to: Self.address(options.address, options.adminPort)).wait()
    } catch {
      throw StubError(
        code: .address, message: "admin: " + Self.text(error, options.address, options.adminPort))
    }
    adminPort = admin.localAddress?.port ?? options.adminPort
    port = channel.localAddress?.port ?? options.port
  }

  /// No name is resolved: that would ask others.
  private static func address(_ text: String, _ port: Int) throws -> SocketAddress {
    try SocketAddress(ipAddress: text == "localhost" ? "127.0.0.1" : text, port: port)
  }

  private static func bootstrap(
    _ loop: any EventLoop, _ service: NIOLoopBound<StubService>, _ tls: NIOSSLContext?
  ) -> ServerBootstrap {
    ServerBootstrap(group: loop)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.maxMessagesPerRead, value: 4)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
          }
          try channel.pipeline.syncOperations.addHandler(ConnectionHandler(service.value))
        }
      }
  }

  private static func adminBootstrap(
    _ loop: any EventLoop, _ service: NIOLoopBound<StubService>
  ) -> ServerBootstrap {
    ServerBootstrap(group: loop)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AdminHandler(service.value))
        }
      }
  }

  private static func tls(_ options: StubOptions) throws(StubError) -> NIOSSLContext? {
    guard let certificate = options.certificate else { return nil }
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(certificate.chain)
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) },
        privateKey: .privateKey(try NIOSSLPrivateKey(file: certificate.key, format: .pem)))
      configuration.applicationProtocols = ["http/1.1"]
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw StubError(
        code: .certificate,
        message: "\(certificate.chain) and \(certificate.key) are no certificate and its key; "
          + "both must be PEM files")
    }
  }

  private static func text(_ error: any Error, _ address: String, _ port: Int) -> String {
    let place = "\(address):\(port)"
    guard let error = error as? IOError else {
      return "\(place) is no address to listen on; give --bind an IP address of this machine"
    }
    switch error.errnoCode {
    case EADDRINUSE:
      return "port \(port) is in use; give another, or --port 0 for a free one"
    case EACCES: return "no right to listen on port \(port); take one above 1023"
    default:
      return "\(place) can't be listened on (errno \(error.errnoCode)); "
        + "give --bind an address of this machine"
    }
  }

  /// Waits for SIGINT or SIGTERM.
  public static func awaitEndSignal() { UnsafeSystem.waitForEndSignal() }

  /// The same on a thread of its own, which then calls `body`.
  public func whenEndSignalComes(_ body: @escaping @Sendable () -> Void) {
    let pool = NIOThreadPool(numberOfThreads: 1)
    pool.start()
    pool.submit { _ in
      UnsafeSystem.waitForEndSignal()
      body()
    }
  }

  /// Recorded answers that nobody has asked for yet.
  public func unusedRecordings() -> [RecordedAnswer] {
    let service = service
    return (try? channel.eventLoop.submit { service.value.playback?.unused ?? [] }.wait()) ?? []
  }

  /// Takes no more connections, closes those that wait, and lets the answers under way end.
  ///
  /// - Parameter grace: how long they get, in seconds.
  public func stop(grace: Int64 = 5) {
    let service = service
    let empty = channel.eventLoop.makePromise(of: Void.self)
    let timeout = channel.eventLoop.scheduleTask(in: .seconds(grace)) { empty.succeed() }
    channel.close().whenComplete { _ in service.value.drain(empty) }
    try? empty.futureResult.wait()
    timeout.cancel()
    try? admin.close().wait()
    try? group.syncShutdownGracefully()
  }
}
