import Exchanges
import HTTP
import TestSupport
import Testing
import Wire

@testable import LiteLLM

/// Calls that were cut and changed at every place: none of it may trap, whatever is made of it.
@Suite("Broken calls are read as far as they go") struct MutatedCallTests {
  private static let texts = [
    #"{"model":"m","stream":true,"messages":[{"role":"user","content":[{"type":"image_url","#
      + #""image_url":{"url":"data:image/png;base64,AA"}}]},{"tool_calls":[{"function":{}}]}]}"#,
    #"{"id":"c","choices":[{"index":0,"delta":{"content":"é😀","tool_calls":[{"index":1,"#
      + #""function":{"arguments":"{}"}}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}"#,
    #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","input":{"a":1}}}"#,
    #"{"type":"response.completed","response":{"status":"x","usage":{"input_tokens":1}}}"#,
    #"{"type":"session.created","session":{"model":"m"},"delta":"AAAA","error":{"message":"e"}}"#,
  ]

  private func read(_ bytes: [UInt8]) {
    _ = Prompt(bytes)
    _ = RealtimeMessage.summary(of: bytes)
    _ = CallRoute(target: String(decoding: bytes, as: UTF8.self))
    _ = (try? JSONContent.decode(JSONValue.self, bytes))?.digest
    var answer = JoinedAnswer(collectingText: true)
    if let object = try? JSONContent.decode(AnswerObject.self, bytes) { answer.take(object) }
  }

  @Test(arguments: texts) func everyCutAndChange(_ text: String) {
    let bytes = Array(text.utf8)
    for index in bytes.indices {
      read(Array(bytes[..<index]))
      for value: UInt8 in [0x00, 0x22, 0x2C, 0x5B, 0x5D, 0x7B, 0x7D, 0x5C, 0x39, 0xFF] {
        var changed = bytes
        changed[index] = value
        read(changed)
      }
    }
  }

  @Test func everyCutOfAStream() throws {
    let stream = Self.texts.map { "event: x\ndata: \($0)\n\n" }.joined() + "data: [DONE]\n\n"
    for count in stride(from: 0, to: stream.utf8.count - 2, by: 7) {
      let part = String(decoding: Array(stream.utf8).prefix(count), as: UTF8.self)
      let call = try #require(try Reading(streamed([part])).calls.first)
      // Until its last event it lacks its end; nothing else is claimed.
      #expect(call.anomalies.contains(.sseDoneMissing))
      #expect(call.model == .present("gpt-4o"))
    }
  }
}
