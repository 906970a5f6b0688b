import Exchanges
import LiteLLM
import TestSupport
import Testing
import Wire

@testable import Reports

@Suite("The line below a list counts each thing once") struct CallTotalsTests {
  private struct Sink: ExchangeSink {
    var totals = CallTotals()
    private var places = CallPlaces()

    mutating func began(_ source: CaptureSource) {}

    mutating func take(_ exchange: Exchange, in store: CaptureStore) {
      totals.add(places.reading(of: exchange, in: store))
    }
  }

  private func line(_ dialogue: Dialogue) throws -> String? {
    var sink = Sink()
    var reconstructor = try Reconstructor(files: [dialogue.file().path])
    _ = reconstructor.run(into: &sink)
    return sink.totals.line
  }

  private func answer(_ usage: String?) -> String {
    Dialogue.answer(
      body: #"{"choices":[]"# + (usage.map { #","usage":\#($0)"# } ?? "") + "}")
  }

  @Test func withoutCalls() throws {
    var dialogue = Dialogue()
    dialogue.ask("GET", "/health")
    #expect(try line(dialogue) == nil)
    #expect(CallTotals().line == nil)
  }

  @Test func requestsCallsAndTokens() throws {
    var dialogue = Dialogue()
    dialogue.ask("GET", "/health")
    dialogue.ask("GET", "/v1/models")
    #expect(try line(dialogue) == "2 requests, 1 call")
    for attempt in 0..<2 {
      dialogue.ask(
        "POST", "/v1/chat/completions", fields: ["x-stainless-retry-count: \(attempt)"], body: "{}",
        answer: attempt == 0
          ? Dialogue.answer("500 Oops")
          : answer(#"{"prompt_tokens":3,"completion_tokens":2}"#))
    }
    #expect(try line(dialogue) == "4 requests, 2 calls, 3+2 tokens in 1 answer")
    dialogue.ask("POST", "/v1/chat/completions", body: "{}", answer: answer(nil))
    #expect(
      try line(dialogue) == "5 requests, 3 calls, 3+2 tokens in 1 answer (1 more doesn't say)")
  }

  @Test func answersThatDoNotSayTheirTokens() throws {
    var dialogue = Dialogue()
    dialogue.ask("POST", "/v1/chat/completions", body: "{}", answer: answer(nil))
    #expect(try line(dialogue) == "1 request, 1 call, 1 answer that doesn't say its tokens")
  }

  @Test func hugeNumbersDoNotOverflow() throws {
    var dialogue = Dialogue()
    for _ in 0..<2 {
      dialogue.ask(
        "POST", "/v1/embeddings", body: "{}",
        answer: answer(#"{"prompt_tokens":9223372036854775807}"#))
    }
    #expect(try line(dialogue)?.contains("9223372036854775807+0 tokens in 2 answers") == true)
  }
}
