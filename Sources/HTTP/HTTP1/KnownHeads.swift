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

  /// - Returns: the head that these bytes are, with the hash of the bytes for ``remember(_:hash:)``.
  func find(_ bytes: borrowing Span<UInt8>) -> (head: FramedHead?, hash: UInt64) {
    guard !heads.isEmpty, bytes.count <= Self.longest else { return (nil, 0) }
    let hash = bytes.contentHash
    guard let known = heads[place(hash)] else { return (nil, hash) }
    let head = known.head
    return (head.bytes.span.equals(bytes) ? known : nil, hash)
  }

  mutating func remember(_ head: FramedHead, hash: UInt64) {
    if !heads.isEmpty, head.head.bytes.count <= Self.longest { heads[place(hash)] = head }
  }
}
