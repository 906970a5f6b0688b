/// The latest delivered segments of all connections, in one ring: what a segment that comes again
/// is compared with. What has left the ring can't be compared any more, and is counted so.
struct RecentSegments {
  struct Entry {
    var sequence = SequenceNumber(0)
    var range = ByteRange(offset: 0, count: 0)
    var time: Timestamp = .unknown
    var tag: UInt32 = 0
    /// The entry before this one of the same direction; -1 where there is none.
    var previous: Int32 = -1
    var identification: UInt16 = 0
    var connection: Int32 = -1
  }

  private static let capacity = 1 << 15
  /// How far back a look goes: bounds the time that one segment can cost.
  private static let reach = 512

  // Changed from outside, by who holds it while many are added: see ``add(_:to:_:)``.
  var ring = [Entry](repeating: Entry(), count: capacity)
  var count: Int32 = 0

  /// - Returns: the entry's number, to be given as `previous` of the next one.
  mutating func add(_ entry: Entry) -> Int32 {
    let number = Self.next(&count)
    ring[Self.place(number)] = entry
    return number
  }

  /// The same, for who holds what it changes.
  ///
  /// - Parameters:
  ///   - ring: ``ring``.
  ///   - count: ``count``.
  @inline(always)
  static func add(
    _ entry: Entry, to ring: inout MutableSpan<Entry>, _ count: inout Int32
  ) -> Int32 {
    let number = next(&count)
    ring[place(number)] = entry
    return number
  }

  @inline(always)
  private static func place(_ number: Int32) -> Int { Int(number) & (capacity &- 1) }

  @inline(always)
  private static func next(_ count: inout Int32) -> Int32 {
    let number = count
    // The numbers wrap before they would become negative: a stale one is refused by its distance.
    count = number == Int32.max ? Int32(capacity) : number &+ 1
    return number
  }

  /// Calls `body` with each entry that overlaps `length` bytes from `sequence` on, latest first,
  /// until it returns `false`.
  ///
  /// - Returns: whether all of the overlap could be looked at.
  func overlapping(
    _ sequence: SequenceNumber, length: Int, latest: Int32, connection: Int32,
    _ body: (Entry) -> Bool
  ) -> Bool {
    var number = latest
    var steps = 0
    while number >= 0, number < count, count &- number <= Int32(Self.capacity),
      steps < Self.reach
    {
      let entry = ring[Int(number) & (Self.capacity &- 1)]
      guard entry.connection == connection else { return false }
      let ahead = entry.sequence - sequence
      if ahead < length, ahead &+ entry.range.count > 0, !body(entry) { return true }
      if ahead <= 0 { return true }
      number = entry.previous
      steps &+= 1
    }
    return false
  }
}
