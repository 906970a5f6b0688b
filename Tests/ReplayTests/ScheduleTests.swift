import Testing

@testable import Replay

/// When a request may go.
@Suite struct ScheduleTests {
  /// - Parameter times: when each began and ended, in milliseconds.
  private func requests(_ times: [(Int64, Int64)]) -> [RecordedRequest] {
    times.enumerated().map { number, time in
      RecordedRequest.made(number + 1, offset: time.0 * 1_000_000, end: time.1 * 1_000_000)
    }
  }

  @Test func timePassesAsItDidOrFaster() {
    let recorded = requests([(0, 5), (100, 110), (5000, 5100)])
    func milliseconds(_ pace: ReplayOptions.Pace, _ gap: Int64? = nil) -> [Int64] {
      Schedule(recorded, pace, longestGap: gap).due.map { $0 / 1_000_000 }
    }
    #expect(milliseconds(.recorded(speed: 1)) == [0, 100, 5000])
    #expect(milliseconds(.recorded(speed: 2)) == [0, 50, 2500])
    #expect(milliseconds(.recorded(speed: 1), 2_000_000_000) == [0, 100, 2100])
    #expect(milliseconds(.rate(50)) == [0, 20, 40])
  }

  @Test func withoutTimeAnAnswersConsequencesComeBehindIt() {
    // The third was asked when the first was answered; the second was still under way.
    var schedule = Schedule(requests([(0, 10), (1, 50), (20, 30)]), .unbounded, longestGap: nil)
    #expect((0..<3).map { schedule.wait(of: $0) } == [.nothing, .nothing, .answers(1)])
    schedule.end(1)
    #expect(schedule.wait(of: 2) == .answers(1))
    schedule.end(0)
    #expect(schedule.wait(of: 2) == .nothing)
  }

  @Test func inAPoolOnlyQuotationsAreWaitedFor() {
    var recorded = requests([(0, 10), (20, 30), (20, 30)])
    recorded[0].say("a text that is long enough to be told")
    recorded[1].quote("a text that is long enough to be told")
    let schedule = Schedule(recorded, .unbounded, longestGap: nil, isPooled: true)
    #expect((0..<3).map { schedule.wait(of: $0) } == [.nothing, .answer(0), .nothing])
  }

  @Test func whatQuotesAnAnswerComesBehindIt() {
    var recorded = requests([(0, 10), (20, 30), (20, 30)])
    recorded[0].say("a text that is long enough to be told")
    recorded[1].quote("a text that is long enough to be told")
    var schedule = Schedule(recorded, .recorded(speed: 1), longestGap: nil)
    #expect((0..<3).map { schedule.wait(of: $0) } == [.nothing, .answer(0), .nothing])
    schedule.end(0)
    #expect(schedule.wait(of: 1) == .nothing)
  }

  @Test func aClockThatIsSetBackHoldsNobody() {
    // An answer in front of its request, and two on one connection the wrong way round.
    var recorded = requests([(100, 50), (200, 210), (20, 30)])
    recorded[2].connection = recorded[1].connection
    for pace in [ReplayOptions.Pace.unbounded, .recorded(speed: 1)] {
      var schedule = Schedule(recorded, pace, longestGap: nil)
      var left = [0, 1, 2]
      while let next = left.first(where: { schedule.wait(of: $0) == .nothing }) {
        schedule.end(next)
        left.removeAll { $0 == next }
      }
      #expect(left.isEmpty)
    }
  }

  @Test func nobodyWaitsForItself() {
    let schedule = Schedule(requests([(0, 0), (0, 0), (7, 7)]), .unbounded, longestGap: nil)
    #expect((0..<3).map { schedule.wait(of: $0) } == [.nothing, .nothing, .answers(2)])
  }

  @Test func aClockThatJumpsIsNoTrap() {
    var wild = requests([(0, 1), (5, 6)])
    wild[1].offset = .max
    let schedule = Schedule(wild, .recorded(speed: 0.001), longestGap: nil)
    #expect(schedule.due[0] == 0 && schedule.due[1] > 1_000_000_000)
  }
}
