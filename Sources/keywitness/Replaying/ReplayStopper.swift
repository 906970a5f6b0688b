internal import Replay
internal import Synchronization

/// Stops whatever replay is running, and keeps the next from beginning.
final class ReplayStopper: Sendable {
  private struct State {
    var replayer: Replayer?
    var isStopped = false
  }

  private let state = Mutex(State())

  func stop() {
    state.withLock {
      $0.isStopped = true
      $0.replayer?.stop()
    }
  }

  func running(_ replayer: Replayer, _ body: () -> Replayer.Told) -> Replayer.Told {
    state.withLock {
      $0.replayer = replayer
      if $0.isStopped { replayer.stop() }
    }
    let told = body()
    state.withLock { $0.replayer = nil }
    replayer.shutDown()
    return told
  }
}
