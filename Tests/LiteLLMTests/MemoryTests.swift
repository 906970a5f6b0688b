import HTTP
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
