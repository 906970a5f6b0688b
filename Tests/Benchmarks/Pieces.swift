/// What one side says, in the pieces in which its program wrote it: each begins a segment of its own.
struct Pieces {
  private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []

  var count: Int { ends.count }

  mutating func append(_ text: String) { bytes += text.utf8 }

  mutating func append(_ more: some Sequence<UInt8>) { bytes += more }

  /// The piece is whole.
  mutating func cut() { ends.append(bytes.count) }

  /// Two pieces of what was one.
  mutating func cut(at place: Int) {
    ends.append(place)
    ends.sort()
  }

  subscript(index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }
}
