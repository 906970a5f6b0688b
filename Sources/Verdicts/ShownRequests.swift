internal import HTTP
internal import Redaction

/// How a request is shown in a row: secrets taken out, controls escaped, lengths bounded.
struct ShownRequest: Sendable {
  var method: String
  var target: String
  var path: String
  var identity: ClientIdentity
  /// What was sent as a credential.
  var sent: String
}

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

  /// Bytes of the longest head that is remembered: what they take together stays small.
  private static let longest = 4096

  /// A newer one takes the place of an older one with the same hash.
  private var entries = [Entry?](repeating: nil, count: 256)

  private func place(_ head: FramedHead) -> Int {
    Int(truncatingIfNeeded: head.contentHash) & (entries.count - 1)
  }

  /// - Returns: how the request with this very head was shown, when just these keys were known.
  func find(_ head: FramedHead, _ credential: Credential, keys: Int) -> ShownRequest? {
    guard let entry = entries[place(head)], entry.head === head, entry.keys == keys,
      entry.credential.verdict == credential.verdict, entry.credential.header == credential.header,
      entry.credential.others == credential.others, entry.credential.key == credential.key
    else { return nil }
    return entry.shown
  }

  mutating func remember(
    _ head: FramedHead, _ credential: Credential, keys: Int, _ shown: ShownRequest
  ) {
    guard head.head.bytes.count <= Self.longest else { return }
    entries[place(head)] = Entry(head: head, credential: credential, keys: keys, shown: shown)
  }
}
