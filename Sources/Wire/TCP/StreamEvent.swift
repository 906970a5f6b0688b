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
  @usableFromInline var hasAcknowledged = false
  /// Index of the connection's slot; used again after `closed`.
  public var connection: Int32
  public var frame: Int32 = 0
  // Packed: one is written by one core and read by another for nearly every packet.
  @usableFromInline var size: Int32 = 0
  public var time: Timestamp = .unknown
  @usableFromInline var offset = 0
  /// Where in the stream of this direction it begins, in bytes from its first.
  public var position = 0
  @usableFromInline var readTo = 0

  /// Where the bytes of `data` are.
  @inlinable
  public var range: ByteRange {
    @inline(__always) get { ByteRange(offset: offset, count: Int(size)) }
    @inline(__always) set {
      offset = newValue.offset
      size = Int32(clamping: newValue.count)
    }
  }

  /// Of anything but `data`: how many bytes it is about.
  @inlinable
  public var length: Int {
    @inline(__always) get { Int(size) }
    @inline(__always) set { size = Int32(clamping: newValue) }
  }

  /// How far the sender had acknowledged the opposite stream, as a position in it; `nil` where
  /// that isn't known.
  @inlinable
  public var acknowledged: Int? {
    @inline(__always) get { hasAcknowledged ? readTo : nil }
    @inline(__always) set {
      hasAcknowledged = newValue != nil
      readTo = newValue ?? 0
    }
  }

  @inline(__always)
  init(_ kind: Kind, connection: Int32) {
    self.kind = kind
    self.connection = connection
  }
}
