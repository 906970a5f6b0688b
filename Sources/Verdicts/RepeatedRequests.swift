internal import Exchanges
internal import HTTP
internal import Redaction
internal import Wire

/// What was said of requests, by their heads: clients send the same few again and again, and what is said
/// of a request's credential depends on its head, and on the ``Circumstances``, where no rule asks more.
struct RepeatedRequests: Sendable {
  /// What else it depends on.
  struct Circumstances: Equatable, Sendable {
    var server: Int
    /// How the request is read: ``Exchange/requestAnomalies``.
    var anomalies = AnomalySet()
    /// Whether LiteLLM itself refused it for its key: then its route is none of the public ones.
    var isRefused = false
  }

  // In a place of its own: it is asked with every request, and would be copied with the answer.
  final class Entry: Sendable {
    let head: FramedHead
    let circumstances: Circumstances
    let credential: Credential
    let judged: JudgedCredential
    /// ``KeyRing/generation`` when it was judged.
    let keys: Int

    init(
      _ head: FramedHead, _ circumstances: Circumstances, _ credential: Credential,
      _ judged: JudgedCredential, keys: Int
    ) {
      self.head = head
      self.circumstances = circumstances
      self.credential = credential
      self.judged = judged
      self.keys = keys
    }
  }

  private var entries: DirectMappedCache<Entry>

  /// - Parameter isEnabled: not in tests that hold what is remembered against what is read.
  init(isEnabled: Bool) { entries = DirectMappedCache(capacity: isEnabled ? 512 : 0) }

  /// - Returns: what was said of a request with the same head, to the same server, read the same way.
  func find(_ head: FramedHead, _ circumstances: Circumstances) -> Entry? {
    guard let entry = entries[Self.hash(head, circumstances)],
      entry.circumstances == circumstances,
      entry.head === head || entry.head.isSpelled(as: head)
    else { return nil }
    return entry
  }

  mutating func remember(_ entry: Entry) {
    // One of HTTP/2 isn't known by its bytes.
    guard entry.head.head.isComplete, !entry.head.head.isHTTP2, entry.head.isShort else { return }
    entries[Self.hash(entry.head, entry.circumstances)] = entry
  }

  private static func hash(_ head: FramedHead, _ circumstances: Circumstances) -> UInt64 {
    let circumstance = circumstances.server &<< 1 | (circumstances.isRefused ? 1 : 0)
    return head.contentHash ^ UInt64(truncatingIfNeeded: circumstance)
  }
}

extension Message {
  /// Whether all that the head says was seen, and once.
  var isSeenWhole: Bool {
    headState == .complete && headDoubt == nil && head.isComplete && !head.isHTTP2
  }
}
