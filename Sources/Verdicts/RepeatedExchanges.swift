internal import Exchanges
internal import HTTP
internal import Wire

/// What came of exchanges, by their heads and the content of their answers: clients at fault send the same
/// few requests again and again, and the proxy refuses them in the same few words.
///
/// Only of plain exchanges, of whose request the head says all; of answers that are no errors, too.
struct RepeatedExchanges: Sendable {
  private struct Entry: Sendable {
    var request: FramedHead
    var response: FramedHead
    /// Of the answer; `nil` where nothing of it counts.
    var content: [UInt8]?
    var server: Int
    var outcome: Outcome
  }

  /// What came of it.
  struct Outcome: Sendable {
    var verdict: Verdict
    /// Whether it counts as a request that passed.
    var passes: Bool
    var isRefused: Bool
    /// Of its row; `nil` where it got none, because there are enough of its kind.
    var traits: Boxed<JudgedExchange.Traits>?
    /// ``KeyRing/generation``: a key that wasn't known yet may stand anywhere in it.
    var keys: Int
  }

  /// Bytes of the longest content that is remembered: what they take together stays small.
  private static let longest = 4096

  // Boxed: it is asked with every exchange, and would be copied with the answer.
  private var entries: DirectMappedCache<Boxed<Entry>>

  /// - Parameter isEnabled: not in tests that hold what is remembered against what is read.
  init(isEnabled: Bool) { entries = DirectMappedCache(capacity: isEnabled ? 512 : 0) }

  /// - Parameter keys: see ``Outcome/keys``.
  /// - Returns: what came of the same request with the same answer, to the same server.
  func find(
    _ exchange: borrowing PlainExchange, server: Int, keys: Int, in store: CaptureStore
  ) -> Outcome? {
    let request = exchange.request
    let response = exchange.response
    guard let entry = entries[Self.hash(request, response, server)],
      entry.value.server == server, entry.value.request === request,
      entry.value.response === response, entry.value.outcome.keys == keys
    else { return nil }
    guard let content = entry.value.content else { return entry.value.outcome }
    guard content.count == exchange.responseContent.count else { return nil }
    return store.withBytes(exchange.responseContent) { $0.equals(content.span) }
      ? entry.value.outcome : nil
  }

  mutating func remember(
    _ exchange: Exchange, server: Int, _ outcome: Outcome, in store: CaptureStore
  ) {
    guard let request = exchange.request, let response = exchange.response,
      exchange.outcome == .complete, exchange.anomalies.isEmpty,
      exchange.requestAnomalies.isEmpty, request.isSeenWhole, response.isSeenWhole,
      request.framedHead.isShort, response.framedHead.isShort, response.pieces.count <= 1,
      response.bytes <= Self.longest
    else { return }
    let (asked, answered) = (request.framedHead, response.framedHead)
    // Only of errors is the content read: that of others may lie far behind by now.
    let isError = response.head.status.map { $0 >= 400 } ?? true
    let content = isError ? response.pieces.first.map { store.bytes($0.range) } ?? [] : nil
    entries[Self.hash(asked, answered, server)] = Boxed(
      Entry(
        request: asked, response: answered, content: content, server: server, outcome: outcome))
  }

  private static func hash(_ request: FramedHead, _ response: FramedHead, _ server: Int) -> UInt64 {
    request.contentHash ^ response.contentHash &<< 1 ^ UInt64(truncatingIfNeeded: server)
  }
}
