internal import Redaction

extension EndpointCall {
  /// Those that the key may see.
  private var visibleModels: [ProxyConfiguration.Model] {
    let lists = [virtualKey?.models ?? [], team?.models ?? []].filter { !$0.isEmpty }
    return configuration.models.filter { model in
      lists.allSatisfy { $0.contains(model.name) }
    }
  }

  private func object(_ model: ProxyConfiguration.Model) -> String {
    let head =
      #"{"id":\#(JSONText.quoted(model.name)),"object":"model","created":1677610602,"#
      + #""owned_by":"openai""#
    guard profile == .v106, let known = KnownModel.named(model.deployment) else {
      return head + "}"
    }
    let output = known.output.map { #","max_output_tokens":\#($0)"# } ?? ""
    return head + #","mode":"\#(known.mode)","max_input_tokens":\#(known.input)\#(output)}"#
  }

  func models() -> ProxyAnswer {
    var seen: Set<String> = []
    let list = visibleModels.filter { seen.insert($0.name).inserted }.map(object)
    return ProxyAnswer(
      status: 200, json: #"{"data":[\#(list.joined(separator: ","))],"object":"list"}"#)
  }

  func model(_ id: String) -> ProxyAnswer {
    if virtualKey != nil {
      return Refusal.onlyAdmin(request.path)
    }
    guard let model = visibleModels.first(where: { $0.name == id }) else {
      return Refusal.detail(404, "The model `\(id)` does not exist or is not accessible")
    }
    return ProxyAnswer(status: 200, json: object(model))
  }

  /// `model/info` and `model_group/info`, without what LiteLLM knows of every model's prices.
  func modelInformation() -> ProxyAnswer {
    if endpoint == .modelInfoV2, !hasDatabase {
      return ProxyAnswer(
        status: 500, json: #"{"detail":{"error":\#(JSONText.quoted(Self.needsDatabase))}}"#)
    }
    if endpoint == .modelInfo, let id = query("litellm_model_id") {
      let message = JSONText.quoted("Model id = \(id) not found on litellm proxy")
      return ProxyAnswer(status: 400, json: #"{"detail":{"error":\#(message)}}"#)
    }
    let list = visibleModels.map { model in
      endpoint == .modelGroupInfo
        ? #"{"model_group":\#(JSONText.quoted(model.name)),"providers":["#
          + JSONText.quoted(String(model.deployment.prefix { $0 != "/" })) + #"],"mode":"chat"}"#
        : #"{"model_name":\#(JSONText.quoted(model.name)),"litellm_params":{"#
          + (model.apiBase.map { #""api_base":\#(JSONText.quoted($0)),"# } ?? "")
          + #""model":\#(JSONText.quoted(model.deployment))},"#
          + #""model_info":\#(model.information?.description ?? "{}")}"#
    }
    return ProxyAnswer(status: 200, json: #"{"data":[\#(list.joined(separator: ","))]}"#)
  }

  func query(_ name: String) -> String? {
    guard let start = request.target.firstIndex(of: "?") else { return nil }
    for pair in request.target[start...].dropFirst().split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts[0] == name, parts.count == 2 { return PercentCode.decoded(parts[1]) }
    }
    return nil
  }

  func health() -> ProxyAnswer {
    let healthy = configuration.models.map { #"{"model":\#(JSONText.quoted($0.deployment))}"# }
    return ProxyAnswer(
      status: 200,
      json: #"{"healthy_endpoints":[\#(healthy.joined(separator: ","))],"unhealthy_endpoints":[],"#
        + #""healthy_count":\#(healthy.count),"unhealthy_count":0}"#)
  }

  static let needsDatabase =
    "DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection "
    + "string (postgresql://...) to enable it. See https://docs.litellm.ai/docs/proxy/virtual_keys"
}
