internal import Wire

/// When the events of a stream came.
public struct EventTimes: Sendable, Equatable {
  /// Times between an event and the next, in nanoseconds.
  public struct Gaps: Sendable, Equatable {
    public var count: Int
    /// The lower of the two in the middle, where there are two.
    public var median: Int64
    public var max: Int64
  }

  /// Gaps whose median is found; of a longer stream its beginning tells.
  static let gapLimit = 1 << 20

  private(set) var first: Timestamp?
  private var latest: Timestamp = .unknown
  private var gaps: [Int64] = []
  private var longest: Int64 = 0
  private var count = 0

  /// - Parameter time: of the packet that completed an event.
  mutating func add(_ time: Timestamp) {
    guard time.isKnown else { return }
    guard first != nil else {
      first = time
      latest = time
      return
    }
    // What arrives behind a segment that is late can't be read before that.
    let time = max(latest, time)
    let gap = time.nanoseconds(since: latest) ?? 0
    latest = time
    count &+= 1
    longest = max(longest, gap)
    if gaps.count < Self.gapLimit { gaps.append(gap) }
  }

  /// `nil` for fewer than two events.
  public var summary: Gaps? {
    guard !gaps.isEmpty else { return nil }
    return Gaps(count: count, median: gaps.sorted()[(gaps.count - 1) / 2], max: longest)
  }
}
