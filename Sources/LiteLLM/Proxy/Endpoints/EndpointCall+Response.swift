internal import Redaction

extension EndpointCall {
  private func responseID(_ identity: AnswerIdentity) -> String {
    "resp_" + identity.hex(1) + identity.hex(3)
  }

  func response(_ model: String, _ text: String, _ identity: AnswerIdentity) -> ProxyAnswer {
    let count = max(1, text.utf8.count / 4)
    return ProxyAnswer(
      status: 200,
      json: #"{"id":"\#(responseID(identity))","created_at":\#(seconds),"error":null,"#
        + #""incomplete_details":null,"instructions":null,"metadata":{},"#
        + #""model":\#(JSONText.quoted(model)),"object":"response","output":["#
        + #"{"id":"msg_\#(identity.hex(2, count: 24))","content":[{"annotations":[],"#
        + #""text":\#(JSONText.quoted(text)),"type":"output_text","logprobs":null}],"#
        + #""role":"assistant","status":"completed","type":"message","phase":null}],"#
        + #""parallel_tool_calls":true,"temperature":1.0,"tool_choice":"auto","tools":[],"#
        + #""top_p":1.0,"max_output_tokens":null,"previous_response_id":null,"#
        + #""reasoning":{"effort":null,"summary":null},"status":"completed","#
        + #""text":{"format":{"type":"text"}},"truncation":"disabled","#
        + #""usage":{"input_tokens":\#(promptTokens),"input_tokens_details":{"audio_tokens":null,"#
        + #""cached_tokens":0,"cached_tokens_details":null,"image_tokens":null,"text_tokens":null,"#
        + #""video_tokens":null},"output_tokens":\#(count),"output_tokens_details":"#
        + #"{"audio_tokens":null,"reasoning_tokens":0,"text_tokens":null},"#
        + #""total_tokens":\#(promptTokens + count),"cost":null},"user":null,"store":false}"#)
  }

  func responseStream(_ model: String, _ text: String, _ identity: AnswerIdentity) -> ProxyAnswer {
    var events: [String] = []
    let quotedModel = JSONText.quoted(model)
    let item = "msg_" + identity.hex(2, count: 24)
    func add(_ type: String, _ members: String) {
      events.append(
        #"data: {"type":"response.\#(type)",\#(members),"sequence_number":\#(events.count),"#
          + #""model":\#(quotedModel)}"# + "\n\n")
    }
    func response(_ status: String, _ output: String, _ usage: String = "") -> String {
      #""response":{"id":"\#(responseID(identity))","created_at":\#(seconds),"metadata":{},"#
        + #""model":\#(quotedModel),"object":"response","output":[\#(output)],"#
        + #""parallel_tool_calls":true,"temperature":1.0,"tool_choice":"auto","tools":[],"#
        + #""top_p":1.0,"reasoning":{"effort":null,"summary":null},"status":"\#(status)","#
        + #""text":{"format":{"type":"text"}},"truncation":"disabled"\#(usage),"store":false}"#
    }
    let place = #""item_id":"\#(item)","output_index":0,"content_index":0"#
    add("created", response("in_progress", ""))
    add(
      "output_item.added",
      #""output_index":0,"item":{"type":"message","id":"\#(item)","status":"in_progress","#
        + #""role":"assistant","content":[]}"#)
    add(
      "content_part.added",
      place + #","part":{"type":"output_text","text":"","annotations":[]}"#)
    for piece in TextPieces.words(text) {
      add("output_text.delta", place + #","delta":\#(JSONText.quoted(piece))"#)
    }
    add("output_text.done", place + #","text":\#(JSONText.quoted(text))"#)
    let count = max(1, text.utf8.count / 4)
    add(
      "completed",
      response(
        "completed",
        #"{"id":"\#(item)","content":[{"annotations":[],"text":\#(JSONText.quoted(text)),"#
          + #""type":"output_text"}],"role":"assistant","status":"completed","type":"message"}"#,
        #","usage":{"input_tokens":\#(promptTokens),"input_tokens_details":{"cached_tokens":0},"#
          + #""output_tokens":\#(count),"output_tokens_details":{"reasoning_tokens":0},"#
          + #""total_tokens":\#(promptTokens + count),"cost":0.0}"#))
    return .stream(events + ["data: [DONE]\n\n"])
  }
}
