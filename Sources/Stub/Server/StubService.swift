internal import LiteLLM
internal import NIOCore
internal import Recording
internal import Redaction
internal import Sockets
internal import Wire

/// What all connections share; lives on one event loop, so it needs no lock.
final class StubService {
  private var proxy: Proxy
  private let clock: StubClock
  var head: AnswerHead
  /// From the request to the answer's first byte; here and below in nanoseconds.
  let firstByteDelay: Int64
  /// From one event of a stream to the next.
  let eventInterval: Int64
  private let jitter: Int64
  private let seed: UInt64
  private let faultDurations: (@Sendable (String) -> Int64?)?
  private var faults: FaultPlan
  private(set) var playback: Playback?
  private var redactor: Redactor
  private var connections: [ObjectIdentifier: ConnectionHandler] = [:]
  private(set) var isEnding = false
  private var whenEmpty: EventLoopPromise<Void>?
  var journal = Journal()
  /// How many requests got a whole answer since the start.
  private(set) var answered = 0
  var admin: AdminService
  let verdict: StubOptions.Verdict?
  private let recording: Recording?
  private let whenAnswered: (@Sendable (String, String) -> Void)?

  init(_ options: StubOptions) {
    proxy = options.proxy
    clock = options.clock
    head = AnswerHead(profile: options.proxy.profile, clock: options.clock)
    firstByteDelay = options.timeToFirstToken
    eventInterval = options.interTokenLatency
    jitter = options.jitter
    seed = options.proxy.seed
    faultDurations = options.faultDurations
    redactor = options.redactor
    playback = options.recorded.map {
      Playback($0, name: options.recordedName, speed: options.speed)
    }
    faults = FaultPlan(options.faults, seed: options.proxy.seed)
    admin = AdminService(token: options.adminToken, redactor: options.redactor)
    verdict = options.verdict
    whenAnswered = options.answered
    recording = options.recording.map {
      Recording(
        plain: $0.plain, masked: $0.masked, redactor: options.redactor,
        clock: UnsafeSystem.wallClock)
    }
  }

  /// While this stays the same, so does the answer to a request, and where the journal counts it.
  struct Era: Equatable {
    fileprivate var second: Int64
    fileprivate var resets: Int
  }

  /// `nil` where an answer may change at any time.
  var era: Era? {
    proxy.isRepeatable && faults.isEmpty && faultDurations == nil && playback == nil
      && firstByteDelay == 0
      ? Era(second: clock.nanoseconds / 1_000_000_000, resets: journal.resets) : nil
  }

  func answer(_ request: ProxyRequest) -> ProxyAnswer {
    proxy.answer(request, now: clock.nanoseconds)
  }

  /// The recorded answer; the key is judged first, whatever the recording says.
  ///
  /// - Returns: `nil` where nothing is played back, and where the key isn't right.
  func play(_ request: ProxyRequest) -> Playback.Match? {
    guard playback != nil else { return nil }
    if case .refused = proxy.gate(for: request, now: clock.nanoseconds) { return nil }
    return playback?.match(request, &redactor)
  }

  /// A request's own field for a fault.
  static let faultField = "x-keywitness-fault"

  func fault(for request: ProxyRequest) throws(FaultRuleError) -> Fault? {
    if let faultDurations, let asked = request[Self.faultField] {
      return try FaultRule.parse(asked, nanoseconds: faultDurations).fault
    }
    return faults.isEmpty ? nil : faults.fault(method: request.method, path: request.path)
  }

  func refusesConnection() -> Bool { faults.isEmpty ? false : faults.refusesConnection() }

  /// From one event to the next; with the jitter, the same for the same seed and event.
  func delay(ofEvent index: Int) -> Int64 {
    let delay = index == 0 ? firstByteDelay : eventInterval
    guard jitter > 0 else { return delay }
    return delay &+ Int64(Draw.share(seed, -1, index) * Double(jitter))
  }

  func noteAnswer(to request: ProxyRequest) {
    answered += 1
    whenAnswered?(request.method, request.target)
  }

  // MARK: Connections

  var openConnections: Int { connections.count }

  /// - Returns: its number.
  func open(_ connection: ConnectionHandler) -> Int {
    connections[ObjectIdentifier(connection)] = connection
    if isEnding { connection.drain() }
    return journal.countConnection()
  }

  /// - Returns: where it is recorded; `nil` where nobody wants that.
  func record(client: SocketAddress?, server: SocketAddress?) -> RecordedConnection? {
    guard let recording, let client = client.flatMap(Endpoint.init),
      let server = server.flatMap(Endpoint.init)
    else { return nil }
    return recording.open(client: client, server: server)
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
