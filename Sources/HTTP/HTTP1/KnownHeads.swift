internal import Wire

/// Heads that were read before, by their bytes: clients and servers send the same few again and again,
/// and reading one costs many times what comparing it does.
public struct KnownHeads: Sendable {
  private var heads: DirectMappedCache<FramedHead>
  /// By the ``Span/sketch`` of a segment that began with it.
  private var beginnings: DirectMappedCache<FramedHead>
  private let isEnabled: Bool

  /// - Parameter capacity: a power of two; 0 remembers none.
  public init(capacity: Int = 0) {
    heads = DirectMappedCache(capacity: capacity)
    beginnings = DirectMappedCache(capacity: capacity)
    isEnabled = capacity > 0
  }

  /// - Returns: the head that these bytes are.
  func find(_ bytes: borrowing Span<UInt8>) -> FramedHead? {
    guard isEnabled, bytes.count <= FramedHead.longestShort,
      let known = heads[bytes.contentHash], known.isSpelled(bytes)
    else { return nil }
    return known
  }

  /// - Parameter sketch: of the segment.
  /// - Returns: the head that this segment begins with, where one began with it that looked the same.
  func find(beginning segment: borrowing Span<UInt8>, _ sketch: UInt64) -> FramedHead? {
    guard isEnabled, let known = beginnings[sketch],
      known.count <= segment.count, known.isSpelled(segment.extracting(0..<known.count))
    else { return nil }
    return known
  }

  mutating func remember(_ head: FramedHead, beginning sketch: UInt64) {
    if head.isShort { beginnings[sketch] = head }
  }

  mutating func remember(_ head: FramedHead) {
    if head.isShort { heads[head.contentHash] = head }
  }
}
