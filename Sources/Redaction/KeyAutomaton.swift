/// Finds many byte strings in one pass (Aho and Corasick, 1975): the time is that of the text,
/// whatever the keys are.
struct KeyAutomaton: Sendable {
  /// One byte string to be found.
  struct Pattern: Sendable {
    var bytes: [UInt8]
    /// Whose form this is: an index into the ring's entries.
    var entry: Int
    /// Base64 characters before and after a match that hold bits of the key too.
    var lead: Int
    var trail: Int
    /// Found only where no letter or digit stands beside it.
    var isWholeWord: Bool
  }

  let patterns: [Pattern]
  /// Bytes of all patterns together.
  let byteCount: Int

  /// Transitions from the root, for every byte: nearly all text stays here.
  private var root = [Int32](repeating: 0, count: 256)
  /// Transitions from the other nodes: an open-addressing table of `node << 8 | byte`, plus one.
  private var slots: [UInt64]
  private var targets: [Int32]
  private let mask: Int
  private var fallback: [Int32] = [0]
  /// The pattern that ends at a node, or -1.
  private var ending: [Int32] = [-1]
  /// The nearest node on the way of fallbacks where a pattern ends, or 0.
  private var nextEnding: [Int32] = [0]

  init(_ patterns: [Pattern]) {
    self.patterns = patterns
    let total = patterns.reduce(0) { $0 &+ $1.bytes.count }
    byteCount = total
    var size = 16
    while size < total &* 2 { size &*= 2 }
    slots = [UInt64](repeating: 0, count: size)
    targets = [Int32](repeating: 0, count: size)
    mask = size - 1
    var parents: [Int32] = [0]
    var letters: [UInt8] = [0]
    var depths: [Int] = [0]
    for (number, pattern) in patterns.enumerated() {
      var node: Int32 = 0
      for (offset, byte) in pattern.bytes.enumerated() {
        var next = target(node, byte)
        if next == 0 {
          next = Int32(truncatingIfNeeded: parents.count)
          parents.append(node)
          letters.append(byte)
          depths.append(offset + 1)
          ending.append(-1)
          setTarget(node, byte, next)
        }
        node = next
      }
      if node != 0, ending[Int(node)] < 0 { ending[Int(node)] = Int32(truncatingIfNeeded: number) }
    }
    fallback = [Int32](repeating: 0, count: parents.count)
    nextEnding = fallback
    // A node's fallback is shallower than the node, so the shallow ones come first.
    for node in Self.byDepth(depths) where node != 0 {
      let parent = parents[node]
      let found = parent == 0 ? 0 : step(fallback[Int(parent)], letters[node])
      fallback[node] = found
      nextEnding[node] = ending[Int(found)] >= 0 ? found : nextEnding[Int(found)]
    }
  }

  /// The places of the patterns in `bytes`; overlapping ones of one entry are one place.
  func matches(in bytes: [UInt8]) -> [(range: Range<Int>, entry: Int)] {
    var found: [(range: Range<Int>, entry: Int)] = []
    var state: Int32 = 0
    var index = 0
    let count = bytes.count
    while index < count {
      state = step(state, bytes[index])
      index += 1
      if state == 0 { continue }
      var node = ending[Int(state)] >= 0 ? state : nextEnding[Int(state)]
      // Only the few lengths of whole words can be passed over: the walk is short.
      while node != 0 {
        let pattern = patterns[Int(ending[Int(node)])]
        if let range = place(of: pattern, endingAt: index, in: bytes) {
          if let last = found.last, last.entry == pattern.entry,
            range.lowerBound < last.range.upperBound
          {
            found[found.count - 1].range =
              min(
                last.range.lowerBound, range.lowerBound)..<max(
                last.range.upperBound, range.upperBound)
          } else {
            found.append((range, pattern.entry))
          }
          break
        }
        node = nextEnding[Int(node)]
      }
    }
    return found
  }

  private func place(
    of pattern: Pattern, endingAt end: Int, in bytes: [UInt8]
  ) -> Range<Int>? {
    var lower = end - pattern.bytes.count
    var upper = end
    if pattern.isWholeWord {
      if lower > 0, Bytes.isAlphanumeric(bytes[lower - 1]) { return nil }
      if upper < bytes.count, Bytes.isAlphanumeric(bytes[upper]) { return nil }
    }
    if pattern.lead > 0, lower > 0, Base64.value(of: bytes[lower - 1]) != nil { lower -= 1 }
    if pattern.trail > 0, upper < bytes.count, Base64.value(of: bytes[upper]) != nil { upper += 1 }
    return lower..<upper
  }

  private func step(_ from: Int32, _ byte: UInt8) -> Int32 {
    var node = from
    while node != 0 {
      let next = target(node, byte)
      if next != 0 { return next }
      node = fallback[Int(node)]
    }
    return root[Int(byte)]
  }

  private func target(_ node: Int32, _ byte: UInt8) -> Int32 {
    if node == 0 { return root[Int(byte)] }
    let key = Self.key(node, byte)
    var slot = Self.hash(key) & mask
    while slots[slot] != 0 {
      if slots[slot] == key { return targets[slot] }
      slot = (slot + 1) & mask
    }
    return 0
  }

  private mutating func setTarget(_ node: Int32, _ byte: UInt8, _ next: Int32) {
    if node == 0 {
      root[Int(byte)] = next
      return
    }
    let key = Self.key(node, byte)
    var slot = Self.hash(key) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = key
    targets[slot] = next
  }

  private static func key(_ node: Int32, _ byte: UInt8) -> UInt64 {
    (UInt64(UInt32(bitPattern: node)) << 8 | UInt64(byte)) &+ 1
  }

  private static func hash(_ key: UInt64) -> Int {
    var mixed = key &* 0x9E37_79B9_7F4A_7C15
    mixed ^= mixed >> 32
    mixed = mixed &* 0xD6E8_FEB8_6659_FD93
    mixed ^= mixed >> 29
    return Int(truncatingIfNeeded: mixed)
  }

  /// The nodes, shallow ones first.
  private static func byDepth(_ depths: [Int]) -> [Int] {
    var starts = [Int](repeating: 0, count: (depths.max() ?? 0) + 2)
    for depth in depths { starts[depth + 1] += 1 }
    for depth in 1..<starts.count { starts[depth] += starts[depth - 1] }
    var order = [Int](repeating: 0, count: depths.count)
    for (node, depth) in depths.enumerated() {
      order[starts[depth]] = node
      starts[depth] += 1
    }
    return order
  }
}
