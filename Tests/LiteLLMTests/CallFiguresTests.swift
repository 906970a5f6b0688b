import Testing
import Wire

@testable import LiteLLM

@Suite("Figures are written in one way") struct CallFiguresTests {
  @Test(arguments: [
    (0, "0"), (1, "0.000000001"), (1_234_567, "0.001234567"), (12_500_000_000, "12.5"),
    (3_000_000_000, "3"), (-1_500_000_000, "-1.5"), (Int64.min, "-9223372036.854775808"),
  ])
  func seconds(_ nanoseconds: Int64, _ text: String) {
    #expect(DecimalSeconds.text(nanoseconds) == text)
  }

  @Test(arguments: [
    (0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (9_949, "9.9 kB"), (9_950, "10 kB"),
    (183_400, "183 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (1_449_999, "1.4 MB"),
  ])
  func bytes(_ count: Int, _ text: String) {
    #expect(ByteCount.text(count) == text)
  }

  @Test func gapsBetweenEvents() {
    var times = EventTimes()
    #expect(times.summary == nil)
    for time: Int64 in [100, 90, 130, 131, 200] { times.add(Timestamp(nanoseconds: time)) }
    times.add(.unknown)
    // What arrived earlier than the event before it waited for that one.
    #expect(times.first == Timestamp(nanoseconds: 100))
    #expect(times.summary == EventTimes.Gaps(count: 4, median: 1, max: 69))
  }

  @Test func usageAddsUpWhereNoTotalIsGiven() throws {
    func usage(_ text: String) throws -> TokenUsage {
      try JSONContent.decode(TokenUsage.self, Array(text.utf8))
    }
    #expect(try usage(#"{"input_tokens":2,"output_tokens":3}"#).total == 5)
    #expect(try usage(#"{"prompt_tokens":2,"completion_tokens":3,"total_tokens":9}"#).total == 9)
    #expect(try usage(#"{"prompt_tokens":2}"#).total == nil)
    #expect(
      try usage(#"{"prompt_tokens":9223372036854775807,"completion_tokens":3}"#).total == nil)
    let detailed = try usage(
      #"{"prompt_tokens":2,"prompt_tokens_details":{"cached_tokens":1},"#
        + #""completion_tokens_details":{"reasoning_tokens":4}}"#)
    #expect(detailed.cached == 1)
    #expect(detailed.reasoning == 4)
  }
}
