internal import Histogram

/// How long things took: how often which time, to three digits. Several machines' are added; a
/// percentile is only ever read from the sum.
public struct Latencies: Sendable {
  // Microseconds: what is shorter is none.
  private var histogram = Histogram<UInt64>(
    lowestDiscernibleValue: 1, highestTrackableValue: 3_600_000_000 * 24,
    numberOfSignificantValueDigits: .three)

  public init() {}

  /// - Parameter time: in nanoseconds.
  public mutating func record(_ time: Int64) {
    _ = histogram.record(UInt64(max(0, time) / 1000))
  }

  public var isEmpty: Bool { histogram.totalCount == 0 }

  /// In nanoseconds.
  public func percentile(_ share: Double) -> Int64 {
    Int64(clamping: histogram.valueAtPercentile(share)) &* 1000
  }

  /// In nanoseconds.
  public var longest: Int64 { Int64(clamping: histogram.max) &* 1000 }

  /// Microseconds, and how often.
  public var counts: [(microseconds: Int, count: Int)] {
    histogram.recordedValues().map { (Int(clamping: $0.value), Int(clamping: $0.count)) }
  }

  public mutating func add(microseconds: Int, count: Int) {
    guard microseconds >= 0, count > 0 else { return }
    _ = histogram.record(UInt64(microseconds), count: UInt64(count))
  }
}
