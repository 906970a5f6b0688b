/// Cuts the text of one key log into lines, in whatever pieces it comes.
struct KeyLogLines: Sendable {
  /// Longest line that is taken for one, in bytes.
  private static let lineLimit = 4096

  /// Lines that aren't of a key log.
  private(set) var badLines = 0
  /// The number of the first of them, from 1.
  private(set) var firstBadLine: Int?

  /// The beginning of a line that isn't whole.
  private var carry: [UInt8] = []
  /// The line is too long: its rest is passed over.
  private var isInLongLine = false
  private var line = 0

  mutating func add(_ text: [UInt8], to log: inout KeyLog) {
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: 0x0A) ?? text.count
      if carry.count &+ (end &- start) > Self.lineLimit {
        isInLongLine = true
        carry.removeAll()
      }
      if !isInLongLine { carry += text[start..<end] }
      if end < text.count { endLine(&log) }
      start = end &+ 1
    }
  }

  /// Says that no more comes: a last line counts without its line feed.
  mutating func finish(_ log: inout KeyLog) {
    if !carry.isEmpty || isInLongLine { endLine(&log) }
  }

  private mutating func endLine(_ log: inout KeyLog) {
    line &+= 1
    if isInLongLine || !log.read(carry[...]) {
      badLines &+= 1
      if firstBadLine == nil { firstBadLine = line }
    }
    carry.removeAll(keepingCapacity: true)
    isInLongLine = false
  }
}
