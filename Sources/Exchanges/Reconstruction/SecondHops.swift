internal import HTTP
internal import Wire

/// Recognises an exchange that was passed on unchanged to another server address (docker-proxy,
/// NAT, a header-passing proxy) and was seen on both sides.
struct SecondHops {
  /// How many exchanges back the first hop may lie.
  private static let reach = 256

  private var recent: [OpenExchange] = []
  private var oldest = 0
  private var servers: Set<Endpoint> = []
  private var latestServer: Endpoint?

  /// - Parameter entry: with both its messages.
  /// - Returns: the id of the first hop: another server, identical head, body and answer, and
  ///   around this one in time.
  mutating func original(of entry: OpenExchange, in store: CaptureStore) -> Int? {
    // Nearly always the same one: comparing it costs less than hashing it.
    let server = entry.server
    if latestServer != server {
      latestServer = server
      servers.insert(server)
    }
    guard servers.count > 1 else {
      remember(entry)
      return nil
    }
    let hash = entry.requestHash
    let match = recent.last { first in
      first.requestHash == hash && first.server != server
        && Self.isPassedOn(first.exchange, entry.exchange, in: store)
    }
    // A copy is no original of another.
    if match == nil { remember(entry) }
    return match?.exchange.id
  }

  private mutating func remember(_ entry: OpenExchange) {
    if recent.count < Self.reach {
      recent.append(entry)
    } else {
      recent[oldest] = entry
      oldest = (oldest + 1) % Self.reach
    }
  }

  private static func isPassedOn(
    _ outer: Exchange, _ inner: Exchange, in store: CaptureStore
  ) -> Bool {
    guard let outerRequest = outer.request, let innerRequest = inner.request,
      outerRequest.bytes == innerRequest.bytes,
      let outerResponse = outer.response, let innerResponse = inner.response,
      outerResponse.bytes == innerResponse.bytes,
      let before = innerRequest.time.nanoseconds(since: outerRequest.time), before >= 0,
      let after = outerResponse.end.nanoseconds(since: innerResponse.end), after >= 0,
      outerRequest.head.bytes == innerRequest.head.bytes,
      outerResponse.head.bytes == innerResponse.head.bytes
    else { return false }
    return sameContent(outerRequest, innerRequest, in: store)
      && sameContent(outerResponse, innerResponse, in: store)
  }

  private static func sameContent(
    _ left: Message, _ right: Message, in store: CaptureStore
  ) -> Bool {
    left.pieces.flatMap { store.bytes($0.range) } == right.pieces.flatMap { store.bytes($0.range) }
  }
}
