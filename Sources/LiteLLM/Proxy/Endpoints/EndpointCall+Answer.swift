extension EndpointCall {
  /// What the endpoint answers.
  public func answer() -> ProxyAnswer {
    switch endpoint {
    case .chatCompletions, .completions, .embeddings, .responses, .messages: modelCall()
    case .countTokens:
      ProxyAnswer(
        status: 200,
        json: profile == .v76
          ? #"{"input_tokens":\#(promptTokens)}"#
          : #"{"input_tokens":\#(promptTokens),"litellm_count_source":"local_estimate"}"#)
    case .models: models()
    case .model(let id): model(id)
    case .modelInfo, .modelInfoV2, .modelGroupInfo: modelInformation()
    case .liveliness: ProxyAnswer(status: 200, json: #""I'm alive!""#)
    case .readiness:
      ProxyAnswer(
        status: 200,
        json: #"{"status":"healthy","db":"\#(hasDatabase ? "connected" : "Not connected")"}"#)
    case .health: health()
    case .keyInfo, .keyGenerate, .other: management()
    }
  }

  /// In seconds since 1970.
  var seconds: Int64 { now / 1_000_000_000 }

  /// Roughly what the tokenizer would count: four bytes a token.
  var promptTokens: Int { max(1, request.body.count / 12) }
}
