/// An exchange in the making, and until it is given out. In a place of its own: exchanges are large,
/// and this one goes through many hands.
final class OpenExchange {
  var exchange: Exchange
  /// Its place in the order.
  let ticket: Int
  var sightings = 0

  init(_ exchange: Exchange, ticket: Int) {
    self.exchange = exchange
    self.ticket = ticket
  }
}
