internal import Crypto
internal import Exchanges
internal import Wire

/// How short contents were shown that were met before: the same few come again and again, and comparing
/// one costs a part of what hashing it does.
struct KnownBodies {
  private final class Entry {
    let content: [UInt8]
    let json: [UInt8]

    init(_ content: [UInt8], _ json: [UInt8]) {
      self.content = content
      self.json = json
    }

    func isOf(_ bytes: borrowing Span<UInt8>) -> Bool {
      let own = content
      return own.span.equals(bytes)
    }
  }

  /// Bytes of the longest content that is remembered: what they take together stays small.
  static let longest = 512

  private var entries = DirectMappedCache<Entry>(capacity: 1024)

  /// - Parameter range: all of the content, which has no coding.
  /// - Returns: see ``ShownBody/json``.
  mutating func json(of message: Message, _ range: ByteRange, in store: CaptureStore) -> [UInt8] {
    // Only of whole ones is the same said each time.
    guard message.bodyState == .complete, message.missing == 0, range.count <= Self.longest,
      range.count == message.bytes
    else { return Self.json(message, store.bytes(range)) }
    let (hash, known) = store.withBytes(range) { bytes in
      let hash = bytes.contentHash
      guard let entry = entries[hash], entry.isOf(bytes) else { return (hash, [UInt8]?.none) }
      return (hash, entry.json)
    }
    if let known { return known }
    let content = store.bytes(range)
    let json = Self.json(message, content)
    entries[hash] = Entry(content, json)
    return json
  }

  private static func json(_ message: Message, _ content: [UInt8]) -> [UInt8] {
    ShownBody.json(
      message, ShownBody.Hashes(ofPlain: SHA256.hash(data: content), bytes: message.bytes))
  }
}
