/// Where the payload bytes of TCP ended up. Each byte is in exactly one of the buckets.
public struct PayloadLedger: Sendable {
  /// All payload bytes of all segments.
  public var total = 0
  /// Handed on in order, for the first time.
  public var delivered = 0
  public var retransmitted = 0
  /// The same packet, seen at another place.
  public var duplicate = 0
  public var keepalive = 0
  public var outOfWindow = 0
  /// Sent after the connection's end.
  public var afterClose = 0
  /// From before the first byte that was seen of a connection which is older than the capture.
  public var beforeStart = 0

  /// Bytes that are known to be missing, and in how many holes.
  public var missing = 0
  public var holes = 0
  /// Overlaps that could not be compared, because the first copy was too long ago.
  public var uncheckedOverlaps = 0

  public init() {}

  /// 0, or the walk has lost bytes.
  public var unexplained: Int {
    total &- delivered &- retransmitted &- duplicate &- keepalive &- outOfWindow &- afterClose
      &- beforeStart
  }
}
