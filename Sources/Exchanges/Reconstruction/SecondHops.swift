internal import HTTP
internal import Wire

/// Recognises an exchange that was passed on unchanged to another server address (docker-proxy,
/// NAT, a header-passing proxy) and was seen on both sides.
struct SecondHops {
  /// How many exchanges back the first hop may lie.
  private static let reach = 256

  // Two rings, with the number of each: plain ones stay the few words that they are.
  private var plain: [(exchange: PlainExchange, number: Int)] = []
  private var written: [(exchange: OpenExchange, number: Int)] = []
  private var (oldestPlain, oldestWritten) = (0, 0)
  private var count = 0
  private var servers: Set<Endpoint> = []
  private var latestServer: Endpoint?
  private var hasMany = false

  /// - Parameter exchange: with both its messages.
  /// - Returns: the id of the first hop: another server, identical head, body and answer, and
  ///   around this one in time.
  func original(of exchange: OpenExchange, in store: CaptureStore) -> Int? {
    hasMany ? original(of: exchange.exchange, in: store) : nil
  }

  @inline(__always)
  func original(of exchange: borrowing PlainExchange, in store: CaptureStore) -> Int? {
    hasMany ? original(of: exchange.written, in: store) : nil
  }

  /// Notes a server: where there is one only, nothing was passed on to another.
  mutating func note(_ server: Endpoint) {
    // Nearly always the same one: comparing it costs less than hashing it.
    guard latestServer != server else { return }
    latestServer = server
    servers.insert(server)
    hasMany = servers.count > 1
  }

  @inline(never)
  private func original(of inner: Exchange, in store: CaptureStore) -> Int? {
    // See ``FramedHead/contentHash``; 0 without a request.
    let hash = inner.request?.framedHead.contentHash ?? 0
    let oldest = count &- Self.reach
    var found: (id: Int, number: Int)?
    func look(_ number: Int, _ outer: @autoclosure () -> Exchange) {
      guard number >= oldest, number > found?.number ?? -1 else { return }
      let outer = outer()
      if Self.isPassedOn(outer, inner, in: store) { found = (outer.id, number) }
    }
    // Looked at where they stand: most are no more than a hash that differs.
    for index in plain.indices
    where plain[index].exchange.request.contentHash == hash
      && plain[index].exchange.peers.server != inner.server
    {
      look(plain[index].number, plain[index].exchange.written)
    }
    for index in written.indices
    where written[index].exchange.exchange.request?.framedHead.contentHash ?? 0 == hash
      && written[index].exchange.exchange.server != inner.server
    {
      look(written[index].number, written[index].exchange.exchange)
    }
    return found?.id
  }

  /// Notes one that is no copy of another: a copy is no original of another.
  mutating func remember(_ exchange: OpenExchange) {
    if written.count < Self.reach {
      written.append((exchange, count))
    } else {
      written[oldestWritten] = (exchange, count)
      oldestWritten = (oldestWritten + 1) % Self.reach
    }
    count &+= 1
  }

  /// - Parameter exchange: another one afterwards.
  @inline(__always)
  mutating func remember(_ exchange: inout PlainExchange) {
    if plain.count < Self.reach {
      plain.append((exchange, count))
    } else {
      // Changing places takes less than a copy, and letting the old one go.
      swap(&plain[oldestPlain].exchange, &exchange)
      plain[oldestPlain].number = count
      oldestPlain = (oldestPlain + 1) % Self.reach
    }
    count &+= 1
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
