internal import Glibc
internal import Synchronization

/// What can be done for a walk through mapped files by a thread that has nothing else to do: a little
/// ahead of it, map the pages and bring their bytes into the cache that the cores share, so that it
/// waits for neither; and behind it, give the pages back.
///
/// Nothing depends on how far it has come; the walk waits for it only while a little of it is done.
final class ReadAhead: Sendable {
  /// How far ahead it goes, in bytes: within what a shared cache holds.
  private static let distance = 8 << 20
  private static let step = 512 << 10
  /// How much may wait to be given back, in bytes: then the walk does it itself.
  private static let burden = 12 << 20

  private struct State {
    /// How far it has come.
    var at: Int
    var released = 0
    var releases = 0
    /// Of what was brought into the cache; nobody asks for it.
    var seen: UInt64 = 0
  }

  private let space: AddressSpace
  private let end: Int
  private let walked: Atomic<Int>
  private let releasable = Atomic(0)
  private let state: Mutex<State>

  /// - Parameter range: mapped from beginning to end.
  /// - Returns: `nil` where it wouldn't pay.
  init?(_ space: AddressSpace, _ range: Range<Int>) {
    guard range.count > 4 * Self.distance, sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1 else {
      return nil
    }
    self.space = space
    end = range.upperBound
    walked = Atomic(range.lowerBound)
    state = Mutex(State(at: range.lowerBound))
  }

  /// Tells how far the walk has come.
  func note(walked offset: Int) { walked.store(offset, ordering: .relaxed) }

  /// Hands over the pages before an offset.
  func release(before offset: Int) {
    releasable.store(offset, ordering: .relaxed)
    state.withLock { state in
      if offset &- state.released > Self.burden { giveBack(&state) }
    }
  }

  /// Gives back what lies behind; for who walks, and has to wait.
  ///
  /// - Returns: `false` where there is nothing.
  func giveBack() -> Bool { state.withLock { state in giveBack(&state) } }

  /// Does a little of what there is to do.
  ///
  /// - Returns: `false` where there is nothing.
  func help() -> Bool {
    state.withLock { state in giveBack(&state) || lookAhead(&state) }
  }

  @discardableResult
  private func giveBack(_ state: inout State) -> Bool {
    let behind = releasable.load(ordering: .relaxed)
    guard behind > state.released else { return false }
    state.releases &+= 1
    space.release(before: behind, time: state.releases)
    state.released = behind
    return true
  }

  private func lookAhead(_ state: inout State) -> Bool {
    let now = walked.load(ordering: .relaxed)
    // What the walk has seen itself needs no second look.
    let at = max(state.at, now)
    guard at < end, at < now &+ Self.distance else { return false }
    let next = min(at &+ Self.step, end)
    guard space.populate(from: at, to: next) else {
      // What lies behind is given back all the same.
      state.at = end
      return true
    }
    state.seen ^= space.withBytes(ByteRange(offset: at, count: next &- at)) { $0.glance }
    state.at = next
    return true
  }
}
