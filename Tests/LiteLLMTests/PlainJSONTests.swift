import HTTP
import Testing

@testable import LiteLLM

/// What is read without a decoder is what a decoder reads, however the text is changed; and what
/// everybody writes is read without one.
@Suite struct PlainJSONTests {
  /// As providers send them.
  private static let answers = [
    // OpenAI: a chunk, one with a tool, the last one with usage, a whole answer.
    #"{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"#
      + #""delta":{"content":"é \"quoted\" 😀"},"logprobs":null,"finish_reason":null}]}"#,
    #"{"id":"c","model":"m","choices":[{"index":1,"delta":{"tool_calls":[{"index":0,"id":"t","#
      + #""function":{"name":"f","arguments":"{\"a\":1}"}}]},"finish_reason":"tool_calls"}]}"#,
    #"{"id":"c","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30,"#
      + #""prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0},"#
      + #""completion_tokens_details":{"reasoning_tokens":5}}}"#,
    #"{ "id" : "c", "choices" : [ {"finish_reason":"stop","index":0,"message":{"role":"assistant","#
      + #""content":"x"}}, {"index":1,"finish_reason":"length"} ],"#
      + #""usage":{"prompt_tokens":1,"completion_tokens":2,"cache_read_input_tokens":7} }"#,
    // Anthropic.
    #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}"#,
    #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","#
      + #""partial_json":"{\"a\":"}}"#,
    #"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"#
      + #""usage":{"completion_tokens":15}}"#,
    #"{"type":"message_stop"}"#,
    // OpenAI's responses.
    #"{"type":"response.output_text.delta","item_id":"i","content_index":0,"delta":"x","#
      + #""sequence_number":12}"#,
    #"{"type":"response.function_call_arguments.delta","item_id":"i","delta":"{","index":2}"#,
    // No answer of a model.
    #"{"object":"list","data":[{"id":"m","created":-1.5e+3,"owned":true,"x":[[],{}]}]}"#,
    #"{"ok": true, "n": 12345, "status": "healthy", "error": null}"#, #"{}"#,
  ]

  private static let requests = [
    #"{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"é \\ \u00e9"}]}"#,
    #"{ "messages": [], "stream": false, "model": "m", "temperature": 0.7, "stop": null }"#,
    #"{"model":null,"stream":null}"#, #"{"input":"x"}"#,
  ]

  private struct Facts: Equatable {
    var text: [String?]
    var finishReasons: [String]
    var usage: TokenUsage?
    var flags: [Bool]

    init(_ object: AnswerObject) {
      var answer = JoinedAnswer(collectingText: false)
      answer.take(object, event: "content_block_delta")
      text = [answer.id, answer.model, answer.error]
      finishReasons = answer.finishReasons
      usage = answer.usage
      flags = [answer.isFinished, answer.hasChoices, answer.hasFinalUsage, answer.isCut]
    }
  }

  /// - Returns: whether it was read without a decoder.
  private func compare(answer bytes: [UInt8]) -> Bool {
    guard let plain = AnswerObject(plain: bytes) else { return false }
    do throws(JSONContent.Failure) {
      let decoded = try JSONContent.decode(
        AnswerObject.self, bytes, repeatsOf: AnswerObject.namesThatCount)
      #expect(Facts(plain) == Facts(decoded), "\(String(decoding: bytes, as: UTF8.self))")
    } catch {
      // Members that come twice are found before either is asked.
      #expect(error == .repeated, "\(String(decoding: bytes, as: UTF8.self))")
    }
    return true
  }

  private func compare(request bytes: [UInt8]) -> Bool {
    guard let plain = RequestObject.Members(plain: bytes) else { return false }
    do throws(JSONContent.Failure) {
      let decoded = try JSONContent.decode(
        RequestObject.Members.self, bytes, repeatsOf: RequestObject.names)
      #expect(
        plain.model == decoded.model && plain.stream == decoded.stream,
        "\(String(decoding: bytes, as: UTF8.self))")
    } catch {
      #expect(error == .repeated, "\(String(decoding: bytes, as: UTF8.self))")
    }
    return true
  }

  @Test(arguments: answers) func answersAreReadPlainly(_ text: String) {
    #expect(compare(answer: Array(text.utf8)))
  }

  @Test(arguments: requests) func requestsAreReadPlainly(_ text: String) {
    #expect(compare(request: Array(text.utf8)))
  }

  /// What may stand in the place of anything, and mean something else to one of two readers.
  private static let oddities = [
    "", " ", "0", "-", "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "1.0", "1e2", "01",
    "-0", "9223372036854775808", "\"\\u0041\"", "\"\\ud800\"", "\u{0}", "\u{7F}", "\u{FEFF}", "é",
    "{}", "[]", "[1]", "[{}]", #"{"a":1,}"#, #""id":"z","#, #","id":5"#, #","delta":null"#,
    #","choices":[{}]"#, #","usage":{}"#, #","error":{"message":"e"}"#, #","error":"e""#,
    #""input_tokens":3,"#, #""total_tokens":9,"#, #""prompt_tokens_details":null,"#,
    #""prompt_tokens_details":5,"#, #""completion_tokens_details":{},"#, #""cached_tokens":8,"#,
    #""cache_read_input_tokens":6,"#, #""prompt_tokens":-1,"#, #","status":"s""#, #","index":3"#,
    #","model":"z""#, #","stream":1"#, #","content":[{}]"#,
  ].map { Array($0.utf8) }

  /// Each text with each oddity at each place, in front of what stands there and instead of it.
  private func variants(of text: String, _ body: ([UInt8]) -> Void) {
    let bytes = Array(text.utf8)
    for index in bytes.indices {
      body(Array(bytes[..<index]))
      for odd in Self.oddities + [[0xFF], [0xC3]] {
        for removed in [0, 1, 4] where index + removed <= bytes.count {
          body(bytes[..<index] + odd + bytes[(index + removed)...])
        }
      }
    }
  }

  @Test(arguments: answers) func aChangedAnswerIsReadAsADecoderDoes(_ text: String) {
    var plain = 0
    variants(of: text) { plain += compare(answer: $0) ? 1 : 0 }
    #expect(plain > 0)
  }

  @Test(arguments: requests) func aChangedRequestIsReadAsADecoderDoes(_ text: String) {
    var plain = 0
    variants(of: text) { plain += compare(request: $0) ? 1 : 0 }
    #expect(plain > 0)
  }

  @Test func whatIsNestedDeeplyIsLeftToTheDecoder() {
    let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    #expect(AnswerObject(plain: Array(#"{"x":\#(deep)}"#.utf8)) == nil)
  }
}
