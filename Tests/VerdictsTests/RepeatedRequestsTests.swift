import Exchanges
import Redaction
import TestSupport
import Testing
import Wire

@testable import Verdicts

/// Behind the requests that are listed, those that are like them are only counted.
@Suite("What was said of a request is said of the next one like it") struct RepeatedRequestsTests {
  private struct Sink: ExchangeSink {
    var judge: CaptureJudge
    var redactor = Redactor()
    var verdicts: [Verdict] = []

    mutating func began(_ source: CaptureSource) {}

    mutating func take(_ exchange: Exchange, in store: CaptureStore) {
      if let judged = judge.take(exchange, in: store, &redactor) {
        verdicts.append(judged.credential.verdict)
      }
    }
  }

  private static let fields = ["Authorization: Bearer \(Dialogue.key)"]

  private func judge(
    _ answers: [String], _ ends: (inout Conversation) -> Void = { _ in }
  ) throws -> (verdicts: [Verdict], judgement: Judgement) {
    var talk = Conversation()
    for answer in answers {
      talk.client(Dialogue.request("GET", "/model/info", fields: Self.fields))
      talk.server(answer)
    }
    ends(&talk)
    talk.close()
    let file = try ScratchFile(packets: talk.packets())
    let options = CheckOptions(expected: .plain(Array(Dialogue.key.utf8)))
    var sink = Sink(judge: CaptureJudge(options))
    var reconstructor = try Reconstructor(files: [file.path])
    let ledger = reconstructor.run(into: &sink)
    return (sink.verdicts, sink.judge.finish(file: "t.pcap", ledger, &sink.redactor))
  }

  private static let many = CaptureJudge.passedRows + 50

  @Test func allAreCounted() throws {
    let answers = [String](repeating: Dialogue.answer(), count: Self.many)
    let (verdicts, judgement) = try judge(answers)
    #expect(verdicts == [Verdict](repeating: .ok, count: Self.many))
    #expect(judgement.requests == Self.many && judgement.result == .passed)
    #expect(judgement.exchanges.count == CaptureJudge.passedRows)
  }

  @Test func theSameRequestMayBeRefused() throws {
    let answers = [String](repeating: Dialogue.answer(), count: Self.many)
    let (verdicts, judgement) = try judge(answers + [Dialogue.noKey, Dialogue.answer()])
    #expect(verdicts.count == Self.many + 2)
    #expect(judgement.exchanges.count { $0.isRefused } == 1)
    #expect(judgement.result != .passed)
  }

  @Test func oneThatIsReadInTwoWaysIsNoLongerTheSame() throws {
    let answers = [String](repeating: Dialogue.answer(), count: Self.many)
    let (verdicts, _) = try judge(answers) { talk in
      // h11 refuses a request behind an empty line, which llhttp passes over.
      talk.client("\r\n" + Dialogue.request("GET", "/model/info", fields: Self.fields))
      talk.server(Dialogue.answer())
      talk.client(
        Dialogue.request("GET", "/model/info", fields: ["Authorization: Bearer another-key-1"]))
      talk.server(Dialogue.answer())
    }
    #expect(verdicts.suffix(3) == [.ok, .unknown, .wrongKey])
  }
}
