import Testing

@testable import Replay

/// Percentiles are read from what was added, never averaged.
@Suite struct LatenciesTests {
  @Test func whatIsAddedCountsAsIfItWereOne() {
    var (whole, one, other) = (Latencies(), Latencies(), Latencies())
    for number in 1...1000 {
      let time = Int64(number * number) * 1000
      whole.record(time)
      if number % 3 == 0 { one.record(time) } else { other.record(time) }
    }
    for (microseconds, count) in other.counts { one.add(microseconds: microseconds, count: count) }
    for share in [50.0, 90, 99, 99.9] { #expect(one.percentile(share) == whole.percentile(share)) }
    #expect(one.longest == whole.longest)
    let median = Double(whole.percentile(50)) / 1000
    #expect(abs(median - 250_000) < 500)
  }

  @Test func aClockThatRunsBackwardsIsNoTrap() {
    var times = Latencies()
    times.record(-5)
    times.record(.max)
    times.add(microseconds: -1, count: 1)
    times.add(microseconds: 1, count: -1)
    #expect(!times.isEmpty)
  }
}
