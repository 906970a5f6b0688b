import Testing

@testable import Exchanges

@Suite struct FrameRunsTests {
  func runs(_ frames: Int32...) -> [ClosedRange<Int32>] {
    var runs = FrameRuns()
    for frame in frames { runs.add(frame) }
    return runs.runs
  }

  @Test func neighboursBecomeARun() {
    #expect(runs(4, 5, 6, 9) == [4...6, 9...9])
    #expect(FrameRuns().isEmpty)
    #expect(FrameRuns().first == nil)
  }

  @Test func aFrameCountsOnce() {
    #expect(runs(4, 4, 5, 4, 5) == [4...5])
    #expect(runs(4, 5, 6, 5) == [4...6])
  }

  @Test func aFrameOutOfOrderIsSortedInAndJoinsItsNeighbours() {
    #expect(runs(5, 3) == [3...3, 5...5])
    #expect(runs(5, 3, 4) == [3...5])
    #expect(runs(1, 9, 5) == [1...1, 5...5, 9...9])
    #expect(runs(1, 9, 8) == [1...1, 8...9])
    #expect(runs(1, 9, 2) == [1...2, 9...9])
    #expect(runs(5, 1, 3, 2, 4) == [1...5])
  }
}
