internal import Wire

/// Bytes of a direction that wait for the rest of their record.
struct Carry: Sendable {
  private(set) var bytes: [UInt8] = []
  /// Where in `bytes` those that wait begin.
  private(set) var start = 0

  var count: Int { bytes.count &- start }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ more: borrowing Span<UInt8>) { more.append(to: &bytes) }

  mutating func drop(_ count: Int) {
    start &+= count
    if start >= bytes.count {
      bytes.removeAll(keepingCapacity: true)
      start = 0
    } else if start > 1 << 15 {
      bytes.removeFirst(start)
      start = 0
    }
  }

  mutating func removeAll() {
    bytes.removeAll()
    start = 0
  }

  /// The header at an offset, if its five bytes are there and a record can begin so.
  func header(at offset: Int = 0) -> RecordHeader? {
    guard count &- offset >= RecordHeader.length else { return nil }
    return RecordHeader(bytes.span, at: start &+ offset)
  }

  /// Makes room for a record of so many bytes.
  mutating func reserve(_ length: Int) { bytes.reserveCapacity(start &+ length) }

  /// Takes the first bytes out.
  mutating func take(_ length: Int) -> [UInt8] {
    if start == 0, bytes.count == length {
      var taken: [UInt8] = []
      swap(&taken, &bytes)
      return taken
    }
    defer { drop(length) }
    return Array(bytes[start..<(start &+ length)])
  }
}
