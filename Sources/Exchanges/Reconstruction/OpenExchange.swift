/// An exchange in the making, and until it is given out: in a place of its own, since exchanges are large.
final class OpenExchange {
  /// Its place in the order.
  let ticket: Int
  var exchange: Exchange
  var sightings = 0

  init(_ exchange: Exchange, ticket: Int) {
    self.exchange = exchange
    self.ticket = ticket
  }
}
