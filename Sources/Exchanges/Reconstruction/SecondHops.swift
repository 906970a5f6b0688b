internal import HTTP
internal import Wire

/// Recognises an exchange that was passed on unchanged to another server address (docker-proxy,
/// NAT, a header-passing proxy) and was seen on both sides.
struct SecondHops {
  /// How many exchanges back the first hop may lie.
  private static let reach = 256

  /// What is compared of a message: whole exchanges would cost more to keep than to look at.
  private struct Side {
    var head: [UInt8]
    var pieces: [Message.Piece]
    var bytes: Int
    var time: Timestamp
    var end: Timestamp

    init(_ message: Message) {
      head = message.head.bytes
      pieces = message.pieces
      bytes = message.bytes
      time = message.time
      end = message.end
    }
  }

  private struct Hop {
    var id: Int
    var server: Endpoint
    var asked: Side
    var answered: Side
  }

  private var recent: [Hop] = []
  private var oldest = 0
  private var servers: Set<Endpoint> = []

  /// - Returns: the id of the first hop: another server, identical head, body and answer, and
  ///   around this one in time.
  mutating func original(of exchange: Exchange, in store: CaptureStore) -> Int? {
    guard let request = exchange.request, let response = exchange.response else { return nil }
    servers.insert(exchange.server)
    let hop = Hop(
      id: exchange.id, server: exchange.server, asked: Side(request), answered: Side(response))
    guard servers.count > 1 else {
      remember(hop)
      return nil
    }
    let match = recent.last { first in
      first.server != hop.server && Self.isPassedOn(first, hop, in: store)
    }
    // A copy is no original of another.
    if match == nil { remember(hop) }
    return match?.id
  }

  private mutating func remember(_ hop: Hop) {
    if recent.count < Self.reach {
      recent.append(hop)
    } else {
      recent[oldest] = hop
      oldest = (oldest + 1) % Self.reach
    }
  }

  private static func isPassedOn(
    _ outer: Hop, _ inner: Hop, in store: CaptureStore
  ) -> Bool {
    guard outer.asked.bytes == inner.asked.bytes, outer.answered.bytes == inner.answered.bytes,
      let before = inner.asked.time.nanoseconds(since: outer.asked.time), before >= 0,
      let after = outer.answered.end.nanoseconds(since: inner.answered.end), after >= 0,
      outer.asked.head == inner.asked.head, outer.answered.head == inner.answered.head
    else { return false }
    return sameContent(outer.asked, inner.asked, in: store)
      && sameContent(outer.answered, inner.answered, in: store)
  }

  private static func sameContent(
    _ left: Side, _ right: Side, in store: CaptureStore
  ) -> Bool {
    left.pieces.flatMap { store.bytes($0.range) } == right.pieces.flatMap { store.bytes($0.range) }
  }
}
