/// Which of the proxy's routes a path is, before any key is looked at.
enum RouteTable {
  enum Match: Equatable {
    case endpoint(ProxyEndpoint, pathModel: String?)
    case notFound
    /// The methods that the path has.
    case wrongMethod(allow: String)
    /// The health checks answer OPTIONS themselves.
    case options(allow: String)
    /// FastAPI sends a path with a slash too many to the one without.
    case redirect(String)
  }

  private static let fixed: [String: (methods: [String], endpoint: ProxyEndpoint)] = {
    var table: [String: (methods: [String], endpoint: ProxyEndpoint)] = [:]
    func add(_ method: String, _ endpoint: ProxyEndpoint, _ paths: String...) {
      for path in paths { table[path] = ([method], endpoint) }
    }
    add("POST", .chatCompletions, "/chat/completions", "/v1/chat/completions")
    add("POST", .completions, "/completions", "/v1/completions")
    add("POST", .embeddings, "/embeddings", "/v1/embeddings")
    add("POST", .responses, "/responses", "/v1/responses")
    add("POST", .messages, "/v1/messages")
    add("POST", .countTokens, "/v1/messages/count_tokens")
    add("GET", .models, "/models", "/v1/models")
    add("GET", .modelInfo, "/model/info", "/v1/model/info")
    add("GET", .modelInfoV2, "/v2/model/info")
    add("GET", .modelGroupInfo, "/model_group/info")
    add("GET", .health, "/health")
    add("GET", .liveliness, "/health/liveliness", "/health/liveness")
    add("GET", .readiness, "/health/readiness")
    add("GET", .keyInfo, "/key/info")
    add("POST", .keyGenerate, "/key/generate")
    return table
  }()

  static func match(_ request: ProxyRequest, host: String, profile: ProxyProfile) -> Match {
    let path = String(request.path)
    let method = request.method
    if let found = find(path) {
      if method == "OPTIONS", found.endpoint == .liveliness || found.endpoint == .readiness {
        return .options(allow: "GET, OPTIONS")
      }
      guard found.methods.contains(method) else {
        return .wrongMethod(allow: found.methods.joined(separator: ", "))
      }
      return .endpoint(found.endpoint, pathModel: found.model)
    }
    let catalogue = RouteCatalogue.of(profile)
    if let (entry, values) = catalogue.find(request.path) {
      guard let operation = entry.operations.first(where: { $0.method == method }) else {
        return .wrongMethod(allow: entry.allow)
      }
      return .endpoint(.other(OtherEndpoint(path, operation, values)), pathModel: nil)
    }
    if path.count > 1, path.hasSuffix("/"), !path.hasSuffix("//"),
      find(String(path.dropLast())) != nil || catalogue.find(request.path.dropLast()) != nil
    {
      return .redirect("http://\(host)\(path.dropLast())")
    }
    return .notFound
  }

  private static func find(
    _ path: String
  ) -> (methods: [String], endpoint: ProxyEndpoint, model: String?)? {
    if let entry = fixed[path] { return (entry.methods, entry.endpoint, nil) }
    for prefix in ["/v1/models/", "/models/"] where path.hasPrefix(prefix) {
      let id = path.dropFirst(prefix.count)
      // A model's name may hold slashes, as `openai/gpt-4o` does; none ends in one.
      guard !id.isEmpty, !id.hasSuffix("/") else { return nil }
      return (["GET"], .model(id: decoded(id)), nil)
    }
    for prefix in ["/openai/deployments/", "/engines/"] where path.hasPrefix(prefix) {
      for (suffix, endpoint) in [
        ("/chat/completions", ProxyEndpoint.chatCompletions), ("/completions", .completions),
        ("/embeddings", .embeddings),
      ] where path.hasSuffix(suffix) {
        let model = path.dropFirst(prefix.count).dropLast(suffix.count)
        guard !model.isEmpty else { return nil }
        return (["POST"], endpoint, decoded(model))
      }
    }
    return nil
  }

  private static func decoded(_ text: Substring) -> String {
    PercentCode.decoded(text)
  }
}
