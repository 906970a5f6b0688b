internal import Exchanges

/// An exchange that several keep: for one that looks back at earlier ones, without what was read of it.
final class KeptExchange {
  let exchange: Exchange

  init(_ exchange: Exchange) { self.exchange = exchange }
}
