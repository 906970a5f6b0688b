internal import Sockets
internal import Synchronization
internal import Wire

/// SIGINT and SIGTERM, for a command that ends cleanly: to be made before any other thread is.
///
/// Whoever sends a second one doesn't want to wait for that.
final class Interruptions: Sendable {
  private let came = Atomic(false)
  /// timeout(1) sends its signal twice, npm another one besides the terminal's: that is no second one,
  /// in nanoseconds.
  private static let once: Int64 = 1_000_000_000

  /// - Parameter body: called on a thread of its own, once.
  init(_ body: @escaping @Sendable () -> Void) {
    let started = BackgroundThread.start { [weak self] in
      EndSignals.waitForOne()
      self?.came.store(true, ordering: .releasing)
      let first = ProcessGuard.monotonicTime()
      body()
      repeat { EndSignals.waitForOne() } while ProcessGuard.monotonicTime() &- first < Self.once
      ProcessGuard.exitAtOnce(ContractCode.interrupted)
    }
    if !started { Diagnostics.warning("no thread is left to wait for Ctrl-C") }
  }

  var hasCome: Bool { came.load(ordering: .acquiring) }
}
