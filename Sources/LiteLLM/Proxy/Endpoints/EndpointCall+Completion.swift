internal import Redaction

extension EndpointCall {
  func completion(_ model: String, _ text: String, _ identity: AnswerIdentity) -> ProxyAnswer {
    let count = max(1, text.utf8.count / 4)
    return ProxyAnswer(
      status: 200,
      json: #"{"id":"cmpl-\#(identity.hex(1, count: 24))","object":"text_completion","#
        + #""created":\#(seconds),"model":\#(JSONText.quoted(model)),"choices":[{"finish_reason":"stop","#
        + #""index":0,"text":\#(JSONText.quoted(text)),"logprobs":null}],"#
        + #""usage":{"completion_tokens":\#(count),"prompt_tokens":\#(promptTokens),"#
        + #""total_tokens":\#(count + promptTokens),"completion_tokens_details":null,"#
        + #""prompt_tokens_details":null},"system_fingerprint":null}"#)
  }

  func completionStream(_ model: String, _ text: String, _ identity: AnswerIdentity) -> ProxyAnswer
  {
    func event(_ choice: String) -> String {
      #"data: {"id":"cmpl-\#(identity.hex(1, count: 24))","object":"text_completion","#
        + #""created":\#(seconds),"model":\#(JSONText.quoted(model)),"choices":[{\#(choice)}],"#
        + #""usage":{"completion_tokens":0,"prompt_tokens":0,"total_tokens":0}}"# + "\n\n"
    }
    return .stream(
      TextPieces.words(text).map { event(#""index":0,"text":\#(JSONText.quoted($0))"#) } + [
        event(#""finish_reason":"stop","index":0"#), "data: [DONE]\n\n",
      ])
  }

  func embeddings(_ model: String) -> ProxyAnswer {
    let inputs =
      switch body["input"] {
      case .array(let values)? where values.contains(where: { $0.string != nil || $0.array != nil }):
        values.count
      default: 1
      }
    let isBase64 = body["encoding_format"]?.string == "base64"
    // 0.5, -0.25, 0.125 and 1.0: exact in any precision; little-endian floats in base64.
    let vector = isBase64 ? #""AAAAPwAAgL4AAAA+AACAPw==""# : "[0.5,-0.25,0.125,1.0]"
    let data = (0..<inputs).map {
      #"{"embedding":\#(vector),"index":\#($0),"object":"embedding"}"#
    }.joined(separator: ",")
    return ProxyAnswer(
      status: 200,
      json: #"{"model":\#(JSONText.quoted(model)),"data":[\#(data)],"object":"list","#
        + #""usage":{"completion_tokens":0,"prompt_tokens":\#(promptTokens),"#
        + #""total_tokens":\#(promptTokens),"completion_tokens_details":null,"#
        + #""prompt_tokens_details":null}}"#)
  }
}
