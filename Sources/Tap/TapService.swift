internal import NIOCore
internal import NIOSSL
internal import Recording
internal import Sockets
internal import Wire

/// What all connections of a tap share; lives on one event loop, so it needs no lock.
final class TapService {
  let options: TapOptions
  let loop: any EventLoop
  /// `nil` for a target in cleartext.
  let tls: NIOSSLContext?
  private let recording: Recording?
  private var connections: [ObjectIdentifier: AgentHandler] = [:]
  private(set) var isEnding = false
  private var whenEmpty: EventLoopPromise<Void>?

  init(_ options: TapOptions, _ loop: any EventLoop, _ tls: NIOSSLContext?) {
    self.options = options
    self.loop = loop
    self.tls = tls
    recording = options.recording.map {
      Recording(
        plain: $0.plain, masked: $0.masked, redactor: options.redactor,
        clock: UnsafeSystem.wallClock)
    }
  }

  /// - Returns: where it is recorded; `nil` where nobody wants that.
  func record(client: SocketAddress?, server: SocketAddress?) -> RecordedConnection? {
    guard let recording, let client = client.flatMap(Endpoint.init),
      let server = server.flatMap(Endpoint.init)
    else { return nil }
    return recording.open(client: client, server: server)
  }

  func open(_ connection: AgentHandler) {
    connections[ObjectIdentifier(connection)] = connection
    if isEnding { connection.drain() }
  }

  func close(_ connection: AgentHandler) {
    connections[ObjectIdentifier(connection)] = nil
    if connections.isEmpty { whenEmpty?.succeed() }
  }

  /// Connections that wait for nothing close now, the others behind their answer.
  ///
  /// - Parameter empty: succeeds when none is left.
  func drain(_ empty: EventLoopPromise<Void>) {
    isEnding = true
    whenEmpty = empty
    for connection in connections.values { connection.drain() }
    if connections.isEmpty { empty.succeed() }
  }
}
