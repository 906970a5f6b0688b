/// A TCP sequence number: arithmetic modulo 2^32, order by the shorter way round (RFC 9293, 3.4).
public struct SequenceNumber: Hashable, Sendable {
  public var rawValue: UInt32

  @inline(__always)
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  @inline(__always)
  public static func + (left: SequenceNumber, right: Int) -> SequenceNumber {
    SequenceNumber(left.rawValue &+ UInt32(truncatingIfNeeded: right))
  }

  /// How far `left` is ahead of `right`, from -2^31 to 2^31 - 1.
  @inline(__always)
  public static func - (left: SequenceNumber, right: SequenceNumber) -> Int {
    Int(Int32(truncatingIfNeeded: left.rawValue &- right.rawValue))
  }
}
