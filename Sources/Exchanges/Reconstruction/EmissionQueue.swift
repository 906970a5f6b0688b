internal import DequeModule
internal import Wire

/// Brings exchanges into the order of their first byte, however they end.
///
/// A place is taken when a message begins, and given back when it turns out to be the answer to
/// an earlier one.
struct EmissionQueue {
  private struct Place {
    var frame: Int32
    var offset: Int
    var ticket: Int
    var isFree = false
    var isReady = false
  }

  private var places = Deque<Place>()
  /// By ticket, from ``firstTicket`` on: where its place stands, and whether it is still there. With
  /// packets missing, thousands wait, and most are found nowhere near the end.
  private var keys = Deque<Key>()
  private var firstTicket = 0

  private struct Key {
    var frame: Int32
    var offset: Int
    var isGone = false
    /// The exchange, once it is over: not with its place, which is looked at with every segment and
    /// would be copied with it.
    var exchange: ExchangeSpool.Place?
  }

  private var exchanges = ExchangeSpool()
  private var nextTicket = 0

  /// - Returns: a ticket for ``put(_:at:)`` or ``release(_:)``.
  mutating func reserve(frame: Int32, offset: Int) -> Int {
    let ticket = nextTicket
    nextTicket &+= 1
    let place = Place(frame: frame, offset: offset, ticket: ticket)
    keys.append(Key(frame: frame, offset: offset))
    // Nearly always the last: only what was held back comes from earlier frames.
    if let last = places.last, (last.frame, last.offset) > (frame, offset) {
      places.insert(place, at: firstIndex(behind: frame, offset, ticket))
    } else {
      places.append(place)
    }
    return ticket
  }

  mutating func put(_ entry: OpenExchange) {
    guard let index = find(entry.ticket) else { return }
    places[index].isReady = true
    keys[entry.ticket &- firstTicket].exchange = exchanges.keep(entry)
  }

  mutating func release(_ ticket: Int) {
    guard let index = find(ticket) else { return }
    if index == places.endIndex - 1 {
      places.removeLast()
      forget(ticket)
    } else {
      places[index].isFree = true
    }
  }

  /// The next exchange in order, if nothing from before it can still come.
  ///
  /// - Parameter barrier: the lowest frame that is still held back.
  mutating func next(before barrier: Int32) -> OpenExchange? {
    while let first = places.first {
      if first.isFree {
        places.removeFirst()
        forget(first.ticket)
      } else if first.isReady, first.frame < barrier {
        places.removeFirst()
        let place = keys[first.ticket &- firstTicket].exchange.take()
        forget(first.ticket)
        return place.flatMap { exchanges.take($0, ticket: first.ticket) }
      } else {
        return nil
      }
    }
    return nil
  }

  /// Lets go of all places whose exchange won't come any more: they would keep those behind them.
  ///
  /// - Returns: how many there were.
  mutating func releaseUnfinished() -> Int {
    var count = 0
    for index in places.indices where !places[index].isReady && !places[index].isFree {
      places[index].isFree = true
      count &+= 1
    }
    return count
  }

  /// Whether an exchange that is over waits for its turn.
  func holds(_ ticket: Int) -> Bool {
    let number = ticket &- firstTicket
    return keys.indices.contains(number) && keys[number].exchange != nil
  }

  var hasReadyFirst: Bool { places.first.map { $0.isFree || $0.isReady } ?? false }

  private func find(_ ticket: Int) -> Int? {
    if let last = places.last, last.ticket == ticket { return places.endIndex &- 1 }
    // Nearly always they stand in the order of their tickets, and none is gone from between.
    let near = ticket &- (places.first?.ticket ?? 0)
    if near >= 0, near < places.count, places[near].ticket == ticket { return near }
    let number = ticket &- firstTicket
    guard keys.indices.contains(number), !keys[number].isGone else { return nil }
    let index = firstIndex(behind: keys[number].frame, keys[number].offset, ticket &- 1)
    return index < places.endIndex && places[index].ticket == ticket ? index : nil
  }

  /// Places are in order of the first byte, and of tickets where that is the same.
  private func firstIndex(behind frame: Int32, _ offset: Int, _ ticket: Int) -> Int {
    var low = places.startIndex
    var high = places.endIndex
    while low < high {
      let middle = (low &+ high) / 2
      let place = places[middle]
      if (place.frame, place.offset, place.ticket) <= (frame, offset, ticket) {
        low = middle &+ 1
      } else {
        high = middle
      }
    }
    return low
  }

  private mutating func forget(_ ticket: Int) {
    let number = ticket &- firstTicket
    guard keys.indices.contains(number) else { return }
    keys[number].isGone = true
    while let first = keys.first, first.isGone {
      keys.removeFirst()
      firstTicket &+= 1
    }
  }
}
