internal import NIOCore
internal import NIOSSL
internal import Sockets

/// One run of a ``Replayer``: what all its connections share. Lives on its loop.
final class ReplayRun {
  let options: ReplayOptions
  let requests: [RecordedRequest]
  let loop: any EventLoop
  let tls: NIOSSLContext?
  private(set) var results: [ReplayResult]
  private(set) var hasReached = false
  /// From the first to the last byte of it, in nanoseconds.
  private(set) var elapsed: Int64 = 0
  private var schedule: Schedule
  private var open = 0
  private var failures = 0
  private var connections: [ReplayConnection] = []
  /// What the connections of a pool take, in its order.
  private var shared: ArraySlice<Int> = []
  private var hasSharedTimer = false
  /// Those whose next request may not go yet, by how many answers have to be there first, and by
  /// whose.
  private var heldByCount: [Int: [ReplayConnection]] = [:]
  private var heldByAnswer: [Int: [(request: Int, connection: ReplayConnection)]] = [:]
  private var start = NIODeadline.now()
  /// When a request could have gone, and when the answer came that it waited for.
  private var readySince: [Int: NIODeadline] = [:]
  private var heldUntil: [Int: NIODeadline] = [:]
  private var done: EventLoopPromise<Void>?
  /// Why nothing more is begun.
  private var stopReason: String?
  private var timers: [Scheduled<Void>] = []

  init(
    _ requests: [RecordedRequest], _ options: ReplayOptions, _ loop: any EventLoop,
    _ tls: NIOSSLContext?
  ) {
    self.options = options
    self.requests = requests
    self.loop = loop
    self.tls = tls
    let isPooled = if case .pool = options.connections { true } else { false }
    schedule = Schedule(
      requests, options.pace, longestGap: options.longestGap, isPooled: isPooled)
    results = requests.map { ReplayResult(request: $0, outcome: .notSent("not begun")) }
  }

