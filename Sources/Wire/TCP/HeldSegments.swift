/// A segment that can't be delivered yet: bytes before it are missing, or what it acknowledges
/// hasn't been seen.
struct HeldSegment {
  var sequence: SequenceNumber
  var acknowledgment: SequenceNumber
  var hasAcknowledgment: Bool
  var range: ByteRange
  var missing: Int
  var frame: Int32
  var time: Timestamp
  var identification: UInt16
  var tag: UInt32
  var next: Int32 = -1

  var length: Int { range.count &+ missing }
  var end: SequenceNumber { sequence + length }
}

/// The held segments of all connections: linked lists in one flat array.
struct HeldSegments {
  private var storage: [HeldSegment] = []
  private var free: Int32 = -1
  private(set) var count = 0

  subscript(_ index: Int32) -> HeldSegment {
    get { storage[Int(index)] }
    set { storage[Int(index)] = newValue }
  }

  mutating func add(_ segment: HeldSegment) -> Int32 {
    count &+= 1
    guard free >= 0 else {
      storage.append(segment)
      return Int32(truncatingIfNeeded: storage.count &- 1)
    }
    let index = free
    free = storage[Int(index)].next
    storage[Int(index)] = segment
    return index
  }

  mutating func remove(_ index: Int32) {
    count &-= 1
    storage[Int(index)].next = free
    free = index
  }
}
