/// One packet as the capture holds it.
public struct Frame: Sendable {
  /// From 1, as Wireshark counts.
  public var number: Int32 = 0
  public var time: Timestamp = .unknown
  /// Where its captured bytes are.
  public var bytes = ByteRange(offset: 0, count: 0)
  /// Its length on the wire, in bytes; may be wrong in either direction.
  public var originalLength = 0
  public var linkType = LinkType.ethernet
  /// Which interface saw it, counted over all sections and files of the capture.
  public var interface: UInt32 = 0
  /// Inbound or outbound, where a pcapng says so; else 0.
  public var direction: UInt8 = 0

  public init() {}

  /// Interface and direction, with what the link header adds.
  @inline(__always)
  func place(_ tag: UInt32) -> UInt32 {
    tag &* 31 &+ interface &* 4 &+ UInt32(direction)
  }
}

/// A point in time: nanoseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Comparable, Hashable, Sendable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// A packet without a time (pcapng's simple packets).
  public static let unknown = Timestamp(nanoseconds: .min)

  public var isKnown: Bool { self != .unknown }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// Nanoseconds from `earlier` to this; negative where the clock ran backwards, `nil` where
  /// either is unknown or the difference is beyond 292 years.
  public func nanoseconds(since earlier: Timestamp) -> Int64? {
    guard isKnown, earlier.isKnown else { return nil }
    let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    return overflow ? nil : difference
  }
}
