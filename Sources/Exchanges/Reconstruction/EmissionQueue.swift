internal import DequeModule
internal import HTTP
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
  /// By ticket, where its place stands, and what is known of the exchange. With
  /// packets missing, thousands wait, and most are found nowhere near the end.
  private var entries = TicketRing(empty: Entry())

  private struct Entry {
    var frame: Int32 = 0
    /// Which of ``plains`` it is; -1 where it is none.
    var plain: Int32 = -1
    var offset = 0
    var isGone = false
    /// An exchange that is over: not with its place, which is looked at with every segment and would be
    /// copied with it.
    var exchange: ExchangeSpool.Place?
  }

  /// A plain exchange, which needs no more than this: in a place of its own, since few wait at once, and
  /// others that wait would take as much.
  private struct Plain {
    var request: WholeMessage?
    var response: WholeMessage?
    var peers: ExchangePeers?
    /// About how much memory it takes, in bytes.
    var weight = 0

    /// The same without its heads.
    static let bareWeight = 1024
  }

  private var plains: [Plain] = []
  private var freePlains: [Int32] = []
  private var exchanges: ExchangeSpool

  /// - Parameter memoryLimit: bytes of exchanges that may wait in memory, about.
  init(memoryLimit: Int = ExchangeSpool.memoryLimit) {
    exchanges = ExchangeSpool(memoryLimit: memoryLimit)
  }

  /// - Returns: a ticket for ``put(_:)`` or ``release(_:)``.
  @inline(always)
  mutating func reserve(frame: Int32, offset: Int) -> Int {
    let ticket = entries.next()
    entries[ticket].frame = frame
    entries[ticket].offset = offset
    entries[ticket].plain = -1
    entries[ticket].isGone = false
    let place = Place(frame: frame, offset: offset, ticket: ticket)
    // Nearly always the last: only what was held back comes from earlier frames.
    if let last = places.last, (last.frame, last.offset) > (frame, offset) {
      places.insert(place, at: firstIndex(behind: frame, offset, ticket))
    } else {
      places.append(place)
    }
    return ticket
  }

  /// For a request that may be answered as plainly as it was made.
  ///
  /// - Parameters:
  ///   - head: its head, and `end` the offset behind that in the segment.
  ///   - segment: all of it.
  /// - Returns: a ticket for ``answer(_:_:end:in:)`` or ``takeRequest(_:)``.
  @inline(always)
  mutating func reserve(
    _ head: consuming FramedHead, end: Int, in segment: StreamEvent,
    between peers: consuming ExchangePeers
  ) -> Int {
    let ticket = reserve(frame: segment.frame, offset: segment.range.offset)
    let index: Int
    if let free = freePlains.popLast() {
      index = Int(free)
    } else {
      index = plains.count
      plains.append(Plain())
    }
    entries[ticket].plain = Int32(truncatingIfNeeded: index)
    plains[index].weight = Plain.bareWeight &+ head.count
    // Made where it is kept, and handed over.
    plains[index].request = WholeMessage(head, end: end, in: segment)
    plains[index].peers = peers
    return ticket
  }

  mutating func put(_ entry: OpenExchange) {
    guard let index = find(entry.ticket) else { return }
    places[index].isReady = true
    entries[entry.ticket].exchange = exchanges.keep(entry)
  }

  mutating func release(_ ticket: Int) {
    guard let index = find(ticket) else { return }
    _ = takeRequest(ticket)
    if index == places.endIndex - 1 {
      places.removeLast()
      forget(ticket)
    } else {
      places[index].isFree = true
    }
  }

  // MARK: Plain exchanges

  /// Where the head of a request ends in the client's stream.
  func headEnd(ofRequest ticket: Int) -> Int {
    let index = Int(entries[ticket].plain)
    return index < 0 ? .max : plains[index].request?.headEnd ?? .max
  }

  /// - Returns: the request, which becomes an exchange like any other.
  mutating func takeRequest(_ ticket: Int) -> WholeMessage? {
    guard let index = free(ticket) else { return nil }
    plains[index].response = nil
    plains[index].peers = nil
    return plains[index].request.take()
  }

  /// Gives the place of a plain exchange to another one; what is in it has to be taken.
  ///
  /// - Returns: which of ``plains`` it is; `nil` where it is no plain one.
  @inline(always)
  private mutating func free(_ ticket: Int) -> Int? {
    let index = entries[ticket].plain
    guard index >= 0 else { return nil }
    entries[ticket].plain = -1
    freePlains.append(index)
    return Int(index)
  }

  /// The exchange is over.
  ///
  /// - Parameters:
  ///   - head: that of the answer, and `end` the offset behind it in the segment.
  ///   - segment: all of the answer.
  @inline(always)
  mutating func answer(
    _ ticket: Int, _ head: consuming FramedHead, end: Int, in segment: StreamEvent
  ) {
    guard let index = find(ticket) else { return }
    places[index].isReady = true
    guard exchanges.hasRoom else {
      return spool(ticket, WholeMessage(head, end: end, in: segment))
    }
    let plain = Int(entries[ticket].plain)
    guard plain >= 0 else { return }
    plains[plain].weight &+= head.count
    exchanges.weight &+= plains[plain].weight
    plains[plain].response = WholeMessage(head, end: end, in: segment)
  }

  @inline(never)
  private mutating func spool(_ ticket: Int, _ response: WholeMessage) {
    guard let index = free(ticket), let request = plains[index].request.take(),
      let peers = plains[index].peers.take()
    else { return }
    let exchange = PlainExchange(request, response, between: peers).written
    entries[ticket].exchange = exchanges.keep(OpenExchange(exchange, ticket: ticket))
  }

  // MARK: In order

  /// What is next.
  enum Next {
    case plain
    case written
  }

  /// Whether there is an exchange whose turn it is: nothing from before it can still come.
  ///
  /// - Parameter barrier: the lowest frame that is still held back.
  /// - Returns: by which of ``takePlain()`` and ``takeWritten()`` it is taken.
  @inline(always)
  mutating func next(before barrier: Int32) -> Next? {
    while let first = places.first {
      if first.isFree {
        places.removeFirst()
        forget(first.ticket)
      } else if first.isReady, first.frame < barrier {
        return entries[first.ticket].plain < 0 ? .written : .plain
      } else {
        return nil
      }
    }
    return nil
  }

  @inline(always)
  mutating func takePlain() -> PlainExchange? {
    guard let ticket = places.popFirst()?.ticket else { return nil }
    let place = free(ticket)
    forget(ticket)
    guard let place, let request = plains[place].request.take(),
      let response = plains[place].response.take(), let peers = plains[place].peers.take()
    else { return nil }
    exchanges.weight &-= plains[place].weight
    return PlainExchange(request, response, between: peers)
  }

  mutating func takeWritten() -> OpenExchange? {
    guard let ticket = places.popFirst()?.ticket else { return nil }
    let place = entries[ticket].exchange.take()
    forget(ticket)
    return place.flatMap { exchanges.take($0, ticket: ticket) }
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
    guard entries.contains(ticket) else { return false }
    let plain = Int(entries[ticket].plain)
    return entries[ticket].exchange != nil || plain >= 0 && plains[plain].response != nil
  }

  var hasReadyFirst: Bool { places.first.map { $0.isFree || $0.isReady } ?? false }

  private func find(_ ticket: Int) -> Int? {
    if let last = places.last, last.ticket == ticket { return places.endIndex &- 1 }
    // Nearly always they stand in the order of their tickets, and none is gone from between.
    let near = ticket &- (places.first?.ticket ?? 0)
    if near >= 0, near < places.count, places[near].ticket == ticket { return near }
    guard entries.contains(ticket), !entries[ticket].isGone else { return nil }
    let index = firstIndex(behind: entries[ticket].frame, entries[ticket].offset, ticket &- 1)
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
    guard entries.contains(ticket) else { return }
    entries[ticket].isGone = true
    entries[ticket].exchange = nil
    while let first = entries.first, entries[first].isGone { entries.removeFirst() }
  }
}
