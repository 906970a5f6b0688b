/// One direction of a connection, as its receiver would see it.
struct HalfStream {
  /// What closes a direction, at the sequence number `end`.
  enum Ending: UInt8 { case none, fin, rst }

  /// The sequence number of the next byte to deliver, once `isKnown`.
  var next = SequenceNumber(0)
  /// The position of that byte in the stream.
  var position = 0
  var initial = SequenceNumber(0)
  /// The highest acknowledgment that the receiver sent.
  var acknowledged = SequenceNumber(0)
  var end = SequenceNumber(0)
  /// What the receiver offers, in bytes.
  var window = 0
  var windowScale: UInt8?
  var isKnown = false
  var hasSYN = false
  var hasAcknowledgment = false
  /// The highest sequence number that a segment without payload was sent at: everything before it
  /// was sent, captured or not.
  var announced: SequenceNumber?
  var ending = Ending.none
  var hasEnded = false
  var isTimed = false
  /// Held segments, ordered by sequence number: a list in ``HeldSegments``.
  var firstHeld: Int32 = -1
  var lastHeld: Int32 = -1
  var heldCount = 0
  var heldBytes = 0
  /// The latest entry in ``RecentSegments``.
  var recent: Int32 = -1
  /// A pure SYN with another initial sequence number: a new connection if it is answered.
  var candidate: SequenceNumber?
}

extension HalfStream {
  /// Whether it is known, open, and holds nothing back.
  @inline(__always)
  var isFlowing: Bool { isKnown && firstHeld < 0 && ending == .none }
}

/// A TCP connection in its slot.
struct Connection {
  var key: FlowKey
  /// Whether the forward direction begins at the key's second endpoint.
  var isSwapped: Bool
  var hash: UInt32
  /// Tells a slot's later users apart.
  var generation: UInt32
  /// Number among the connections with payload, from 1; 0 before the first byte.
  var number = 0
  var latestFrame: Int32 = 0
  var beganBeforeCapture = false
  var isClosed = false
  var wasReset = false

  /// The endpoint that sends in a direction.
  func sender(_ direction: Direction) -> Endpoint {
    let isSecond = (direction == .forward) == isSwapped
    return isSecond
      ? Endpoint(address: key.second, port: UInt16(truncatingIfNeeded: key.ports))
      : Endpoint(address: key.first, port: UInt16(truncatingIfNeeded: key.ports >> 16))
  }
}

extension [HalfStream] {
  /// One direction of the connection in a slot: the halves lie two by two in one flat array, so that
  /// the packet loop changes them in place.
  subscript(_ slot: Int, _ direction: Direction) -> HalfStream {
    @inline(__always) _read { yield self[slot &* 2 &+ Int(direction.rawValue)] }
    @inline(__always) _modify { yield &self[slot &* 2 &+ Int(direction.rawValue)] }
  }
}
