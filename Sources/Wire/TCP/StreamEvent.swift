/// One of the two directions of a connection.
public enum Direction: UInt8, Sendable {
  /// From the endpoint that opened the connection (or was seen first) to the other.
  case forward = 0
  case backward = 1

  @inline(__always)
  public var opposite: Direction { self == .forward ? .backward : .forward }
}

/// Why bytes of a stream are missing.
public enum GapReason: UInt8, Sendable {
  /// Never captured, though the receiver acknowledged them or later bytes arrived.
  case hole
  /// The capture kept only the beginning of the packet.
  case snaplen
  /// A bound on memory was reached before they came.
  case cap
}

/// What happens to a byte stream: the only thing that the rooms on the right see of TCP.
public struct StreamEvent: Sendable {
  public enum Kind: UInt8, Sendable {
    /// `range` holds the next bytes of the stream.
    case data
    /// The next `length` bytes are missing.
    case gap
    /// Bytes that were delivered already came again with other content, at `position`.
    case conflict
    /// Bytes that were delivered already came again, at `position`, and the first copy was too long
    /// ago to be compared with.
    case unchecked
    /// Bytes that were delivered already were seen again, at `position`, at another place.
    case sighting
    /// Bytes that no receiver of this stream would have taken, as far as the capture shows.
    case ignored
    /// The sender closed this direction.
    case finished
    /// The sender of this direction reset the connection.
    case reset
    /// Nothing more will come of this connection.
    case closed
  }

  public var kind: Kind
  public var direction: Direction = .forward
  public var gapReason: GapReason = .hole
  /// Index of the connection's slot; used again after `closed`.
  public var connection: Int32
  public var frame: Int32 = 0
  public var time: Timestamp = .unknown
  public var range = ByteRange(offset: 0, count: 0)
  /// Length of a gap, in bytes.
  public var length = 0
  /// Where in the stream of this direction it begins, in bytes from its first.
  public var position = 0
  /// How far the sender had acknowledged the opposite stream, as a position in it; `nil` where
  /// that isn't known.
  public var acknowledged: Int?

  @inline(__always)
  init(_ kind: Kind, connection: Int32) {
    self.kind = kind
    self.connection = connection
  }
}
