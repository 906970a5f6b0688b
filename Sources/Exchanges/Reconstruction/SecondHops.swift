internal import HTTP
internal import Wire

/// Recognises an exchange that was passed on unchanged to another server address (docker-proxy,
/// NAT, a header-passing proxy) and was seen on both sides.
struct SecondHops {
  /// How many exchanges back the first hop may lie.
  private static let reach = 256

  private var recent: [Exchange] = []
  private var oldest = 0
  private var servers: Set<Endpoint> = []

  /// - Returns: the id of the first hop: another server, identical head, body and answer, and
  ///   around this one in time.
  mutating func original(of exchange: Exchange, in store: CaptureStore) -> Int? {
    guard exchange.request != nil, exchange.response != nil else { return nil }
    servers.insert(exchange.server)
    defer { remember(exchange) }
    guard servers.count > 1 else { return nil }
    let match = recent.last { first in
      first.copyOf == nil && first.server != exchange.server
        && Self.isPassedOn(first, exchange, in: store)
    }
    return match?.id
  }

  private mutating func remember(_ exchange: Exchange) {
    if recent.count < Self.reach {
      recent.append(exchange)
    } else {
      recent[oldest] = exchange
      oldest = (oldest + 1) % Self.reach
    }
  }

  private static func isPassedOn(
    _ outer: Exchange, _ inner: Exchange, in store: CaptureStore
  ) -> Bool {
    guard let asked = outer.request, let answered = outer.response,
      let askedAgain = inner.request, let answeredAgain = inner.response,
      asked.bytes == askedAgain.bytes, answered.bytes == answeredAgain.bytes,
      let before = askedAgain.time.nanoseconds(since: asked.time), before >= 0,
      let after = answered.end.nanoseconds(since: answeredAgain.end), after >= 0,
      asked.head.bytes == askedAgain.head.bytes,
      answered.head.bytes == answeredAgain.head.bytes
    else { return false }
    return sameContent(asked, askedAgain, in: store)
      && sameContent(answered, answeredAgain, in: store)
  }

  private static func sameContent(
    _ left: Message, _ right: Message, in store: CaptureStore
  ) -> Bool {
    left.pieces.flatMap { store.bytes($0.range) } == right.pieces.flatMap { store.bytes($0.range) }
  }
}
