internal import Redaction

/// Anthropic's messages.
extension EndpointCall {
  private func messageUsage(_ output: Int) -> String {
    #"{"input_tokens":\#(promptTokens),"output_tokens":\#(output),"#
      + #""cache_creation_input_tokens":0,"cache_read_input_tokens":0}"#
  }

  func message(
    _ model: String, _ text: String, isMock: Bool, _ identity: AnswerIdentity
  ) -> ProxyAnswer {
    if isMock { return mockMessage(model, text) }
    return ProxyAnswer(
      status: 200,
      json: #"{"id":"msg_\#(identity.hex(1, count: 24))","type":"message","role":"assistant","#
        + #""model":\#(JSONText.quoted(model)),"content":[{"type":"text","#
        + #""text":\#(JSONText.quoted(text))}],"stop_reason":"end_turn","stop_sequence":null,"#
        + #""usage":\#(messageUsage(max(1, text.utf8.count / 4)))}"#)
  }

  /// A mock response is the example of Anthropic's manual, with its identifier and its counts.
  private func mockMessage(_ model: String, _ text: String) -> ProxyAnswer {
    ProxyAnswer(
      status: 200,
      json: #"{"content":[{"text":\#(JSONText.quoted(text)),"type":"text"}],"#
        + #""id":"msg_013Zva2CMHLNnXjNJJKqJ2EF","model":\#(JSONText.quoted(model)),"#
        + #""role":"assistant","stop_reason":"end_turn","stop_sequence":null,"type":"message","#
        + #""usage":{"input_tokens":2095,"output_tokens":503}}"#)
  }

  func messageStream(_ model: String, _ text: String, _ identity: AnswerIdentity) -> ProxyAnswer {
    func event(_ type: String, _ members: String) -> String {
      "event: \(type)\n" + #"data: {"type":"\#(type)"\#(members)}"# + "\n\n"
    }
    var events = [
      event(
        "message_start",
        #","message":{"id":"msg_\#(identity.hex(1, count: 24))","type":"message","#
          + #""role":"assistant","model":\#(JSONText.quoted(model)),"content":[],"#
          + #""stop_reason":null,"stop_sequence":null,"usage":\#(messageUsage(1))}"#),
      event(
        "content_block_start", #","index":0,"content_block":{"type":"text","text":""}"#),
    ]
    for piece in TextPieces.words(text) {
      events.append(
        event(
          "content_block_delta",
          #","index":0,"delta":{"type":"text_delta","text":\#(JSONText.quoted(piece))}"#))
    }
    events += [
      event("content_block_stop", #","index":0"#),
      event(
        "message_delta",
        #","delta":{"stop_reason":"end_turn","stop_sequence":null},"#
          + #""usage":{"output_tokens":\#(max(1, text.utf8.count / 4))}"#),
      event("message_stop", ""),
    ]
    return .stream(events)
  }
}
