internal import Exchanges
internal import HTTP
internal import Wire

/// What was said of requests that passed, by their heads: clients send the same few again and again,
/// and nothing but the head says whether a request passes.
struct RepeatedRequests: Sendable {
  private struct Entry: Sendable {
    var head: FramedHead
    var server: Int
    var anomalies: AnomalySet
    var judged: JudgedCredential
  }

  private var entries = DirectMappedCache<Entry>(capacity: 512)

  /// - Returns: what was said of a request with the same head to the same server, read the same way.
  func find(_ request: Message, _ anomalies: AnomalySet, server: Int) -> JudgedCredential? {
    guard Self.isPlain(request), let entry = entries[request.framedHead.contentHash],
      entry.server == server, entry.anomalies == anomalies,
      entry.head === request.framedHead || entry.head.head.bytes == request.head.bytes
    else { return nil }
    return entry.judged
  }

  mutating func remember(
    _ request: Message, _ anomalies: AnomalySet, server: Int, _ judged: JudgedCredential
  ) {
    guard Self.isPlain(request) else { return }
    entries[request.framedHead.contentHash] = Entry(
      head: request.framedHead, server: server, anomalies: anomalies, judged: judged)
  }

  /// Whether all that the head says was seen. One of HTTP/2 isn't known by its bytes.
  private static func isPlain(_ request: Message) -> Bool {
    request.headState == .complete && request.headDoubt == nil && request.head.isComplete
      && !request.head.isHTTP2 && request.framedHead.isShort
  }
}
