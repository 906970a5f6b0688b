internal import Crypto
internal import Exchanges
internal import HTTP
internal import Redaction
internal import Wire

/// How short contents were shown that were met before: the same few come again and again, and comparing
/// one costs a part of what hashing it does.
struct KnownBodies {
  private final class Entry {
    let content: [UInt8]
    let member: [UInt8]

    init(_ content: [UInt8], _ member: [UInt8]) {
      self.content = content
      self.member = member
    }

    func isOf(_ bytes: borrowing Span<UInt8>) -> Bool {
      let own = content
      return own.span.equals(bytes)
    }
  }

  /// Bytes of the longest content that is remembered: what they take together stays small.
  static let longest = 512

  private var entries = DirectMappedCache<Entry>(capacity: 8192)

  /// Writes the member `body` of a message.
  ///
  /// - Returns: what is odd about the content.
  mutating func write(
    _ message: Message, in store: CaptureStore, _ json: inout JSONWriter
  ) -> AnomalySet {
    if message.framedHead.hasContentEncoding || message.pieces.count > 1 {
      return ShownBody.write(message, in: store, &json)
    }
    if let piece = message.pieces.first {
      write(message, piece.range, in: store, &json)
    } else if message.bodyState == .none, message.bytes == 0, message.missing == 0 {
      json.members(#""body":{"state":"none","bytes":0,"missing":0}"#)
    } else {
      ShownBody.write(message, plain: SHA256().finalize(), &json)
    }
    return []
  }

  /// - Parameter range: all of the content, which has no coding.
  private mutating func write(
    _ message: Message, _ range: ByteRange, in store: CaptureStore, _ json: inout JSONWriter
  ) {
    // Only of whole ones is the same said each time.
    guard message.bodyState == .complete, message.missing == 0, range.count <= Self.longest,
      range.count == message.bytes
    else {
      return ShownBody.write(message, plain: SHA256.hash(data: store.bytes(range)), &json)
    }
    let (hash, known) = store.withBytes(range) { bytes in
      let hash = bytes.contentHash
      guard let entry = entries[hash], entry.isOf(bytes) else { return (hash, Entry?.none) }
      return (hash, entry)
    }
    if let known { return json.members(known.member) }
    let content = store.bytes(range)
    var own = JSONWriter(capacity: 280)
    ShownBody.write(message, plain: SHA256.hash(data: content), &own)
    json.members(own.bytes)
    entries[hash] = Entry(content, own.bytes)
  }
}
