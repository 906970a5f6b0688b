internal import DequeModule
internal import Synchronization

/// A walk on a thread of its own, a few batches ahead of who takes them.
final class WalkAhead: Sendable {
  /// How many batches may wait: what lies between the two threads stays in the cache that they share.
  private static let depth = 8
  /// How many bytes of the capture may lie between the two: they aren't given back yet.
  private static let distance = CaptureStore.releaseSlack - 2 * WireBatch.byteCount

  private struct Way: Sendable {
    var ready = Deque<WireBatch>()
    /// Read to the end: their room is used again.
    var used = Deque<WireBatch>()
    /// How far the walk has come, and how far who takes its batches.
    var walkedTo = 0
    var takenTo = 0

    var isFull: Bool { ready.count >= depth || !ready.isEmpty && walkedTo &- takenTo > distance }
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
  /// - Parameter batch: the one before, which isn't needed any more.
  func next(_ batch: inout WireBatch) {
    way.withLock { way in
      // Nothing else may hold it: its room is filled in place.
      var used = WireBatch()
      swap(&used, &batch)
      way.used.append(used)
    }
    while true {
      let next = way.withLock { way in
        let next = way.ready.popFirst()
        if let next { way.takenTo = next.position }
        return next
      }
      if let next {
        batch = next
        return
      }
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
      guard way.withLock({ !$0.isFull }) else {
        if readAhead?.giveBack() != true { BackgroundThread.sleep(microseconds: 50) }
        continue
      }
      var batch = way.withLock { $0.used.popFirst() } ?? WireBatch()
      walk.fill(&batch, atLeast: WireBatch.eventCount)
      isLast = batch.isLast
      let filled = batch
      way.withLock { way in
        way.walkedTo = filled.position
        way.ready.append(filled)
      }
    }
  }
}
