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
    table["/"] = (["GET", "HEAD"], .other(path: "/"))
    for (method, paths) in others {
      for path in paths {
        table[path, default: ([], .other(path: path))].methods.append(method)
      }
    }
    return table
  }()

  /// What else LiteLLM has and a client may ask for.
  private static let others: [(method: String, paths: [String])] = [
    (
      "GET",
      [
        "/test", "/routes", "/health/services", "/health/history", "/health/latest",
        "/health/license", "/key/list", "/key/aliases", "/user/info", "/user/list",
        "/user/daily/activity", "/team/info", "/team/list", "/v2/team/list", "/team/available",
        "/customer/list", "/customer/info", "/organization/list", "/organization/info",
        "/spend/logs", "/spend/keys", "/spend/users", "/spend/tags", "/global/spend/report",
        "/global/spend", "/global/spend/logs", "/get/config/callbacks", "/config/yaml",
        "/utils/supported_openai_params", "/settings", "/active/callbacks", "/budget/list",
        "/credentials", "/guardrails/list", "/cache/ping", "/batches", "/v1/batches", "/files",
        "/v1/files", "/assistants", "/v1/assistants", "/fine_tuning/jobs", "/v1/fine_tuning/jobs",
      ]
    ),
    (
      "POST",
      [
        "/key/update", "/key/delete", "/key/block", "/key/unblock", "/key/health",
        "/key/regenerate", "/v2/key/info", "/user/new", "/user/update", "/user/delete", "/team/new",
        "/team/update", "/team/delete", "/team/block", "/team/unblock", "/team/member_add",
        "/model/new", "/model/update", "/model/delete", "/customer/new", "/organization/new",
        "/spend/calculate", "/global/spend/reset", "/utils/token_counter",
        "/utils/transform_request", "/budget/new", "/budget/info", "/moderations",
        "/v1/moderations", "/images/generations", "/v1/images/generations", "/images/edits",
        "/v1/images/edits", "/audio/speech", "/v1/audio/speech", "/audio/transcriptions",
        "/v1/audio/transcriptions", "/rerank", "/v1/rerank", "/v2/rerank", "/batches",
        "/v1/batches", "/files", "/v1/files", "/assistants", "/v1/assistants", "/threads",
        "/v1/threads", "/fine_tuning/jobs", "/v1/fine_tuning/jobs", "/cache/delete",
      ]
    ),
  ]

  static func match(_ request: ProxyRequest, host: String) -> Match {
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
    if path.count > 1, path.hasSuffix("/"), !path.hasSuffix("//"),
      find(String(path.dropLast())) != nil
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
