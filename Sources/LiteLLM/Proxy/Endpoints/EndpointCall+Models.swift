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
      return Refusal.onlyAdmin(request.path, profile)
    }
    guard let model = visibleModels.first(where: { $0.name == id }) else {
      return Refusal.detail(404, "The model `\(id)` does not exist or is not accessible")
    }
    return ProxyAnswer(status: 200, json: object(model))
  }

  /// `model/info` and `model_group/info`, without the hundred and more members that are null for
  /// nearly every model.
  func modelInformation() -> ProxyAnswer {
    if endpoint == .modelInfoV2, !hasDatabase {
      return ProxyAnswer(
        status: 500, json: #"{"detail":{"error":\#(JSONText.quoted(Self.needsDatabase))}}"#)
    }
    if endpoint == .modelInfo, let id = query("litellm_model_id") {
      let message = JSONText.quoted("Model id = \(id) not found on litellm proxy")
      return ProxyAnswer(status: 400, json: #"{"detail":{"error":\#(message)}}"#)
    }
    let list = visibleModels.map(endpoint == .modelGroupInfo ? group : information)
    return ProxyAnswer(status: 200, json: #"{"data":[\#(list.joined(separator: ","))]}"#)
  }

  private func group(_ model: ProxyConfiguration.Model) -> String {
    Self.object(
      [
        ("model_group", JSONText.quoted(model.name)),
        ("providers", "[\(JSONText.quoted(model.provider))]"),
      ] + known(model) + [("tpm", "null"), ("rpm", "null"), ("is_public_model_group", "false")])
  }

  private func information(_ model: ProxyConfiguration.Model) -> String {
    let base = model.apiBase.map { [("api_base", JSONText.quoted($0))] } ?? []
    let mock = model.mockResponse.map { [("mock_response", JSONText.quoted($0))] } ?? []
    let flags =
      profile == .v76
      ? ["use_in_pass_through", "use_litellm_proxy", "merge_reasoning_content_in_choices"]
      : [
        "allow_client_keepalive_override", "use_in_pass_through", "use_litellm_proxy",
        "use_xai_oauth", "merge_reasoning_content_in_choices",
      ]
    let parameters =
      base + flags.map { ($0, "false") } + mock + [("model", JSONText.quoted(model.deployment))]
    // What the configuration says of a model stands in the place of what the table does.
    var own: [(String, String)] = []
    if case .object(let members)? = model.information {
      own = members.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) }
    }
    let key = model.provider == "openai" ? model.deployment.dropFirst(7) : model.deployment[...]
    let table =
      [
        ("id", JSONText.quoted(model.id)), ("db_model", "false"),
        ("key", JSONText.quoted(String(key))),
      ] + known(model) + [("litellm_provider", JSONText.quoted(model.provider))]
    return Self.object([
      ("model_name", JSONText.quoted(model.name)),
      ("litellm_params", Self.object(parameters)),
      (
        "model_info",
        Self.object(own + table.filter { entry in !own.contains { $0.0 == entry.0 } })
      ),
    ])
  }

  /// What the table of models says.
  private func known(_ model: ProxyConfiguration.Model) -> [(String, String)] {
    let known = KnownModel.named(model.deployment)
    func price(_ value: Double?) -> String { value.map { "\($0 / 1e6)" } ?? "null" }
    return [
      ("max_input_tokens", known.map { String($0.input) } ?? "null"),
      ("max_output_tokens", known?.output.map { String($0) } ?? "null"),
      ("input_cost_per_token", price(known?.price?.input)),
      ("output_cost_per_token", price(known?.price?.output)),
      ("mode", known.map { JSONText.quoted($0.mode) } ?? "null"),
    ]
  }

  /// - Parameter members: names, and values as JSON.
  private static func object(_ members: [(String, String)]) -> String {
    "{\(members.map { "\(JSONText.quoted($0.0)):\($0.1)" }.joined(separator: ","))}"
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
