internal import Wire

/// Error bodies that were read before, by their bytes: a proxy that refuses says the same again and
/// again.
public struct KnownErrorBodies: Sendable {
  private struct Entry: Sendable {
    var content: [UInt8]
    var body: ErrorBody?
  }

  /// Bytes of the longest one that is remembered: what they take together stays small.
  private static let longest = 4096

  private var entries: DirectMappedCache<Entry>

  /// - Parameter capacity: a power of two; 0 remembers none.
  public init(capacity: Int = 64) { entries = DirectMappedCache(capacity: capacity) }

  /// - Returns: what ``ErrorBody/init(_:)`` makes of the bytes.
  mutating func body(_ content: [UInt8]) -> ErrorBody? {
    guard content.count <= Self.longest else { return ErrorBody(content) }
    let hash = content.span.contentHash
    if let entry = entries[hash], entry.content == content { return entry.body }
    let body = ErrorBody(content)
    entries[hash] = Entry(content: content, body: body)
    return body
  }
}
