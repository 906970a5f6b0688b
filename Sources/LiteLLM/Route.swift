/// What LiteLLM's proxy does with a path, as far as credentials go.
///
/// Read in the sources of LiteLLM 1.106 (`LiteLLMRoutes`) and measured against it.
public enum Route {
  private static let publicPaths: Set<String> = [
    "/", "/routes", "/health/liveliness", "/health/liveness", "/health/readiness", "/test",
    "/config/yaml", "/litellm/.well-known/litellm-ui-config",
    "/.well-known/litellm-ui-config", "/openapi.json", "/redoc", "/public/model_hub",
    "/public/agent_hub", "/public/mcp_hub", "/public/skill_hub",
    "/public/litellm_model_cost_map",
  ]
  private static let publicPrefixes = ["/sso/"]

  /// Whether LiteLLM answers without a key.
  ///
  /// - Parameter path: without the query.
  public static func isPublic(_ path: String) -> Bool {
    publicPaths.contains(path) || publicPrefixes.contains { path.hasPrefix($0) }
  }

  private static let apiPaths: Set<String> = [
    "/chat/completions", "/completions", "/embeddings", "/models", "/responses", "/messages",
    "/messages/count_tokens", "/images/generations", "/images/edits", "/audio/speech",
    "/audio/transcriptions", "/audio/translations", "/moderations", "/rerank", "/realtime",
    "/batches", "/files", "/fine_tuning/jobs", "/assistants", "/threads", "/vector_stores",
    "/model/info", "/model_group/info",
  ]
  private static let apiPrefixes = [
    "/models/", "/responses/", "/batches/", "/files/", "/threads/", "/assistants/",
    "/vector_stores/", "/engines/",
  ]

  /// Whether a path is one that OpenAI- or Anthropic-type clients ask for, with or without a
  /// version in front.
  public static func isModelAPI(_ path: String) -> Bool {
    var rest = path[...]
    for prefix in ["/openai", "/api", "/v1", "/v2"] where rest.hasPrefix(prefix + "/") {
      rest = rest.dropFirst(prefix.count)
    }
    return apiPaths.contains(String(rest)) || apiPrefixes.contains { rest.hasPrefix($0) }
  }

  /// Whether only LiteLLM has this path.
  public static func isLiteLLMsOwn(_ path: String) -> Bool {
    path == "/model/info" || path == "/v1/model/info" || path == "/v2/model/info"
      || path == "/model_group/info"
  }
}
