// Unsafe on purpose: the walk is handed from one thread to another, which the compiler can't follow.

internal import Synchronization

/// The place of a walk: one thread at a time has it.
final class WalkPlace: @unchecked Sendable {
  let store: CaptureStore
  let isLive: Bool
  let isStreamed: Bool
  private let lock = Mutex<Void>(())
  private var walk: WireWalk

  init(_ walk: consuming WireWalk) {
    store = walk.store
    isLive = walk.isLive
    isStreamed = walk.isStreamed
    self.walk = walk
  }

  func fill(_ batch: inout WireBatch, atLeast count: Int) {
    lock.withLock { _ in walk.fill(&batch, atLeast: count) }
  }

  func secrets(behind count: Int) -> [(type: UInt32, content: ByteRange)] {
    lock.withLock { _ in walk.secrets(behind: count) }
  }

  var sums: WireSums {
    lock.withLock { _ in
      WireSums(
        first: walk.firstTime, last: walk.lastTime, failure: walk.failure, payload: walk.payload,
        caps: walk.caps, frames: walk.frames, anomalies: walk.anomalies,
        source: walk.source)
    }
  }
}
