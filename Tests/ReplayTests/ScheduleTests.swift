import Testing

@testable import Replay

/// When a request may go.
@Suite struct ScheduleTests {
  /// - Parameter times: when each began and ended, in milliseconds.
  private func requests(_ times: [(Int64, Int64)]) -> [RecordedRequest] {
    times.enumerated().map { number, time in
      RecordedRequest(
        exchange: number + 1, connection: number + 1, offset: time.0 * 1_000_000,
        end: time.1 * 1_000_000, method: "GET", target: "/", head: [], content: [], standIns: [],
        recordedServer: .none, answer: nil)
    }
  }

  @Test func timePassesAsItDidOrFaster() {
    let recorded = requests([(0, 5), (100, 110), (5000, 5100)])
    let milliseconds = { (schedule: Schedule) in schedule.due.map { $0 / 1_000_000 } }
    #expect(milliseconds(Schedule(recorded, speed: 1, longestGap: nil)) == [0, 100, 5000])
    #expect(milliseconds(Schedule(recorded, speed: 2, longestGap: nil)) == [0, 50, 2500])
    #expect(
      milliseconds(Schedule(recorded, speed: 1, longestGap: 2_000_000_000)) == [0, 100, 2100])
  }

  @Test func withoutTimeAnAnswersConsequencesComeBehindIt() {
    // The third was asked when the first was answered; the second was still under way.
    var schedule = Schedule(
      requests([(0, 10), (1, 50), (20, 30)]), speed: nil, longestGap: nil)
    #expect(schedule.needed == [0, 0, 1])
    schedule.end(1)
    #expect(schedule.over == 0)
    schedule.end(0)
    #expect(schedule.over == 1)
  }

  @Test func nobodyWaitsForItself() {
    let schedule = Schedule(
      requests([(0, 0), (0, 0), (7, 7)]), speed: nil, longestGap: nil)
    #expect(schedule.needed == [0, 0, 2])
  }

  @Test func aClockThatJumpsIsNoTrap() {
    var wild = requests([(0, 1), (5, 6)])
    wild[1].offset = .max
    let schedule = Schedule(wild, speed: 0.001, longestGap: nil)
    #expect(schedule.due[0] == 0 && schedule.due[1] > 1_000_000_000)
  }
}
