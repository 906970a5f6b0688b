/// Numbers of packets, ascending, as runs.
public struct FrameRuns: Sendable, Equatable {
  // The first run stands in place: nearly always it is the only one.
  private var lower: Int32 = 1
  private var upper: Int32 = 0
  // Not an empty list: it would be retained with each copy.
  private var behind: [ClosedRange<Int32>]?

  private var others: [ClosedRange<Int32>] {
    get { behind ?? [] }
    set { behind = newValue.isEmpty ? nil : newValue }
  }

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

  private var last: ClosedRange<Int32>? { behind?.last ?? (isEmpty ? nil : lower...upper) }

  private mutating func append(_ run: ClosedRange<Int32>) {
    if behind == nil { behind = [run] } else { behind?.append(run) }
  }

  /// Adds a packet; one that came out of order is sorted in.
  public mutating func add(_ frame: Int32) {
    guard let last else {
      (lower, upper) = (frame, frame)
      return
    }
    if frame == last.upperBound &+ 1 {
      if let count = behind?.count {
        behind?[count - 1] = last.lowerBound...frame
      } else {
        upper = frame
      }
    } else if frame > last.upperBound {
      append(frame...frame)
    } else if frame < last.lowerBound {
      insert(frame)
    }
  }

  /// Adds packets that come behind all others.
  mutating func add(_ run: ClosedRange<Int32>) {
    if isEmpty { (lower, upper) = (run.lowerBound, run.upperBound) } else { append(run) }
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
    fileprivate var others: ArraySlice<ClosedRange<Int32>>?

    public mutating func next() -> ClosedRange<Int32>? {
      guard let run = first else { return others?.popFirst() }
      first = nil
      return run
    }
  }

  public func makeIterator() -> Iterator {
    Iterator(first: isEmpty ? nil : lower...upper, others: behind?[...])
  }
}
