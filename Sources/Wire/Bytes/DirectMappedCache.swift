/// A cache in which a new entry takes the place of an older one with the same hash: never larger than
/// it was made, and asked in one step. Whoever asks compares what is there with what was meant.
public struct DirectMappedCache<Entry> {
  @usableFromInline let capacity: Int
  // Made with the first entry: many a cache is never used.
  @usableFromInline var entries: [Entry?] = []

  /// - Parameter capacity: a power of two; 0 keeps nothing.
  @inlinable
  public init(capacity: Int) { self.capacity = capacity }

  @inlinable
  public subscript(_ hash: UInt64) -> Entry? {
    get { entries.isEmpty ? nil : entries[place(hash)] }
    set {
      guard capacity > 0 else { return }
      if entries.isEmpty { entries = Array(repeating: nil, count: capacity) }
      entries[place(hash)] = newValue
    }
  }

  @inlinable
  func place(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (entries.count &- 1) }
}

extension DirectMappedCache: Sendable where Entry: Sendable {}