  func begin() -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    done = promise
    start = .now()
    var toSend: [Int] = []
    for (index, request) in requests.enumerated() {
      if let earlier = options.earlier[index] {
        results[index].isEarlier = true
        results[index].status = earlier.status
        settle(index, earlier.outcome)
      } else if !options.sendsUnsafe, Self.isUnsafe(request) {
        settle(index, .skipped("it may change keys, users or models; --allow-unsafe sends it"))
        options.ended?(index, results[index])
      } else {
        toSend.append(index)
      }
    }
    open = toSend.count
    connections = makeConnections(toSend)
    if open == 0 { promise.succeed() }
    let bound = NIOLoopBound(self, eventLoop: loop)
    if let duration = options.duration {
      timers.append(
        loop.scheduleTask(in: .nanoseconds(duration)) {
          bound.value.stop("the time of --duration was up")
        })
    }
    if stopReason != nil {
      // It was stopped before it had begun.
      let reason = stopReason ?? ""
      stopReason = nil
      stop(reason)
    } else {
      for connection in connections { connection.proceed() }
    }
    return promise.futureResult
  }

  private func makeConnections(_ toSend: [Int]) -> [ReplayConnection] {
    switch options.connections {
    case .onePerRequest:
      return toSend.map { ReplayConnection(self, [$0], closesBehindEach: true) }
    case .pool(let size):
      shared = toSend.sorted { (requests[$0].offset, $0) < (requests[$1].offset, $1) }[...]
      return (0..<min(size, max(1, toSend.count))).map { _ in ReplayConnection(self, nil) }
    case .asRecorded:
      var order: [Int] = []
      var byConnection: [Int: [Int]] = [:]
      for index in toSend {
        let connection = requests[index].connection
        if byConnection[connection] == nil { order.append(connection) }
        byConnection[connection, default: []].append(index)
      }
      return order.map { ReplayConnection(self, byConnection[$0] ?? []) }
    }
  }

  /// Whether it may change what others rely on: whatever asks for something else than to read, and
  /// isn't asked of a model.
  private static func isUnsafe(_ request: RecordedRequest) -> Bool {
    guard !["GET", "HEAD", "OPTIONS"].contains(request.method) else { return false }
    return request.method != "POST" || !ModelRoutes.contains(request.target)
  }

  /// Why what has a connection isn't sent either; `nil` while nobody has interrupted.
  private(set) var interruption: String?

  /// What is under way has two seconds left.
  func interrupt() {
    guard interruption == nil else { return }
    interruption = "interrupted"
    stop("interrupted")
    let bound = NIOLoopBound(self, eventLoop: loop)
    timers.append(
      loop.scheduleTask(in: .seconds(2)) {
        for connection in bound.value.connections { connection.abandon("interrupted") }
      })
  }

  /// Nothing more is begun.
  private func stop(_ reason: String) {
    guard stopReason == nil else { return }
    stopReason = reason
    for index in shared { end(index, .notSent(reason)) }
    shared = []
    for connection in connections { connection.stop(reason) }
  }

  // MARK: What may go

  /// Whether a request may be sent now; where not, its connection is told when it may.
  func mayGo(_ index: Int, from connection: ReplayConnection) -> Bool {
    guard stopReason == nil else { return false }
    switch schedule.wait(of: index) {
    case .nothing: break
    case .answers(let count):
      heldByCount[count, default: []].append(connection)
      return false
    case .answer(let other):
      heldByAnswer[other, default: []].append((index, connection))
      return false
    }
    guard options.pace != .unbounded else { return true }
    let due = start + .nanoseconds(schedule.due[index])
    let now = NIODeadline.now()
    guard due > now else {
      // What it waited for behind its time isn't the sender's fault.
      readySince[index] = [due, connection.freeSince, heldUntil.removeValue(forKey: index)]
        .compactMap(\.self).max()
      return true
    }
    let bound = NIOLoopBound(connection, eventLoop: loop)
    loop.scheduleTask(deadline: due) { bound.value.proceed() }
    return false
  }

  /// Gives a connection of the pool the next request.
  func serve(_ connection: ReplayConnection) {
    guard connection.isFree else { return }
    guard let next = shared.first else { return connection.retire() }
    guard stopReason == nil else { return }
    guard options.pace == .unbounded || start + .nanoseconds(schedule.due[next]) <= .now() else {
      return waitForShared(until: start + .nanoseconds(schedule.due[next]))
    }
    guard mayGo(next, from: connection) else { return }
    shared.removeFirst()
    connection.begin(next)
  }

  /// One timer for all of the pool: only the next request's time matters.
  private func waitForShared(until due: NIODeadline) {
    guard !hasSharedTimer else { return }
    hasSharedTimer = true
    let bound = NIOLoopBound(self, eventLoop: loop)
    timers.append(
      loop.scheduleTask(deadline: due) {
        let run = bound.value
        run.hasSharedTimer = false
        for connection in run.connections where connection.isFree { run.serve(connection) }
      })
  }

  // MARK: One request

  /// It is tried, again or for the first time.
  func noteAttempt(_ index: Int) { results[index].attempts += 1 }

  /// What goes over the wire; from now on the request counts as sent.
  func bytes(of index: Int) -> [UInt8] {
    let (request, rewritten) = options.rewriting.applied(to: requests[index])
    let (head, changed) = options.credentials.head(
      of: request, host: options.target.authority, prefix: options.target.prefix)
    results[index].changed = rewritten + changed
    if results[index].attempts == 1, options.pace != .unbounded {
      let planned =
        readySince.removeValue(forKey: index) ?? start + .nanoseconds(schedule.due[index])
      results[index].lateness = (NIODeadline.now() - planned).nanoseconds
    }
    options.sending?(index)
    return head + request.content
  }

  func noteReached() { hasReached = true }

  func note(_ index: Int, _ answer: RecordedRequest.Answer, sent: NIODeadline) {
    let now = NIODeadline.now()
    results[index].status = answer.status
    if options.keepsAnswers { results[index].answer = answer }
    results[index].duration = (now - sent).nanoseconds
    if options.pace != .unbounded {
      results[index].durationFromPlan =
        (now - (start + .nanoseconds(schedule.due[index]))).nanoseconds
    }
  }

  func outcome(of index: Int, _ answer: RecordedRequest.Answer) -> ReplayOutcome {
    guard let recorded = requests[index].answer else {
      return .differs(["answer: none was recorded as a whole, now \(answer.status)"])
    }
    let differences = options.comparison.differences(recorded, answer)
    return differences.isEmpty ? .matched : .differs(differences)
  }

  /// The longest time that a target's Retry-After is waited for.
  private static let longestRetry: Int64 = 60

  /// - Returns: how long to wait before it is sent again; `nil` where it isn't.
  func retryDelay(
    _ index: Int, _ outcome: ReplayOutcome, retryAfter: String?
  ) -> TimeAmount? {
    guard stopReason == nil, results[index].attempts <= options.retries else { return nil }
    if case .failed = outcome { return .milliseconds(200) }
    guard [429, 503].contains(results[index].status), outcome != .matched else { return nil }
    return .seconds(min(retryAfter.flatMap { Int64($0) } ?? 1, Self.longestRetry))
  }

  func end(_ index: Int, _ outcome: ReplayOutcome) {
    let before = schedule.over
    settle(index, outcome)
    options.ended?(index, results[index])
    open -= 1
    if before < schedule.over {
      for count in before..<schedule.over {
        for connection in heldByCount.removeValue(forKey: count + 1) ?? [] { connection.proceed() }
      }
    }
    for (waiting, connection) in heldByAnswer.removeValue(forKey: index) ?? [] {
      heldUntil[waiting] = .now()
      connection.proceed()
    }
    if case .failed = outcome {
      failures += 1
      if let most = options.mostErrors, failures >= most { stop("\(most) requests had failed") }
    }
    if open == 0 {
      for timer in timers { timer.cancel() }
      elapsed = (NIODeadline.now() - start).nanoseconds
      done?.succeed()
      done = nil
    }
  }

  private func settle(_ index: Int, _ outcome: ReplayOutcome) {
    results[index].outcome = outcome
    schedule.end(index)
  }
}
