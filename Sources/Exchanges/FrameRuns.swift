/// Numbers of packets, ascending, as runs.
public struct FrameRuns: Sendable, Equatable {
  public private(set) var runs: [ClosedRange<Int32>] = []

  public init() {}

  public var isEmpty: Bool { runs.isEmpty }
  public var first: Int32? { runs.first?.lowerBound }

  /// Adds a packet; one that came out of order is sorted in.
  public mutating func add(_ frame: Int32) {
    guard let last = runs.last else {
      runs.append(frame...frame)
      return
    }
    if frame == last.upperBound &+ 1 {
      runs[runs.count - 1] = last.lowerBound...frame
    } else if frame > last.upperBound {
      runs.append(frame...frame)
    } else {
      insert(frame)
    }
  }

  /// Adds packets that come behind all others.
  mutating func add(_ run: ClosedRange<Int32>) { runs.append(run) }

  private mutating func insert(_ frame: Int32) {
    var index = runs.count
    while index > 0, runs[index - 1].upperBound >= frame { index -= 1 }
    if index < runs.count, runs[index].contains(frame) { return }
    runs.insert(frame...frame, at: index)
    if index + 1 < runs.count, runs[index].upperBound &+ 1 == runs[index + 1].lowerBound {
      runs[index] = runs[index].lowerBound...runs[index + 1].upperBound
      runs.remove(at: index + 1)
    }
    if index > 0, runs[index - 1].upperBound &+ 1 == runs[index].lowerBound {
      runs[index - 1] = runs[index - 1].lowerBound...runs[index].upperBound
      runs.remove(at: index)
    }
  }
}
