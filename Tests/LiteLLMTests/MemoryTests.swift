import HTTP
import TestSupport
import Testing
import Wire

@testable import Exchanges
@testable import LiteLLM

/// What is remembered says what reading it again would say.
@Suite struct MemoryTests {
  /// More than are remembered, so that some take the place of others; each comes twice.
  private static let bodies: [[UInt8]] = (0..<200).map { number in
    let text =
      switch number % 4 {
      case 0: #"{"error": {"message": "Authentication Error, \#(number)", "type": "auth_error"}}"#
      case 1: #"{"error": {"message": "litellm.RateLimitError \#(number)", "type": "x"}}"#
      case 2: #"{"detail": "\#(number)"}"#
      default: "no JSON \(number)"
      }
    return Array(text.utf8)
  }

  @Test func anErrorBodyIsTheSameByEachByte() {
    var known = KnownErrorBodies()
    for _ in 0..<2 {
      for body in Self.bodies {
        for _ in 0..<2 { #expect(known.body(body) == ErrorBody(body)) }
      }
    }
  }

  /// The same bytes, of which in one exchange some came twice with other content.
  @Test func whatIsInDoubtIsNotWhatWasSeenWhole() throws {
    let text = "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nx-stainless-retry-count: 2\r\n\r\n"
    let head = FramedHead(MessageHead(Array(text.utf8)[...], isComplete: true))
    let address = try #require(IPAddress(bytes: [10, 0, 0, 1]))
    var exchange = Exchange(
      connection: 1, client: Endpoint(address: address, port: 1),
      server: Endpoint(address: address, port: 2))
    let memory = CallMemory()
    for doubt in [nil, UnknownReason.overlap, nil, .cap] {
      exchange.request = Message(
        head: head, headState: .complete, time: .unknown, end: .unknown, start: 0, headEnd: 0)
      exchange.request?.headDoubt = doubt
      let attempt = try #require(memory.head(of: exchange)).attempt
      #expect(attempt == doubt.map { .unknown($0) } ?? .present(3))
    }
  }

  /// Who looks back at earlier calls keeps their exchanges, and nothing that was read of them, which may
  /// be a thousand times as large.
  @Test func callsThatWereReadAreGivenBack() throws {
    struct Sink: ExchangeSink {
      final class Read { weak var call: LLMCall? }
      var places = CallPlaces()
      var read: [Read] = []

      mutating func began(_ source: CaptureSource) {}

      mutating func take(_ exchange: Exchange, in store: CaptureStore) {
        let reading = places.reading(of: exchange, in: store)
        let read = Read()
        read.call = reading.call
        #expect(read.call?.attempt == .present(1))
        self.read.append(read)
      }
    }
    var dialogue = Dialogue()
    for _ in 0..<3 {
      dialogue.ask(
        "POST", "/v1/chat/completions", fields: ["x-stainless-retry-count: 0"],
        body: #"{"model":"m"}"#, answer: nil)
    }
    let file = try dialogue.file()
    var sink = Sink()
    var reconstructor = try Reconstructor(files: [file.path])
    _ = reconstructor.run(into: &sink)
    #expect(!sink.read.isEmpty && sink.read.allSatisfy { $0.call == nil })
  }

  @Test func anAnswerIsTheSameByEachByte() throws {
    let memory = CallMemory()
    for model in ["one", "two", "one", "six", "two"] {
      let content = Array(#"{"model": "\#(model)", "choices": []}"#.utf8)
      #expect(try memory.object(content, collectingText: false).model == model)
    }
    for _ in 0..<2 {
      #expect(throws: JSONContent.Failure.self) {
        try memory.object(Array("{".utf8), collectingText: false)
      }
    }
  }
}
