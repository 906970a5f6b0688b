internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Sockets

/// Stands between an agent and its proxy: passes on what comes, as it comes, and records it.
public struct TapServer: Sendable {
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel
  private let service: NIOLoopBound<TapService>
  /// The port it listens on.
  public let port: Int

  /// Listens.
  public init(_ options: TapOptions) throws(TapError) {
    let target: NIOSSLContext?
    let agent: NIOSSLContext?
    do throws(CertificateError) {
      target =
        options.target.isTLS
        ? try TLSContexts.client(
          authorities: options.authorities, isInsecure: options.isInsecure) : nil
      agent = try options.certificate.map { certificate throws(CertificateError) in
        try TLSContexts.server(certificate)
      }
    } catch {
      throw TapError(message: error.message, isCertificate: true)
    }
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    do {
      service = try loop.submit {
        NIOLoopBound(TapService(options, loop, target), eventLoop: loop)
      }.wait()
      channel = try Self.bootstrap(loop, service, agent)
        .bind(to: .listening(on: options.address, port: options.port)).wait()
    } catch {
      throw TapError(
        message: ListeningError(error, address: options.address, port: options.port).message)
    }
    port = channel.localAddress?.port ?? options.port
  }

  private static func bootstrap(
    _ loop: any EventLoop, _ service: NIOLoopBound<TapService>, _ tls: NIOSSLContext?
  ) -> ServerBootstrap {
    ServerBootstrap(group: loop)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
          }
          try channel.pipeline.syncOperations.addHandler(AgentHandler(service.value))
        }
      }
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
    try? group.syncShutdownGracefully()
  }
}
