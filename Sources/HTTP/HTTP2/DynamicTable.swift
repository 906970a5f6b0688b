/// The table that a connection's sender fills (RFC 7541, 2.3.2), as far as it was seen.
///
/// Its youngest entries are those that are known. Behind them may stand others, of before the
/// capture or inside a hole: an index that falls among those is answered by "unseen".
struct DynamicTable: Sendable {
  enum Entry: Sendable {
    /// Where name and value stand in ``DynamicTable/bytes``.
    case known(FieldSection.Field)
    case unseen
    case absent
  }

  /// How much of a table is kept, whatever its sender may fill: as RFC 7541, 4.1 counts it.
  static let bound = 64 << 10
  /// What an entry takes beside its bytes.
  private static let overhead = 32

  private(set) var bytes: [UInt8] = []
  /// The oldest first. Those before `oldest` are gone.
  private var entries: [FieldSection.Field] = []
  private var oldest = 0
  private var size = 0
  /// The size that the sender keeps to; `Int.max` where that isn't known.
  private var capacity: Int
  /// Whether entries may stand behind the known ones.
  private(set) var hasUnseen: Bool

  /// - Parameter isMidstream: whether it was filled before anything of it was seen.
  init(capacity: Int, isMidstream: Bool) {
    self.capacity = isMidstream ? .max : max(0, capacity)
    hasUnseen = isMidstream
  }

  /// Something was done to the table that wasn't seen.
  mutating func forget() {
    clear()
    capacity = .max
    hasUnseen = true
  }

  private mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    oldest = 0
    size = 0
  }

  mutating func setCapacity(_ new: Int) {
    capacity = new
    evict(downTo: min(capacity, Self.bound))
    settle()
  }

  /// - Parameter index: from 0, the youngest first.
  subscript(index: Int) -> Entry {
    let place = entries.count &- 1 &- index
    if index >= 0, place >= oldest { return .known(entries[place]) }
    return hasUnseen && index < capacity / Self.overhead ? .unseen : .absent
  }

  /// Adds a field of a section as the youngest entry.
  mutating func insert(_ field: FieldSection.Field, of section: FieldSection) {
    let needed = Self.overhead &+ field.name.count &+ field.value.count
    let limit = min(capacity, Self.bound)
    evict(downTo: limit &- needed)
    guard needed <= limit else {
      // RFC 7541, 4.4: an entry that has no room empties the table.
      hasUnseen = needed <= capacity
      return
    }
    compact()
    let start = Int32(bytes.count)
    bytes += section.name(of: field)
    let middle = Int32(bytes.count)
    bytes += section.value(of: field)
    entries.append(
      FieldSection.Field(
        name: start..<middle, value: middle..<Int32(bytes.count),
        isNameUnknown: field.isNameUnknown, isValueUnknown: field.isValueUnknown))
    size &+= needed
    settle()
  }

  private mutating func evict(downTo room: Int) {
    guard size > room else { return }
    while size > room, oldest < entries.count {
      let entry = entries[oldest]
      size &-= Self.overhead &+ entry.name.count &+ entry.value.count
      oldest &+= 1
    }
    // Our own bound took them, not the sender's.
    if capacity > Self.bound { hasUnseen = true }
    if oldest == entries.count { clear() }
  }

  /// Where the known entries fill the table, no other has room.
  private mutating func settle() {
    if size > capacity &- Self.overhead { hasUnseen = false }
  }

  /// Frees the room of entries that are gone, now and then.
  private mutating func compact() {
    guard oldest > 0, oldest < entries.count else { return }
    let dead = Int(entries[oldest].name.lowerBound)
    let live = bytes.count &- dead
    guard dead > max(live, 4096) || oldest > max(entries.count &- oldest, 64) else { return }
    bytes.removeFirst(dead)
    entries.removeFirst(oldest)
    oldest = 0
    let shift = Int32(dead)
    for index in entries.indices {
      let (name, value) = (entries[index].name, entries[index].value)
      entries[index].name = (name.lowerBound &- shift)..<(name.upperBound &- shift)
      entries[index].value = (value.lowerBound &- shift)..<(value.upperBound &- shift)
    }
  }
}
