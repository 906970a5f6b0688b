import Testing
import Wire

@testable import Reports

/// Times one behind the other, whatever the second.
@Suite struct KnownInstantsTests {
  @Test func eachIsItsOwn() throws {
    var known = KnownInstants()
    let times: [Int64] = [
      0, 0, 1, 999_999_999, 1_000_000_000, 999_999_999, -1, -1_000_000_000, -1_000_000_001, -1, 7,
      1_709_164_800_000_000_007, 1_709_164_800_120_000_000, -9_223_372_036_854_775_807, 5,
      1_709_164_800_000_000_000, 1_709_164_799_999_999_999,
    ]
    for nanoseconds in times {
      let time = Timestamp(nanoseconds: nanoseconds)
      let text = try #require(time.rfc3339)
      #expect(
        String(decoding: known.members(time), as: UTF8.self)
          == #""time":"\#(text)","end":"\#(text)""#)
    }
  }
}
