import Testing

@testable import LiteLLM

@Suite("The conversation of a request, for reading") struct PromptTests {
  private func prompt(_ text: String) throws -> Prompt { try #require(Prompt(Array(text.utf8))) }

  @Test func chat() throws {
    let image = String(repeating: "A", count: 183_000)
    let prompt = try prompt(
      #"{"model":"m","max_tokens":5,"tools":[{"type":"function","function":{"name":"move"}}],"#
        + #""messages":[{"role":"system","content":"be good"},"#
        + #"{"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","#
        + #""image_url":{"url":"data:image/png;base64,\#(image)","detail":"high"}}]},"#
        + #"{"role":"assistant","content":null,"reasoning_content":"hm","tool_calls":"#
        + #"[{"id":"c1","function":{"name":"move","arguments":"{\"x\":1}"}}]},"#
        + #"{"role":"tool","tool_call_id":"c1","content":"moved"}]}"#)
    #expect(
      prompt.messages == [
        Prompt.Message(role: "system", parts: [.text("be good")]),
        Prompt.Message(
          role: "user", parts: [.text("look"), .elided("image/png, 183 kB base64")]),
        Prompt.Message(
          role: "assistant",
          parts: [.thinking("hm"), .call(name: "move", arguments: #"{"x":1}"#, id: "c1")]),
        Prompt.Message(role: "tool", parts: [.result(id: "c1"), .text("moved")]),
      ])
    #expect(prompt.tools == ["move"])
    #expect(prompt.parameters.map(\.name) == ["max_tokens", "model"])
    #expect(prompt.parameters.map(\.value) == ["5", "\"m\""])
  }

  @Test func anthropicMessages() throws {
    let prompt = try prompt(
      #"{"system":[{"type":"text","text":"be good"}],"messages":[{"role":"user","content":"#
        + #"[{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AAAA"}}]},"#
        + #"{"role":"assistant","content":[{"type":"thinking","thinking":"hm"},"#
        + #"{"type":"tool_use","id":"t","name":"move","input":{"y":2,"x":1}}]},"#
        + #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"ok"}]}]}"#)
    #expect(
      prompt.messages == [
        Prompt.Message(role: "system", parts: [.text("be good")]),
        Prompt.Message(role: "user", parts: [.elided("image/jpeg, 4 bytes base64")]),
        Prompt.Message(
          role: "assistant",
          parts: [.thinking("hm"), .call(name: "move", arguments: #"{"x":1,"y":2}"#, id: "t")]),
        Prompt.Message(role: "user", parts: [.result(id: "t"), .text("ok")]),
      ])
  }

  @Test func responsesInput() throws {
    #expect(
      try prompt(#"{"input":"hi","instructions":"be good"}"#).messages == [
        Prompt.Message(role: "system", parts: [.text("be good")]),
        Prompt.Message(role: "user", parts: [.text("hi")]),
      ])
    let items = try prompt(
      #"{"input":[{"role":"user","content":[{"type":"input_text","text":"hi"},"#
        + #"{"type":"input_image","image_url":"https://a/b.png"}]},"#
        + #"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},"#
        + #"{"type":"function_call_output","call_id":"c","output":"ok"}]}"#)
    #expect(
      items.messages == [
        Prompt.Message(role: "user", parts: [.text("hi"), .elided("image https://a/b.png")]),
        Prompt.Message(role: "assistant", parts: [.call(name: "f", arguments: "{}", id: "c")]),
        Prompt.Message(role: "tool", parts: [.result(id: "c"), .text("ok")]),
      ])
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"model":"m"}"#, "{", "x",
    #"{"messages":"# + String(repeating: "[", count: 600),
  ])
  func noConversation(_ text: String) {
    #expect(Prompt(Array(text.utf8)) == nil)
  }

  @Test(arguments: [
    #"{"messages":7}"#, #"{"messages":[7,null,[],{}]}"#, #"{"messages":[{"role":1,"content":{}}]}"#,
    #"{"messages":[{"role":"user","content":[{"type":"image_url"},{"type":"file"},{"type":"x"}]}]}"#,
    #"{"messages":[{"tool_calls":[{},7],"tool_call_id":{}}],"tools":{}}"#,
  ])
  func oddShapesAreRead(_ text: String) {
    #expect(Prompt(Array(text.utf8)) != nil)
  }
}
