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
  private var schedule: Schedule
  private var open = 0
  private var connections: [ReplayConnection] = []
  /// Those whose next request may not go yet, by how many answers have to be there first.
  private var held: [Int: [ReplayConnection]] = [:]
  private var start = NIODeadline.now()
  private var done: EventLoopPromise<Void>?
  private var isStopping = false

  init(
    _ requests: [RecordedRequest], _ options: ReplayOptions, _ loop: any EventLoop,
    _ tls: NIOSSLContext?
  ) {
    self.options = options
    self.requests = requests
    self.loop = loop
    self.tls = tls
    schedule = Schedule(requests, speed: options.speed, longestGap: options.longestGap)
    results = requests.map { ReplayResult(request: $0, outcome: .notSent("not begun")) }
  }

  func begin() -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    done = promise
    start = .now()
    var order: [Int] = []
    var byConnection: [Int: [Int]] = [:]
    for (index, request) in requests.enumerated() {
      if !options.sendsUnsafe, Self.isUnsafe(request) {
        settle(index, .skipped("it manages keys, users or models; --allow-unsafe sends it"))
        continue
      }
      if byConnection[request.connection] == nil { order.append(request.connection) }
      byConnection[request.connection, default: []].append(index)
      open += 1
    }
    connections = order.map { ReplayConnection(self, byConnection[$0] ?? []) }
    if open == 0 { promise.succeed() }
    for connection in connections { connection.proceed() }
    return promise.futureResult
  }

  /// Routes that change what others rely on.
  private static func isUnsafe(_ request: RecordedRequest) -> Bool {
    let path = request.target.prefix { $0 != "?" }
    let prefixes = [
      "/key/", "/user/", "/team/", "/model/new", "/model/update", "/model/delete", "/budget/",
      "/organization/", "/customer/", "/config/", "/credentials", "/global/spend/reset",
    ]
    return request.method == "DELETE"
      || (request.method != "GET" && prefixes.contains { path.hasPrefix($0) })
  }

  /// What is under way has two seconds left.
  func stop() {
    guard !isStopping else { return }
    isStopping = true
    for connection in connections { connection.stop("interrupted") }
    let bound = NIOLoopBound(self, eventLoop: loop)
    loop.scheduleTask(in: .seconds(2)) {
      for connection in bound.value.connections { connection.abandon("interrupted") }
    }
  }

  /// Whether a request may be sent now; where not, its connection is told when it may.
  func mayGo(_ index: Int, from connection: ReplayConnection) -> Bool {
    guard !isStopping else { return false }
    let needed = schedule.needed[index]
    guard needed <= schedule.over else {
      held[needed, default: []].append(connection)
      return false
    }
    guard options.speed != nil else { return true }
    let due = start + .nanoseconds(schedule.due[index])
    guard due > .now() else { return true }
    let bound = NIOLoopBound(connection, eventLoop: loop)
    loop.scheduleTask(deadline: due) { bound.value.proceed() }
    return false
  }

  /// What goes over the wire; from now on the request counts as sent.
  func bytes(of index: Int) -> [UInt8] {
    let request = requests[index]
    let (head, changed) = options.credentials.head(
      of: request, host: options.target.authority, prefix: options.target.prefix)
    results[index].changed = changed
    if options.speed != nil {
      results[index].lateness =
        (NIODeadline.now() - (start + .nanoseconds(schedule.due[index]))).nanoseconds
    }
    return head + request.content
  }

  func noteReached() { hasReached = true }

  func note(_ index: Int, _ answer: RecordedRequest.Answer, after time: TimeAmount) {
    results[index].status = answer.status
    results[index].duration = time.nanoseconds
  }

  func outcome(of index: Int, _ answer: RecordedRequest.Answer) -> ReplayOutcome {
    guard let recorded = requests[index].answer else {
      return .differs(["answer: none was recorded as a whole, now \(answer.status)"])
    }
    let differences = options.comparison.differences(recorded, answer)
    return differences.isEmpty ? .matched : .differs(differences)
  }

  func end(_ index: Int, _ outcome: ReplayOutcome) {
    let before = schedule.over
    settle(index, outcome)
    open -= 1
    for count in before..<schedule.over {
      for connection in held.removeValue(forKey: count + 1) ?? [] { connection.proceed() }
    }
    if open == 0 { done?.succeed() }
  }

  private func settle(_ index: Int, _ outcome: ReplayOutcome) {
    results[index].outcome = outcome
    schedule.end(index)
  }
}
