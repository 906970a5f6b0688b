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

  var pieces: [Piece] = []
  var ending = Ending.complete

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
