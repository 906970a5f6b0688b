internal import Redaction

extension ProxyAnswer {
  /// What LiteLLM tells about a model's call in the fields of its answer.
  mutating func addModelFields(
    _ call: EndpointCall, _ model: ProxyConfiguration.Model, _ identity: AnswerIdentity
  ) {
    let prefix = "x-litellm-"
    var added: [(name: String, value: String)] = [
      (prefix + "call-id", identity.uuid),
      (prefix + "model-id", model.id),
    ]
    if call.profile == .v106 { added.append((prefix + "model-name", model.deployment)) }
    let isStream = if case .events = content { true } else { false }
    let base =
      model.apiBase
      ?? (call.profile == .v106 && model.provider == "openai"
        ? "https://api.openai.com" : nil)
    if let base, call.endpoint != .messages, call.endpoint != .completions || !isStream {
      added.append((prefix + "model-api-base", base))
    }
    added.append((prefix + "version", call.profile == .v76 ? "1.76.3" : "1.106.2"))
    switch call.profile {
    case .v76:
      added += [
        (prefix + "response-cost", "0.0"), (prefix + "key-spend", "0.0"),
        (prefix + "model-group", model.name), (prefix + "response-duration-ms", "1.0"),
      ]
    case .v106:
      let cost = isStream || call.endpoint == .messages ? nil : self.cost(of: model)
      let total = cost.map { $0.input + $0.output } ?? 0
      if total > 0 { added.append((prefix + "response-cost", "\(total)")) }
      added += [
        (prefix + "response-cost-original", "\(total)"),
        (prefix + "response-cost-discount-amount", "0.0"),
        (prefix + "response-cost-margin-amount", "0.0"),
        (prefix + "response-cost-margin-percent", "0.0"),
        (prefix + "response-cost-input", "\(cost?.input ?? 0)"),
        (prefix + "response-cost-output", "\(cost?.output ?? 0)"),
        (prefix + "response-cost-tool-usage", "0.0"),
        (prefix + "key-spend", "\((call.virtualKey?.spend ?? 0) + total)"),
        (prefix + "response-duration-ms", "1.0"),
      ]
      if call.endpoint != .messages { added.append((prefix + "callback-duration-ms", "0.0")) }
      added.append((prefix + "model-group", model.name))
    }
    added += [(prefix + "attempted-retries", "0"), (prefix + "attempted-fallbacks", "0")]
    if isStream {
      fields.insert(contentsOf: added, at: 0)
    } else {
      fields += added
    }
  }

  /// What LiteLLM tells in the fields of an error behind its check of the key.
  mutating func addFailureFields(_ identity: AnswerIdentity) {
    fields.insert(
      contentsOf: [
        ("x-litellm-call-id", identity.uuid), ("x-litellm-response-cost", "0"),
        ("x-litellm-key-spend", "0.0"),
      ], at: 0)
  }

  /// By the tokens that the answer tells of.
  private func cost(of model: ProxyConfiguration.Model) -> (input: Double, output: Double)? {
    guard let known = KnownModel.named(model.deployment), known.price != nil,
      case .bytes(let bytes) = content, let usage = (try? RequestJSON.parse(bytes))?["usage"]
    else { return nil }
    func tokens(_ names: String...) -> Int {
      for name in names {
        if case .integer(let count)? = usage[name] { return count }
      }
      return 0
    }
    return known.cost(
      prompt: tokens("prompt_tokens", "input_tokens"),
      completion: tokens("completion_tokens", "output_tokens"))
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

extension ProxyConfiguration.Model {
  /// `openai` of `openai/gpt-4o`.
  var provider: String { String(deployment.prefix { $0 != "/" }) }

  /// 64 hexadecimal digits that stay the same for a deployment.
  var id: String {
    let text = (name + deployment + (apiBase ?? "")).utf8
    var hash = StableBits.emptyHash
    return (0..<4).map { _ in
      hash = StableBits.hash(text, behind: hash)
      let word = String(hash, radix: 16)
      return String(repeating: "0", count: 16 - word.count) + word
    }.joined()
  }
}
