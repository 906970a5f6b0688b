internal import Glibc

/// How far a long walk has come, on standard error, and only where a person watches.
struct Progress {
  private let isWatched = ProcessGuard.isTerminal(2)
  private var exchanges = 0
  private var due: Int

  init() { due = Self.now + 1000 }

  mutating func count() {
    guard isWatched else { return }
    exchanges += 1
    guard exchanges & 63 == 0, Self.now >= due else { return }
    due = Self.now + 200
    StatusLine.show("keywitness: \(exchanges) exchanges")
  }

  func finish() { StatusLine.clear() }

  /// Milliseconds of a clock that only runs forward.
  private static var now: Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}
