// Unsafe on purpose: the walk is handed from one thread to another, which the compiler can't follow.

internal import DequeModule
internal import Synchronization

/// The place of a walk: one thread at a time has it.
final class WalkPlace: @unchecked Sendable {
  let store: CaptureStore
  let isLive: Bool
  private let lock = Mutex<Void>(())
  private var walk: WireWalk

  init(_ walk: consuming WireWalk) {
    store = walk.store
    isLive = walk.isLive
    self.walk = walk
  }

  func fill(_ batch: inout WireBatch, atLeast count: Int) {
    lock.withLock { _ in walk.fill(&batch, atLeast: count) }
  }

  func secretsAhead() -> [(type: UInt32, content: ByteRange)] {
    lock.withLock { _ in walk.secretsAhead() }
  }

  var sums: WireSums {
    lock.withLock { _ in
      WireSums(
        first: walk.firstTime, last: walk.lastTime, failure: walk.failure, payload: walk.payload,
        caps: walk.caps, frames: walk.frames, anomalies: walk.anomalies)
    }
  }
}

/// A walk on a thread of its own, a few batches ahead of who takes them.
final class WalkAhead: Sendable {
  /// How many batches may wait, and how many events are in one: what lies between the two threads
  /// stays in the cache that they share.
  private static let depth = 8
  private static let batchSize = 512

  private struct Way: Sendable {
    var ready = Deque<WireBatch>()
    /// Read to the end: their room is used again.
    var used: [WireBatch] = []
  }

  private let walk: WalkPlace
  private let readAhead: ReadAhead?
  private let way = Mutex(Way())
  private let isOver = Atomic(false)
  private let hasEnded = Atomic(false)

  /// - Returns: `nil` where there is no thread to be had.
  init?(_ walk: WalkPlace) {
    self.walk = walk
    readAhead = walk.store.readAhead
    guard BackgroundThread.start({ self.run() }) else { return nil }
  }

  /// Waits for the next batch, and helps the walk meanwhile.
  ///
  /// - Parameter used: the one before, which isn't needed any more.
  func next(returning used: WireBatch) -> WireBatch {
    way.withLock { $0.used.append(used) }
    while true {
      if let batch = way.withLock({ $0.ready.popFirst() }) { return batch }
      if readAhead?.help() != true { BackgroundThread.sleep(microseconds: 20) }
    }
  }

  /// Ends the thread, wherever it is.
  func finish() {
    isOver.store(true, ordering: .releasing)
    while !hasEnded.load(ordering: .acquiring) { BackgroundThread.sleep(microseconds: 50) }
  }

  private func run() {
    defer { hasEnded.store(true, ordering: .releasing) }
    var isLast = false
    while !isLast, !isOver.load(ordering: .acquiring) {
      guard way.withLock({ $0.ready.count < Self.depth }) else {
        if readAhead?.giveBack() != true { BackgroundThread.sleep(microseconds: 50) }
        continue
      }
      var batch = way.withLock { $0.used.popLast() } ?? WireBatch()
      walk.fill(&batch, atLeast: Self.batchSize)
      isLast = batch.isLast
      let filled = batch
      way.withLock { $0.ready.append(filled) }
    }
  }
}
