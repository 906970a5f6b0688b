internal import Glibc

/// The system's clock and signals: C interfaces that want addresses.
enum UnsafeSystem {
  /// In nanoseconds since 1970.
  static func wallClock() -> Int64 {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
    return Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue
      &+ Int64(time.tv_nsec)
  }

  /// Threads that begin after this don't take the signals that end a server.
  static func blockEndSignals() {
    var set = endSignals()
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits for SIGINT or SIGTERM.
  static func waitForEndSignal() {
    var set = endSignals()
    var signal: Int32 = 0
    unsafe sigwait(&set, &signal)
  }

  private static func endSignals() -> sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGINT)
    unsafe sigaddset(&set, SIGTERM)
    return set
  }

  /// From the system's generator.
  static func processID() -> Int32 { getpid() }
}
