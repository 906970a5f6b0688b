internal import Synchronization
internal import Verdicts
internal import Wire

/// Lets a program run against a server of this process, and ends it when there is nothing to wait
/// for any more.
final class Supervision: Sendable {
  /// Why the program is over.
  enum Reason: Sendable, Equatable {
    /// By itself.
    case ended
    /// Everything that was to be seen was seen, its time was up, or its driver had done its work.
    case seen, timedOut, driven
    /// Somebody ended this process.
    case interrupted
  }

  struct Outcome: Sendable {
    var reason: Reason
    var end: ChildProcess.End
    /// Of the driver, where there is one.
    var driver: ChildProcess.End?

    /// Whether the program did what it should: one that is ended from outside does.
    var isGood: Bool {
      (reason != .ended || end.isSuccess) && (driver.map(\.isSuccess) ?? true)
    }
  }

  /// What it has after the signal that asks it to end, in nanoseconds.
  private static let grace: Int64 = 5_000_000_000

  private let child: ChildProcess
  private let driver: ChildProcess?
  private let deadline: Int64?
  private let awaited: Awaited
  private let isInterrupted = Atomic(false)

  /// - Parameters:
  ///   - awaited: requests after which it is ended; none: it ends by itself.
  ///   - time: that it has, in nanoseconds.
  init(
    _ child: ChildProcess, driver: ChildProcess?, awaited: Awaited, time: Int64?
  ) {
    self.child = child
    self.driver = driver
    self.awaited = awaited
    deadline = time.map { Self.now() &+ $0 }
  }

  private static func now() -> Int64 { ProcessGuard.monotonicTime() }

  /// Ends the program from outside.
  func interrupt() { isInterrupted.store(true, ordering: .releasing) }

  /// Waits until the program is over.
  func run() -> Outcome {
    var reason: Reason?
    var killTime: Int64?
    var driven: ChildProcess.End?
    while true {
      if let end = child.poll() {
        // What it started and left behind.
        child.terminate()
        if driver != nil, driven == nil { driven = finishDriver() }
        return Outcome(reason: reason ?? .ended, end: end, driver: driven)
      }
      if driven == nil { driven = driver?.poll() }
      let now = Self.now()
      if reason == nil {
        if isInterrupted.load(ordering: .acquiring) {
          reason = .interrupted
        } else if awaited.isComplete {
          reason = .seen
        } else if driven != nil {
          reason = .driven
        } else if let deadline, now >= deadline {
          reason = .timedOut
        }
        if reason != nil {
          child.terminate()
          killTime = now &+ Self.grace
        }
      } else if let time = killTime, now >= time {
        child.kill()
        killTime = nil
      }
      BackgroundThread.sleep(milliseconds: 5)
    }
  }

  private func finishDriver() -> ChildProcess.End? {
    guard let driver else { return nil }
    driver.terminate()
    for _ in 0..<200 {
      if let end = driver.poll() { return end }
      BackgroundThread.sleep(milliseconds: 5)
    }
    driver.kill()
    return nil
  }
}

/// Requests that are waited for.
final class Awaited: Sendable {
  private let missing: Mutex<[RequestPattern]>
  private let isAwaiting: Bool

  init(_ patterns: [RequestPattern]) {
    missing = Mutex(patterns)
    isAwaiting = !patterns.isEmpty
  }

  /// A request was answered.
  func note(method: String, target: String) {
    guard isAwaiting else { return }
    missing.withLock { $0.removeAll { $0.matches(method: method, target: target) } }
  }

  /// Whether something was waited for, and all of it came.
  var isComplete: Bool { isAwaiting && missing.withLock(\.isEmpty) }
}
