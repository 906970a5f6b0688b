internal import LiteLLM

/// An answer as it goes over the wire: which bytes, when, and how it ends.
///
/// Below any encoder, so that a fault can break whatever it wants to.
struct Delivery: Equatable {
  struct Piece: Equatable {
    /// From the piece before it, the first from the request, in nanoseconds.
    var delay: Int64 = 0
    var bytes: [UInt8]
  }

  enum Ending: Equatable {
    /// The answer is whole; the connection goes on, where it may.
    case complete
    /// The connection is closed in the middle of the answer.
    case closed
    /// The connection is reset.
    case reset
    /// Nothing more comes, and the connection stays.
    case stalled
  }

  /// Events behind the pieces, each made when it is due: many streams at a time take little memory.
  struct Stream: Equatable {
    var events: EventList
    /// Which of them comes next; behind the last, what ends the stream.
    var next = 0
    var isChunked: Bool

    fileprivate var isOver: Bool { next >= events.count + (isChunked ? 1 : 0) }

    fileprivate var bytes: [UInt8] {
      if next >= events.count { return Chunk.last }
      return isChunked ? Chunk.encode(events[next]) : events[next]
    }
  }

  /// From one event to the next, by its number; in nanoseconds.
  typealias EventDelay = (Int) -> Int64

  var pieces: ArraySlice<Piece> = []
  var stream: Stream?
  var ending = Ending.complete

  /// How long what comes next waits behind what came before it; `nil` where nothing is left.
  func nextDelay(_ delay: EventDelay) -> Int64? {
    if let piece = pieces.first { return piece.delay }
    guard let stream, !stream.isOver else { return nil }
    return stream.next < stream.events.count ? delay(stream.next) : 0
  }

  /// Takes off what comes next.
  mutating func popFirst() -> [UInt8]? {
    if let piece = pieces.popFirst() { return piece.bytes }
    guard let stream, !stream.isOver else { return nil }
    self.stream?.next += 1
    return stream.bytes
  }

  /// Turns all events into pieces: for whoever breaks the bytes, or wants them all at once.
  mutating func unroll(_ delay: EventDelay) {
    var unrolled: ArraySlice<Piece> = []
    while let next = nextDelay(delay), let bytes = popFirst() {
      unrolled.append(Piece(delay: next, bytes: bytes))
    }
    pieces = unrolled
    stream = nil
  }

  /// The bytes of all pieces.
  var bytes: [UInt8] { pieces.flatMap(\.bytes) }

  /// Without what lies behind the first `count` bytes.
  mutating func truncate(to count: Int) {
    var left = max(0, count)
    for index in pieces.indices {
      let kept = min(left, pieces[index].bytes.count)
      pieces[index].bytes.removeSubrange(kept...)
      left -= kept
    }
    pieces.removeAll(where: \.bytes.isEmpty)
  }
}
