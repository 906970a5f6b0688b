internal import Crypto
internal import Wire

/// Hashes of short contents that were met before: the same few come again and again, and comparing one
/// costs a part of what hashing it does.
struct KnownDigests {
  private final class Entry {
    let content: [UInt8]
    let members: [UInt8]

    init(_ content: [UInt8], _ members: [UInt8]) {
      self.content = content
      self.members = members
    }

    func isOf(_ bytes: borrowing Span<UInt8>) -> Bool {
      let own = content
      return own.span.equals(bytes)
    }
  }

  /// Bytes of the longest content that is remembered: what they take together stays small.
  static let longest = 512

  private var entries = DirectMappedCache<Entry>(capacity: 1024)

  /// - Returns: what a record says of these bytes as a content without a coding, as
  ///   ``ContentDigest/members``.
  mutating func members(of range: ByteRange, in store: CaptureStore) -> [UInt8] {
    guard range.count <= Self.longest else { return Self.members(of: store.bytes(range)) }
    let (hash, known) = store.withBytes(range) { bytes in
      let hash = bytes.contentHash
      guard let entry = entries[hash], entry.isOf(bytes) else { return (hash, [UInt8]?.none) }
      return (hash, entry.members)
    }
    if let known { return known }
    let content = store.bytes(range)
    let members = Self.members(of: content)
    entries[hash] = Entry(content, members)
    return members
  }

  private static func members(of content: [UInt8]) -> [UInt8] {
    ContentDigest.members(ofPlain: SHA256.hash(data: content), bytes: content.count)
  }
}
