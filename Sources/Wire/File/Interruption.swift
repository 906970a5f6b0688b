internal import Glibc

/// Whether somebody asked to stop (SIGINT, SIGTERM): for a pipe that is the normal end, after
/// which what has been read is judged.
public enum Interruption {
  // A signal handler may only touch lock-free memory, and this is written once.
  private nonisolated(unsafe) static var signalled: sig_atomic_t = 0

  public static var requested: Bool { unsafe signalled != 0 }

  /// From now on SIGINT and SIGTERM end the input instead of the process; a second one ends both.
  public static func endsTheInput() {
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { _ in unsafe Interruption.signalled = 1 }
      // No SA_RESTART: a read that waits must return. SA_RESETHAND: the second one is in earnest.
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      unsafe sigaction(number, &action, nil)
    }
  }
}
