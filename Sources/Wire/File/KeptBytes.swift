internal import Synchronization

/// Bytes that stand nowhere in the capture as one run, behind its files in the same space. Both who
/// walks over the wire and who reads the streams keep some.
final class KeptBytes: Sendable {
  private struct State {
    var spool: Spool?
    var releasedTo: Int
  }

  private let space: AddressSpace
  private let start: Int
  private let capacity: Int
  private let state: Mutex<State>

  init(in space: AddressSpace, at start: Int, capacity: Int) {
    self.space = space
    self.start = start
    self.capacity = capacity
    state = Mutex(State(releasedTo: start))
  }

  /// - Returns: `nil` where there is no room left for them.
  func keep(_ bytes: [UInt8]) -> ByteRange? {
    state.withLock { state in
      if state.spool == nil {
        state.spool = try? Spool(in: space, at: start, capacity: capacity, for: "kept bytes")
      }
      guard let spool = state.spool, spool.append(bytes[...]) else { return nil }
      let end = start &+ spool.count
      let (slack, step) = (CaptureStore.releaseSlack, CaptureStore.releaseStep)
      if end &- state.releasedTo >= step &+ slack {
        space.release(from: state.releasedTo, to: end &- slack)
        state.releasedTo = end &- slack
      }
      return ByteRange(offset: end &- bytes.count, count: bytes.count)
    }
  }
}
