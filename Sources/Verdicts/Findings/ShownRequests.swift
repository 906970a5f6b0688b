internal import HTTP
internal import Redaction
internal import Wire

/// How requests were shown, by their heads: the clients that are at fault send the same few again and
/// again, and taking the secrets out of one costs many times what comparing it does.
struct ShownRequests: Sendable {
  private struct Entry: Sendable {
    var head: FramedHead
    var credential: Credential
    /// ``KeyRing/generation``: a key that wasn't known yet may stand anywhere in it.
    var keys: Int
    var shown: ShownRequest
  }

  /// Of heads that differ.
  var values = ShownValues()
  private var entries = DirectMappedCache<Entry>(capacity: 256)

  /// - Parameter expected: the key that clients should use, the same each time.
  mutating func shown(
    _ head: FramedHead, _ credential: Credential, expected: ExpectedKey?,
    _ redactor: inout Redactor
  ) -> ShownRequest {
    let keys = redactor.keys.generation
    if let entry = entries[head.contentHash], entry.head === head, entry.keys == keys,
      entry.credential == credential
    {
      return entry.shown
    }
    let shown = ShownRequest(
      head.head, credential, expected: expected, &values, &redactor)
    // Where a key became known meanwhile, it isn't found again: no generation comes twice.
    if head.isShort {
      entries[head.contentHash] = Entry(
        head: head, credential: credential, keys: keys, shown: shown)
    }
    return shown
  }
}
