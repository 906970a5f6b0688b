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

  /// A newer one takes the place of an older one with the same hash.
  private var entries: [Entry?] = []

  public init() {}

  /// - Returns: what ``ErrorBody/init(_:)`` makes of the bytes.
  mutating func body(_ content: [UInt8]) -> ErrorBody? {
    guard content.count <= Self.longest else { return ErrorBody(content) }
    if entries.isEmpty { entries = Array(repeating: nil, count: 64) }
    let place = Int(truncatingIfNeeded: content.span.contentHash) & (entries.count - 1)
    if let entry = entries[place], entry.content == content { return entry.body }
    let body = ErrorBody(content)
    entries[place] = Entry(content: content, body: body)
    return body
  }
}
