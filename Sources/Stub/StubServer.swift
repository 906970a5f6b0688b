internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Sockets

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

  /// Listens.
  public init(_ options: StubOptions) throws(StubError) {
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let tls: NIOSSLContext?
    do throws(CertificateError) {
      tls = try options.certificate.map { certificate throws(CertificateError) in
        try TLSContexts.server(certificate)
      }
    } catch {
      throw StubError(code: .certificate, message: error.message)
    }
    do {
      service = try loop.submit {
        NIOLoopBound(StubService(options), eventLoop: loop)
      }.wait()
      channel = try Self.bootstrap(loop, service, tls)
        .bind(to: .listening(on: options.address, port: options.port)).wait()
    } catch {
      throw StubError(
        code: .address,
        message: ListeningError(error, address: options.address, port: options.port).message)
    }
    do {
      admin = try Self.adminBootstrap(loop, service)
        .bind(to: .listening(on: options.address, port: options.adminPort)).wait()
    } catch {
      throw StubError(
        code: .address,
        message: "admin: "
          + ListeningError(error, address: options.address, port: options.adminPort).message)
    }
    adminPort = admin.localAddress?.port ?? options.adminPort
    port = channel.localAddress?.port ?? options.port
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
