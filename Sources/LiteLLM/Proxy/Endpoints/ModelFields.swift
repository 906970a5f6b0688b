internal import Redaction

extension ProxyAnswer {
  /// What LiteLLM tells about a model's call in the fields of its answer.
  mutating func addModelFields(
    _ call: EndpointCall, _ model: ProxyConfiguration.Model, _ identity: AnswerIdentity
  ) {
    let prefix = "x-litellm-"
    var added: [(name: String, value: String)] = [
      (prefix + "call-id", identity.uuid),
      (prefix + "model-id", Self.modelID(model)),
    ]
    if call.profile == .v106 { added.append((prefix + "model-name", model.deployment)) }
    let isStream = if case .events = content { true } else { false }
    if let base = model.apiBase, call.endpoint != .messages,
      call.endpoint != .completions || !isStream
    {
      added.append((prefix + "model-api-base", base))
    }
    added += [
      (prefix + "version", call.profile == .v76 ? "1.76.3" : "1.106.2"),
      (prefix + "response-cost", "0.0"),
      (prefix + "key-spend", "0.0"),
      (prefix + "model-group", model.name),
      (prefix + "response-duration-ms", "1.0"),
      (prefix + "attempted-retries", "0"),
      (prefix + "attempted-fallbacks", "0"),
    ]
    if isStream {
      fields.insert(contentsOf: added, at: 0)
    } else {
      fields += added
    }
  }

  /// 64 hexadecimal digits that stay the same for a deployment.
  private static func modelID(_ model: ProxyConfiguration.Model) -> String {
    let text = (model.name + model.deployment + (model.apiBase ?? "")).utf8
    var hash = StableBits.emptyHash
    return (0..<4).map { _ in
      hash = StableBits.hash(text, behind: hash)
      let word = String(hash, radix: 16)
      return String(repeating: "0", count: 16 - word.count) + word
    }.joined()
  }

  /// A stream's answer, with what keeps proxies between from buffering it.
  static func stream(_ events: [String]) -> ProxyAnswer {
    stream(EventList(events.map { Array($0.utf8) }))
  }

  static func stream(_ events: EventList) -> ProxyAnswer {
    ProxyAnswer(
      status: 200,
      fields: [
        ("cache-control", "no-cache"), ("x-accel-buffering", "no"),
        ("content-type", "text/event-stream; charset=utf-8"),
      ], content: .events(events))
  }
}
