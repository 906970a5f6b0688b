internal import Glibc
internal import Synchronization

/// Looks at a mapped file a little ahead of the walk, on a thread of its own: maps its pages and
/// brings its bytes into the cache that the cores share, so that the walk waits for neither. It also
/// gives back the pages that lie behind.
///
/// The walk never waits for it, and nothing depends on how far it has come.
final class ReadAhead: Sendable {
  /// How far ahead it goes, in bytes: within what a shared cache holds.
  private static let distance = 8 << 20
  private static let step = 512 << 10

  private let space: AddressSpace
  private let end: Int
  private let walked: Atomic<Int>
  private let releasable = Atomic(0)
  private let isOver = Atomic(false)
  private let hasEnded = Atomic(false)
  /// Of what was brought into the cache; nobody asks for it.
  private let seen = Atomic<UInt64>(0)

  /// - Parameter range: mapped from beginning to end.
  /// - Returns: `nil` where it wouldn't pay, or there is no thread to be had.
  init?(_ space: AddressSpace, _ range: Range<Int>) {
    guard range.count > 4 * Self.distance, sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1 else {
      return nil
    }
    self.space = space
    end = range.upperBound
    walked = Atomic(range.lowerBound)
    guard BackgroundThread.start({ self.run() }) else { return nil }
  }

  /// Tells how far the walk has come.
  func note(walked offset: Int) { walked.store(offset, ordering: .relaxed) }

  /// Hands over the pages before an offset.
  func release(before offset: Int) { releasable.store(offset, ordering: .relaxed) }

  /// Ends the thread: the space may go now.
  func finish() {
    isOver.store(true, ordering: .releasing)
    while !hasEnded.load(ordering: .acquiring) { usleep(50) }
  }

  private func run() {
    defer { hasEnded.store(true, ordering: .releasing) }
    var at = walked.load(ordering: .relaxed)
    var released = 0
    var releases = 0
    while !isOver.load(ordering: .acquiring) {
      let behind = releasable.load(ordering: .relaxed)
      if behind > released {
        releases &+= 1
        space.release(before: behind, time: releases)
        released = behind
      }
      let now = walked.load(ordering: .relaxed)
      // What the walk has seen itself needs no second look.
      at = max(at, now)
      guard at < end, at < now &+ Self.distance else {
        usleep(100)
        continue
      }
      let next = min(at &+ Self.step, end)
      guard space.populate(from: at, to: next) else {
        // What lies behind is given back all the same.
        at = end
        continue
      }
      seen.store(
        space.withBytes(ByteRange(offset: at, count: next &- at)) { $0.glance },
        ordering: .relaxed)
      at = next
    }
  }
}
