internal import LiteLLM
internal import NIOCore

/// What all connections share; lives on one event loop, so it needs no lock.
final class StubService {
  private var proxy: Proxy
  private let clock: StubClock
  var head: AnswerHead
  /// From the request to the answer's first byte; here and below in nanoseconds.
  let firstByteDelay: Int64
  /// From one event of a stream to the next.
  let eventInterval: Int64
  private var faults: FaultPlan
  private var connections: [ObjectIdentifier: ConnectionHandler] = [:]
  private(set) var isEnding = false
  private var whenEmpty: EventLoopPromise<Void>?

  init(_ options: StubOptions) {
    proxy = options.proxy
    clock = options.clock
    head = AnswerHead(profile: options.proxy.profile, clock: options.clock)
    firstByteDelay = options.timeToFirstToken
    eventInterval = options.interTokenLatency
    faults = FaultPlan(options.faults, seed: options.proxy.seed)
  }

  func answer(_ request: ProxyRequest) -> ProxyAnswer {
    proxy.answer(request, now: clock.nanoseconds)
  }

  func fault(for request: ProxyRequest) -> Fault? {
    faults.isEmpty ? nil : faults.fault(method: request.method, path: request.path)
  }

  func open(_ connection: ConnectionHandler) {
    connections[ObjectIdentifier(connection)] = connection
    if isEnding { connection.drain() }
  }

  func close(_ connection: ConnectionHandler) {
    connections[ObjectIdentifier(connection)] = nil
    if connections.isEmpty { whenEmpty?.succeed() }
  }

  /// Idle connections close now, the others behind their answer.
  ///
  /// - Parameter empty: succeeds when none is left.
  func drain(_ empty: EventLoopPromise<Void>) {
    isEnding = true
    whenEmpty = empty
    for connection in connections.values { connection.drain() }
    if connections.isEmpty { empty.succeed() }
  }
}
