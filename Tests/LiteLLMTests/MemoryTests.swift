import Testing

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
