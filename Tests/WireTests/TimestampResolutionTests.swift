import Testing

@testable import Wire

@Suite struct TimestampResolutionTests {
  @Test func powersOfTenAndOfTwoBecomeNanoseconds() {
    #expect(TimestampResolution(option: 0).timestamp(3).nanoseconds == 3_000_000_000)
    #expect(TimestampResolution(option: 6).timestamp(3).nanoseconds == 3000)
    #expect(TimestampResolution(option: 9).timestamp(3).nanoseconds == 3)
    #expect(TimestampResolution(option: 10).timestamp(39).nanoseconds == 3)
    #expect(TimestampResolution(option: 0x80 | 10).timestamp(1536).nanoseconds == 1_500_000_000)
  }

  @Test(arguments: UInt8.min...UInt8.max)
  func noOptionAndNoCountTraps(option: UInt8) {
    var resolution = TimestampResolution(option: option)
    for offset in [0, 1, -1, Int64.max, Int64.min] {
      resolution.offset = offset
      for units in [0, 1, UInt64.max, UInt64.max / 2] {
        #expect(resolution.timestamp(units).nanoseconds >= Int64.min)
      }
    }
  }

  @Test func anUnknownTimeHasNoDistance() {
    let time = Timestamp(nanoseconds: 5)
    #expect(time.nanoseconds(since: .unknown) == nil)
    #expect(Timestamp.unknown.nanoseconds(since: time) == nil)
    #expect(time.nanoseconds(since: Timestamp(nanoseconds: 7)) == -2)
    let earliest = Timestamp(nanoseconds: .min + 1)
    #expect(Timestamp(nanoseconds: .max).nanoseconds(since: earliest) == nil)
  }
}
