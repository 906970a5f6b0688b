internal import Sockets
internal import Synchronization

/// SIGINT and SIGTERM, for a command that ends cleanly: to be made before any other thread is.
final class Interruptions: Sendable {
  private let came = Atomic(false)

  /// - Parameter body: called on a thread of its own, once.
  init(_ body: @escaping @Sendable () -> Void) {
    let started = BackgroundThread.start { [weak self] in
      EndSignals.waitForOne()
      self?.came.store(true, ordering: .releasing)
      body()
    }
    if !started { Diagnostics.warning("no thread is left to wait for Ctrl-C") }
  }

  var hasCome: Bool { came.load(ordering: .acquiring) }
}
