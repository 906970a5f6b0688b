extension ProxyConfiguration {
  /// Reads LiteLLM's own `config.yaml` as it is.
  ///
  /// - Parameters:
  ///   - file: for messages.
  ///   - environment: what `os.environ/NAME` names.
  /// - Throws: where it is no YAML. What the stub doesn't know stands in `unknownMembers`.
  public init(
    yaml: String, file: String, environment: [String: String]
  ) throws(ProxyConfigurationError) {
    self.init()
    let document = try JSONValue(yaml: yaml, file: file)
    guard case .object(let sections) = document else {
      guard document != .null else { return }
      throw ProxyConfigurationError(
        file: file, line: 1, column: 1, problem: "no mapping; is it LiteLLM's config.yaml?")
    }
    for name in sections.keys.sorted() where !Self.knownSections.contains(name) {
      unknownMembers.append(name)
    }
    for (index, element) in (sections["model_list"]?.array ?? []).enumerated() {
      guard let name = element["model_name"]?.string,
        let deployment = element["litellm_params"]?["model"]?.string
      else {
        throw ProxyConfigurationError(
          file: file,
          problem: "model_list[\(index)] needs model_name and litellm_params.model")
      }
      let parameters = element["litellm_params"]?.resolving(environment) ?? .null
      models.append(
        Model(
          name: name, deployment: deployment, mockResponse: parameters["mock_response"]?.string,
          apiBase: parameters["api_base"]?.string, parameters: parameters,
          information: element["model_info"]))
    }
    let general = sections["general_settings"]?.resolving(environment)
    masterKey = general?["master_key"]?.string
    keyHeaderName = general?["litellm_key_header_name"]?.string?.lowercased()
    if case .object(let members)? = general {
      for name in members.keys.sorted() where !Self.knownSettings.contains(name) {
        unknownMembers.append("general_settings.\(name)")
      }
    }
    dropsParameters = sections["litellm_settings"]?["drop_params"] == .boolean(true)
  }

  /// The others are LiteLLM's as well, and don't show in answers of a stub.
  private static let knownSections: Set<String> = [
    "model_list", "litellm_settings", "router_settings", "general_settings",
    "environment_variables",
  ]
  private static let knownSettings: Set<String> = ["master_key", "litellm_key_header_name"]
}

extension JSONValue {
  /// With `os.environ/NAME` filled in; empty where there is none, as LiteLLM takes it for unset.
  fileprivate func resolving(_ environment: [String: String]) -> JSONValue {
    switch self {
    case .string(let text) where text.hasPrefix("os.environ/"):
      environment[String(text.dropFirst(11))].map { .string($0) } ?? .null
    case .object(let members): .object(members.mapValues { $0.resolving(environment) })
    case .array(let values): .array(values.map { $0.resolving(environment) })
    default: self
    }
  }
}
