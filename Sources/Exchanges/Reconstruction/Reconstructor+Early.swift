internal import Wire

// Exchanges are given out in the order of their first byte, however they end: one that takes long
// keeps all that began behind it. Who looks on while a capture is written is told before.

/// What happened since the sink was last told.
struct EarlyNews {
  /// Heads of requests were read.
  var asked: [Exchange] = []
  /// Answers of events have begun.
  var streams: [(exchange: Exchange, status: Int)] = []
  /// Exchanges are over.
  var ended: [OpenExchange] = []
  /// The tickets of those that were told and still wait for their turn.
  var told: Set<Int> = []

  var hasBegun: Bool { !asked.isEmpty || !streams.isEmpty }
}

extension Reconstructor {
  mutating func tellBegun<Sink: ExchangeSink>(to sink: inout Sink) {
    for exchange in early.asked { sink.asked(exchange, in: wire.store) }
    for (exchange, status) in early.streams { sink.streams(exchange, status: status) }
    early.asked.removeAll()
    early.streams.removeAll()
  }

  /// What was given out meanwhile needs no second word.
  mutating func tellEnded<Sink: ExchangeSink>(to sink: inout Sink) {
    for entry in early.ended where queue.holds(entry.ticket) {
      sink.ended(entry.exchange, in: wire.store)
      early.told.insert(entry.ticket)
    }
    early.ended.removeAll(keepingCapacity: true)
  }
}
