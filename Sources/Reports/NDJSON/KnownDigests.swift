internal import Crypto
internal import Wire

/// Hashes of short contents that were met before: the same few come again and again, and comparing one
/// costs a part of what hashing it does.
struct KnownDigests {
  private final class Entry {
    let content: [UInt8]
    let sha256: String

    init(_ content: [UInt8], _ sha256: String) {
      self.content = content
      self.sha256 = sha256
    }

    func isOf(_ bytes: borrowing Span<UInt8>) -> Bool {
      let own = content
      return own.span.equals(bytes)
    }
  }

  /// Bytes of the longest content that is remembered: what they take together stays small.
  static let longest = 512

  private var entries = DirectMappedCache<Entry>(capacity: 1024)

  /// - Returns: the SHA-256 of these bytes, in hexadecimal.
  mutating func sha256(of range: ByteRange, in store: CaptureStore) -> String {
    guard range.count <= Self.longest else { return Self.sha256(store.bytes(range)) }
    let (hash, known) = store.withBytes(range) { bytes in
      let hash = bytes.contentHash
      guard let entry = entries[hash], entry.isOf(bytes) else { return (hash, String?.none) }
      return (hash, entry.sha256)
    }
    if let known { return known }
    let content = store.bytes(range)
    let sha256 = Self.sha256(content)
    entries[hash] = Entry(content, sha256)
    return sha256
  }

  private static func sha256(_ content: [UInt8]) -> String {
    ContentDigest.hexadecimal(SHA256.hash(data: content))
  }
}
