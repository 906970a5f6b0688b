/// Numbers of packets, ascending, as runs.
public struct FrameRuns: Sendable, Equatable {
  // The first run stands in place: nearly always it is the only one.
  private var lower: Int32 = 1
  private var upper: Int32 = 0
  private var others: [ClosedRange<Int32>] = []

  public init() {}

  public var isEmpty: Bool { lower > upper }
  public var first: Int32? { isEmpty ? nil : lower }

  public private(set) var runs: [ClosedRange<Int32>] {
    get { isEmpty ? [] : [lower...upper] + others }
    set {
      (lower, upper) = newValue.first.map { ($0.lowerBound, $0.upperBound) } ?? (1, 0)
      others = Array(newValue.dropFirst())
    }
  }

  private var last: ClosedRange<Int32>? { others.last ?? (isEmpty ? nil : lower...upper) }

  /// Adds a packet; one that came out of order is sorted in.
  public mutating func add(_ frame: Int32) {
    guard let last else {
      (lower, upper) = (frame, frame)
      return
    }
    if frame == last.upperBound &+ 1 {
      if others.isEmpty {
        upper = frame
      } else {
        others[others.count - 1] = last.lowerBound...frame
      }
    } else if frame > last.upperBound {
      others.append(frame...frame)
    } else if frame < last.lowerBound {
      insert(frame)
    }
  }

  /// Adds packets that come behind all others.
  mutating func add(_ run: ClosedRange<Int32>) {
    if isEmpty { (lower, upper) = (run.lowerBound, run.upperBound) } else { others.append(run) }
  }

  private mutating func insert(_ frame: Int32) {
    var runs = self.runs
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
    self.runs = runs
  }
}

/// The runs, ascending.
extension FrameRuns: Sequence {
  public struct Iterator: IteratorProtocol {
    fileprivate var first: ClosedRange<Int32>?
    fileprivate var others: ArraySlice<ClosedRange<Int32>>

    public mutating func next() -> ClosedRange<Int32>? {
      guard let run = first else { return others.popFirst() }
      first = nil
      return run
    }
  }

  public func makeIterator() -> Iterator {
    Iterator(first: isEmpty ? nil : lower...upper, others: others[...])
  }
}
