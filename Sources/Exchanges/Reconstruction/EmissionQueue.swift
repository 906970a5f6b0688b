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
  /// The exchanges that are over, by ticket: apart from the places, which are looked at with every
  /// segment and would be copied with them.
  private var exchanges = ExchangeSpool()
  private var nextTicket = 0

  /// - Returns: a ticket for ``put(_:at:)`` or ``release(_:)``.
  mutating func reserve(frame: Int32, offset: Int) -> Int {
    let ticket = nextTicket
    nextTicket &+= 1
    let place = Place(frame: frame, offset: offset, ticket: ticket)
    // Nearly always the last: only what was held back comes from earlier frames.
    var index = places.endIndex
    while index > places.startIndex,
      (places[index - 1].frame, places[index - 1].offset) > (frame, offset)
    {
      index -= 1
    }
    places.insert(place, at: index)
    return ticket
  }

  mutating func put(_ exchange: Exchange, at ticket: Int) {
    guard let index = find(ticket) else { return }
    places[index].isReady = true
    exchanges.put(exchange, at: ticket)
  }

  mutating func release(_ ticket: Int) {
    guard let index = find(ticket) else { return }
    if index == places.endIndex - 1 {
      places.removeLast()
    } else {
      places[index].isFree = true
    }
  }

  /// The next exchange in order, if nothing from before it can still come.
  ///
  /// - Parameter barrier: the lowest frame that is still held back.
  mutating func next(before barrier: Int32) -> Exchange? {
    while let first = places.first {
      if first.isFree {
        places.removeFirst()
      } else if first.isReady, first.frame < barrier {
        places.removeFirst()
        return exchanges.take(first.ticket)
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

  var hasReadyFirst: Bool { places.first.map { $0.isFree || $0.isReady } ?? false }

  /// Tickets ascend nearly everywhere, so the search begins where they would stand.
  private func find(_ ticket: Int) -> Int? {
    var low = places.startIndex
    var high = places.endIndex
    while low < high {
      let middle = (low + high) / 2
      if places[middle].ticket < ticket { low = middle + 1 } else { high = middle }
    }
    if low < places.endIndex, places[low].ticket == ticket { return low }
    return places.firstIndex { $0.ticket == ticket }
  }
}
