internal import HTTP

/// An exchange in the making, and until it is given out. In a place of its own: exchanges are large,
/// and this one goes through many hands.
final class OpenExchange {
  /// A request that came in one segment, from its first byte to its last.
  struct WholeRequest {
    var head: FramedHead
    /// Where the head ends in the client's stream.
    var headEnd: Int
  }

  var exchange: Exchange
  /// Its place in the order.
  let ticket: Int
  let wholeRequest: WholeRequest?
  var sightings = 0

  @inline(__always)
  init(_ exchange: Exchange, ticket: Int, wholeRequest: WholeRequest? = nil) {
    self.exchange = exchange
    self.ticket = ticket
    self.wholeRequest = wholeRequest
  }
}
