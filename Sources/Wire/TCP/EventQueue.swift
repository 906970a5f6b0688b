/// Events in order, in a place that is filled again and again: nothing is allocated and nothing moved
/// where nearly every segment brings one.
public struct EventQueue: RandomAccessCollection, Sendable {
  // Who appends many does it in place: see ``makeRoom(for:)``.
  var storage: [StreamEvent] = []
  public internal(set) var endIndex = 0

  public var startIndex: Int { 0 }

  @inline(__always)
  public var isEmpty: Bool { endIndex == 0 }

  public subscript(_ index: Int) -> StreamEvent {
    @inline(__always) get {
      precondition(index < endIndex)
      return storage[index]
    }
  }

  @inline(__always)
  mutating func append(_ event: StreamEvent) {
    if endIndex < storage.count { storage[endIndex] = event } else { storage.append(event) }
    endIndex &+= 1
  }

  /// Makes so many places in ``storage``, of which those from ``endIndex`` on are to be written to.
  mutating func makeRoom(for count: Int) {
    while storage.count < count { storage.append(StreamEvent(.data, connection: 0)) }
  }

  /// Takes back what was appended last.
  mutating func truncate(to count: Int) { endIndex = Swift.min(endIndex, count) }

  /// - Parameter capacity: what is kept of the place.
  @inline(__always)
  mutating func removeAll(keepingCapacity capacity: Int = 4096) {
    if storage.count > capacity { storage.removeSubrange(capacity...) }
    endIndex = 0
  }
}
