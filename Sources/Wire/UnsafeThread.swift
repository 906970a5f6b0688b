// Unsafe on purpose: a thread of the system's own. Those of Swift's pool aren't for what waits.

internal import Glibc

/// A thread of its own, for what waits or looks ahead.
public enum BackgroundThread {
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// - Returns: `false` where the system has no more.
  public static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    var thread = pthread_t()
    let work = unsafe Unmanaged.passRetained(Work(body))
    let failure = unsafe pthread_create(
      &thread, nil,
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        }
        return nil
      }, work.toOpaque())
    guard failure == 0 else {
      unsafe work.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  public static func sleep(milliseconds: Int) { usleep(UInt32(clamping: milliseconds) &* 1000) }

  static func sleep(microseconds: Int) { usleep(UInt32(clamping: microseconds)) }
}
