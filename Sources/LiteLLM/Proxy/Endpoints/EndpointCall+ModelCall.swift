internal import Redaction

extension EndpointCall {
  /// The model that the request asks for: the path's, else the body's.
  private var requestedModel: String? { pathModel ?? body["model"]?.string }

  /// A deployment is found by its public name, and by its provider's.
  private func deployment(_ name: String) -> ProxyConfiguration.Model? {
    configuration.models.first { $0.name == name }
      ?? configuration.models.first { $0.deployment == name }
      // Without a configuration every model is there: a stub needs none.
      ?? (configuration.models.isEmpty
        ? ProxyConfiguration.Model(
          name: name, deployment: name.contains("/") ? name : "openai/\(name)") : nil)
  }

  /// The path without a version in front, as LiteLLM names the operation.
  private var operation: String {
    switch endpoint {
    case .chatCompletions: "/chat/completions"
    case .completions: "/completions"
    case .embeddings: "/embeddings"
    case .responses: "/responses"
    case .messages: "/v1/messages"
    default: String(request.path)
    }
  }

  func modelCall() -> ProxyAnswer {
    var answer = answerOfModel()
    if answer.status >= 400, endpoint == .chatCompletions {
      answer.addFailureFields(AnswerIdentity(self))
    }
    return answer
  }

  private func answerOfModel() -> ProxyAnswer {
    // 1.76 looks for the model first.
    if profile == .v106, let refusal = missingParameter { return refusal }
    guard let name = requestedModel, let model = deployment(name) else {
      return invalidModel(requestedModel ?? "None")
    }
    if let refusal = missingParameter ?? textAsMessages(name) { return refusal }
    if let refusal = unsupportedParameter(name, model) { return refusal }
    let identity = AnswerIdentity(self)
    let text = model.mockResponse ?? "Hello from the stub."
    let isStream = body["stream"] == .boolean(true)
    let isClaude = model.deployment.hasPrefix("anthropic/")
    var answer: ProxyAnswer
    switch endpoint {
    case .completions:
      answer = isStream ? completionStream(name, text, identity) : completion(name, text, identity)
    case .embeddings: answer = embeddings(name)
    case .responses:
      answer = isStream ? responseStream(name, text, identity) : response(name, text, identity)
    case .messages:
      answer =
        isStream
        ? messageStream(name, text, identity)
        : message(name, text, isMock: model.mockResponse != nil, identity)
    default:
      let chat = ChatAnswer(
        call: self, model: name, text: text, isMock: model.mockResponse != nil, isClaude: isClaude,
        identity: identity)
      answer = isStream ? chat.stream() : chat.whole()
    }
    answer.addModelFields(self, model, identity)
    return answer
  }

  // MARK: Refusals

  private var missingParameter: ProxyAnswer? {
    let name: String
    switch endpoint {
    case .chatCompletions, .messages: name = "messages"
    default: return nil
    }
    guard body[name] == nil else { return nil }
    if profile == .v76 {
      return Refusal.error(
        500, "Router.acompletion() missing 1 required positional argument: '\(name)'",
        type: "None", param: #""None""#)
    }
    return ProxyAnswer(
      status: 400,
      json:
        #"{"error":{"message":\#(JSONText.quoted("\(operation): Missing required parameter: '\(name)'.")),"#
        + #""type":"invalid_request_error","param":"\#(name)","code":"400"}}"#)
  }

  /// Messages that are a text, where a list belongs: Python's own complaint comes through.
  private func textAsMessages(_ name: String) -> ProxyAnswer? {
    guard endpoint == .chatCompletions, body["messages"]?.string != nil else { return nil }
    let message =
      "litellm.APIConnectionError: APIConnectionError: OpenAIException - 'str' object has no "
      + "attribute 'get'"
    guard profile == .v106 else {
      var answer = Refusal.error(
        500, "\(message). Received Model Group=\(name)\nAvailable Model Group Fallbacks=None",
        type: nil)
      answer.fields.insert(("x-litellm-timeout", "600.0"), at: 0)
      return answer
    }
    var answer = Refusal.error(
      400,
      "Invalid request format: \(message)\n\nLiteLLM: model group '\(name)' failed with the error "
        + "above. No fallback was attempted.", type: "invalid_request_error")
    answer.fields.insert(("x-litellm-timeout", "600.0"), at: 0)
    return answer
  }

  private func invalidModel(_ name: String) -> ProxyAnswer {
    let message = JSONText.quoted(
      "\(operation): Invalid model name passed in model=\(name). Call `/v1/models` to view "
        + "available models for your key.")
    if profile == .v76 {
      return Refusal.error(
        400,
        "{'error': '\(operation): Invalid model name passed in model=\(name). Call `/v1/models` to "
          + "view available models for your key.'}", type: "None", param: #""None""#)
    }
    let fields = #","provider_specific_fields":{"error":\#(message)}"#
    return ProxyAnswer(
      status: 400,
      json: #"{"error":{"message":\#(message),"type":"invalid_request_error","param":null,"#
        + #""code":"400"\#(fields)}}"#)
  }

  /// `reasoning_effort` for a model that doesn't reason: what Bytebot's agent sends to all.
  private func unsupportedParameter(
    _ name: String, _ model: ProxyConfiguration.Model
  ) -> ProxyAnswer? {
    guard endpoint == .chatCompletions, body["reasoning_effort"]?.string != nil,
      !configuration.dropsParameters, model.mockResponse == nil,
      model.deployment.hasPrefix("openai/")
    else { return nil }
    let short = String(model.deployment.dropFirst(7))
    guard !short.hasPrefix("o1"), !short.hasPrefix("o3"), !short.hasPrefix("o4"),
      !short.hasPrefix("gpt-5")
    else { return nil }
    let message =
      "litellm.UnsupportedParamsError: openai does not support parameters: ['reasoning_effort'], "
      + "for model=\(short). To drop these, set `litellm.drop_params=True` or for proxy:\n\n"
      + "`litellm_settings:\n drop_params: true`\n. \n If you want to use these params dynamically "
      + "send allowed_openai_params=['reasoning_effort'] in your request.\n\nLiteLLM: model group "
      + "'\(name)' failed with the error above. No fallback was attempted."
    var answer = Refusal.error(400, message, type: "invalid_request_error")
    answer.fields.insert(("x-litellm-timeout", "600.0"), at: 0)
    return answer
  }
}
