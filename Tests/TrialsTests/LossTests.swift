import TestSupport
import Testing

@testable import Trials

@Suite("Loss never makes a pass") struct LossTests {
  @Test(arguments: Clean.captures.prefix(10).map(\.name)) func everyPacketInTurn(_ name: String)
    throws
  {
    let capture = try #require(Clean.captures.first { $0.name == name })
    let step = max(1, capture.packets.count / 60)
    let result = try Trial.dropping(capture, pairs: 40, seed: 3, every: step)
    #expect(result.faults == [])
    #expect(result.runs > 40)
  }

  @Test(arguments: [CaptureFormat.pcapNanoseconds, .pcapng])
  func aCutCaptureIsABeginningAndSaysSo(_ format: CaptureFormat) throws {
    for capture in Clean.captures.sorted(by: { $0.packets.count < $1.packets.count }).prefix(4) {
      let result = try Trial.cutting(capture, places: 250, format: format)
      #expect(result.faults == [])
      #expect(result.runs > 100)
    }
  }

  /// A capture that lacks a whole connection is one that `check` may pass: the trial must not.
  @Test func aRequestThatIsNowhereIsFound() throws {
    var dialogue = Dialogue()
    dialogue.askRightly()
    dialogue.ask()
    let file = try ScratchFile(packets: dialogue.packets)
    let capture = try #require(CleanCapture(file.path))
    let second = capture.packets.indices.filter {
      capture.packets[$0].connection != capture.packets[0].connection
    }
    var result = TrialResult()
    _ = try Trial.drop(Set(second), capture, VariantFile(), &result)
    #expect(result.passes == 1)
    #expect(result.faults.count == 1)
  }

  @Test func aBeginningIsToldFromSomethingElse() throws {
    let capture = try Clean.passing()
    let wanted = try #require(capture.truth.exchanges.first)
    var seen = wanted
    #expect(Trial.isPrefix(seen, of: wanted))
    seen.request?.head = Array((wanted.request?.head ?? []).prefix(10))
    seen.request?.headState = "cut"
    seen.request?.body = []
    seen.response = nil
    #expect(Trial.isPrefix(seen, of: wanted))
    seen.request?.head[0] ^= 1
    #expect(!Trial.isPrefix(seen, of: wanted))
    seen = wanted
    seen.verdict = "missing"
    #expect(!Trial.isPrefix(seen, of: wanted))
  }
}
