internal import Wire

/// Heads that were read before, by their bytes: clients and servers send the same few again and again,
/// and reading one costs many times what comparing it does.
public struct KnownHeads: Sendable {
  /// Bytes of the longest head that is remembered: what they take together stays small.
  private static let longest = 4096

  private var heads: [FramedHead?]

  /// - Parameter capacity: a power of two; a newer head takes the place of an older one with the same
  ///   hash. 0 remembers none.
  public init(capacity: Int = 0) { heads = Array(repeating: nil, count: capacity) }

  private func place(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash) & (heads.count &- 1)
  }

  /// - Returns: the head that these bytes are.
  func find(_ bytes: borrowing Span<UInt8>) -> FramedHead? {
    guard !heads.isEmpty, bytes.count <= Self.longest,
      let known = heads[place(bytes.contentHash)], known.isSpelled(bytes)
    else { return nil }
    return known
  }

  mutating func remember(_ head: FramedHead) {
    if !heads.isEmpty, head.head.bytes.count <= Self.longest {
      heads[place(head.contentHash)] = head
    }
  }
}
