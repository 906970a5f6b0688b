import Testing

@testable import LiteLLM

@Suite("Deep and ambiguous JSON is seen before it is decoded") struct JSONScanTests {
  private func nested(_ depth: Int) -> [UInt8] {
    Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
  }

  @Test func depth() throws {
    #expect(!JSONScan(nested(512)).isTooDeep)
    #expect(JSONScan(nested(513)).isTooDeep)
    #expect(JSONScan(Array(String(repeating: "{\"a\":", count: 600).utf8)).isTooDeep)
    #expect(!JSONScan(Array(("\"" + String(repeating: "[", count: 600) + "\"").utf8)).isTooDeep)
    #expect(!JSONScan(Array(("\"\\\"" + String(repeating: "[", count: 600)).utf8)).isTooDeep)
    #expect(throws: JSONContent.Failure.tooDeep) {
      try JSONContent.decode(JSONValue.self, nested(1_000_000))
    }
    // The deepest that is decoded fits on the stack.
    _ = try JSONContent.decode(JSONValue.self, nested(512)).digest
  }

  @Test func manyValues() {
    let many = Array(("[" + String(repeating: "0,", count: JSONScan.valueLimit + 1) + "0]").utf8)
    #expect(JSONScan(many).isTooLarge)
    #expect(!JSONScan(Array(many.dropFirst(4))).isTooLarge)
    #expect(
      !JSONScan(Array(("\"" + String(repeating: ",", count: 2 << 20) + "\"").utf8)).isTooLarge)
  }

  @Test(arguments: [
    (#"{"model":"a","model":"b"}"#, true), (#"{"model":"a","x":{"model":"b"}}"#, false),
    (#"{"model":"a","x":"model"}"#, false), (#"{"model" : "a", "mod\u0065l":"b"}"#, true),
    (#"{"model":"a","x":["model","model"]}"#, false), ("", false), (#"{"model"#, false),
    (#"{"x":{"model":"a","y":[{"model":1}],"model":"b"}}"#, true),
    (#"[{"model":"a"},{"model":"b"}]"#, false), (#"{"mod\u0065l":"a"}"#, false),
  ])
  func repeats(_ text: String, _ hasRepeats: Bool) {
    #expect(
      JSONScan(Array(text.utf8), repeatsOf: [Array("model".utf8)]).hasRepeats == hasRepeats)
  }
}
