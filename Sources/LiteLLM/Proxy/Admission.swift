internal import Crypto

/// Whom the proxy lets in: the checks of `user_api_key_auth_builder`, in its order.
struct Admission {
  /// Who was let in.
  struct Caller {
    var key = ""
    /// `nil` for the master key, and where the proxy has none.
    var virtualKey: VirtualKey?
    var team: Team?
  }

  enum Outcome {
    case admitted(Caller)
    case refused(ProxyAnswer)
  }

  var profile: ProxyProfile
  var configuration: ProxyConfiguration
  var keys: KeyTable?
  /// Requests and tokens in the current minute, by key.
  private var usage: [String: Int] = [:]
  private var minute: Int64 = -1
  /// Keys that were found expired before.
  private var expiredKeys: Set<String> = []

  init(profile: ProxyProfile, configuration: ProxyConfiguration, keys: KeyTable?) {
    self.profile = profile
    self.configuration = configuration
    self.keys = keys
  }

  /// - Parameters:
  ///   - model: that the body or the path asks for.
  ///   - now: in nanoseconds since 1970.
  mutating func check(
    _ request: ProxyRequest, _ endpoint: ProxyEndpoint, model: String?, now: Int64
  ) -> Outcome {
    let found = KeyExtraction(
      request, profile: profile, headerName: configuration.keyHeaderName)
    guard let masterKey = configuration.masterKey else {
      if case .key(let key) = found { return .admitted(Caller(key: key)) }
      return .admitted(Caller())
    }
    switch found {
    case .none:
      if case .other(let other) = endpoint, let answer = other.keyless(profile) {
        return .refused(answer)
      }
      return .refused(Refusal.authentication("No api key passed in."))
    case .malformed, .key(""):
      return .refused(
        Refusal.authentication(
          "Malformed API Key passed in. Ensure Key has `Bearer ` prefix."))
    case .key(masterKey): return .admitted(Caller(key: masterKey))
    case .key(let key): return lookUp(key, request, endpoint, model, now)
    }
  }

  private mutating func lookUp(
    _ text: String, _ request: ProxyRequest, _ endpoint: ProxyEndpoint, _ model: String?,
    _ now: Int64
  ) -> Outcome {
    guard let keys else {
      return .refused(Refusal.error(400, "No connected db.", type: "no_db_connection"))
    }
    guard text.hasPrefix("sk-") else { return .refused(noVirtualKey(text)) }
    guard let key = keys.key(text) else {
      return .refused(
        Refusal.error(
          401,
          "Authentication Error, Invalid proxy server token passed. Received API Key = "
            + "\(Self.abbreviated(text)), Key Hash (Token) =\(Self.hash(text)). Unable to find "
            + "token in cache or `LiteLLM_VerificationTokenTable`",
          type: "token_not_found_in_db", param: #""key""#))
    }
    let team = keys.team(key.team)
    if let refusal = refusal(of: key, team, request, endpoint, model, now) {
      return .refused(refusal)
    }
    return .admitted(Caller(key: text, virtualKey: key, team: team))
  }

  private mutating func refusal(
    of key: VirtualKey, _ team: Team?, _ request: ProxyRequest, _ endpoint: ProxyEndpoint,
    _ model: String?, _ now: Int64
  ) -> ProxyAnswer? {
    if key.isBlocked {
      return Refusal.authentication(
        "Key is blocked. Update via `/key/unblock` if you're an admin.")
    }
    if let model, !Self.allows(key.models, model) {
      return noAccess(model, key.models, type: "key_model_access_denied")
    }
    if let expires = key.expires, let refusal = expired(key, expires, now) { return refusal }
    if !endpoint.isFree, let most = key.maxBudget, key.spend > most {
      return overBudget("Key=key (\(Self.abbreviated(key.key)))", key.spend, most)
    }
    if let team {
      if team.isBlocked {
        return Refusal.authentication(
          "Team=\(team.id) is blocked. Update via `/team/unblock` if you're an admin.")
      }
      if let model, !Self.allows(team.models, model) {
        return noAccess(model, team.models, type: "team_model_access_denied")
      }
      if !endpoint.isFree, let most = team.maxBudget, team.spend > most {
        return overBudget("Team=\(team.id)", team.spend, most)
      }
    }
    if !key.allowedRoutes.isEmpty, !isAllowed(key.allowedRoutes, request, endpoint) {
      let routes = key.allowedRoutes.map { "'\($0)'" }.joined(separator: ", ")
      return Refusal.detail(
        403,
        "Virtual key is not allowed to call this route. Only allowed to call routes: "
          + "[\(routes)]. Tried to call route: \(request.path)")
    }
    return endpoint.isModelCall ? overRate(key, now) : nil
  }

  // MARK: Single checks

  private static func allows(_ models: [String], _ model: String) -> Bool {
    models.isEmpty || models.contains(model) || models.contains("all-proxy-models")
      || models.contains("*")
  }

  private func isAllowed(_ routes: [String], _ request: ProxyRequest, _ endpoint: ProxyEndpoint)
    -> Bool
  {
    routes.contains { route in
      switch route {
      case "info_routes": endpoint.isInformation
      case "llm_api_routes", "openai_routes": endpoint.isModelCall || endpoint == .models
      case "*": true
      default:
        route.hasSuffix("*") ? request.path.hasPrefix(route.dropLast()) : request.path == route
      }
    }
  }

  private func noVirtualKey(_ text: String) -> ProxyAnswer {
    let shown =
      profile == .v76
      ? text : text.count <= 8 ? "****" : "\(text.prefix(4))****\(text.suffix(4))"
    let message =
      "LiteLLM Virtual Key expected. Received=\(shown), expected to start with 'sk-'."
    return profile == .v76
      ? Refusal.authentication(message)
      : Refusal.error(401, message, type: "auth_error", param: #""None""#)
  }

  private func noAccess(_ model: String, _ models: [String], type: String) -> ProxyAnswer {
    guard profile == .v106 else {
      let list = models.map { "'\($0)'" }.joined(separator: ", ")
      return Refusal.error(
        401,
        "key not allowed to access model. This key can only access models=[\(list)]. "
          + "Tried to access \(model)", type: type, param: #""model""#)
    }
    return Refusal.error(
      403,
      "The requested model '\(model)' is not available for this API key, or the model name is "
        + "invalid. Check the models available to you and try again.", type: type,
      param: #""model""#)
  }

  private mutating func expired(_ key: VirtualKey, _ expires: String, _ now: Int64) -> ProxyAnswer?
  {
    guard let end = ISO8601.seconds(expires), end <= now / 1_000_000_000 else { return nil }
    // The first time LiteLLM has the row with the hash, later its cache with the key.
    let isFirst = expiredKeys.insert(key.key).inserted
    let shown = isFirst ? Self.hash(key.key) : key.key
    return Refusal.error(
      401,
      "Authentication Error - Expired Key. Key Expiry time \(ISO8601.text(end)) and current time "
        + ISO8601.text(now / 1_000_000_000), type: "expired_key",
      param: "\"sk-...\(shown.suffix(4))\"")
  }

  private func overBudget(_ whose: String, _ spend: Double, _ most: Double) -> ProxyAnswer {
    Refusal.error(
      profile == .v76 ? 400 : 422,
      "Budget has been exceeded! \(whose) Current cost: \(spend), Max budget: \(most)",
      type: "budget_exceeded")
  }

  private mutating func overRate(_ key: VirtualKey, _ now: Int64) -> ProxyAnswer? {
    guard key.requestsPerMinute != nil || key.tokensPerMinute != nil else { return nil }
    let current = now / 60_000_000_000
    if current != minute {
      minute = current
      usage = [:]
    }
    let requests = usage[key.key, default: 0]
    if let limit = key.requestsPerMinute, requests >= limit {
      return overRate(key, "requests", limit, left: 0, now)
    }
    // A request reserves tokens before it has any: a limit of one lets none through.
    if let limit = key.tokensPerMinute, limit <= 1 {
      return overRate(key, "tokens", limit, left: limit, now)
    }
    usage[key.key] = requests + 1
    return nil
  }

  private func overRate(
    _ key: VirtualKey, _ kind: String, _ limit: Int, left: Int, _ now: Int64
  ) -> ProxyAnswer {
    let reset = ISO8601.plain(now / 1_000_000_000 + 60) + " UTC"
    var answer = Refusal.error(
      429,
      "Rate limit exceeded for api_key: \(Self.hash(key.key)). Limit type: \(kind). Current limit: "
        + "\(limit), Remaining: \(left). Limit resets at: \(reset)", type: "throttling_error")
    answer.fields += [
      ("retry-after", "60"), ("rate_limit_type", kind), ("reset_at", reset),
      ("x-litellm-key-\(kind == "tokens" ? "tpm" : "rpm")-limit", String(limit)),
    ]
    return answer
  }

  /// As LiteLLM shows a key.
  private static func abbreviated(_ key: String) -> String { "sk-...\(key.suffix(4))" }

  /// As LiteLLM stores a key: SHA-256 in hexadecimal digits (`hash_token`).
  private static func hash(_ key: String) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: SHA256.hash(data: Array(key.utf8)).flatMap {
        [digits[Int($0 >> 4)], digits[Int($0 & 15)]]
      }, as: UTF8.self)
  }
}

extension ProxyEndpoint {
  /// It calls a model.
  var isModelCall: Bool {
    switch self {
    case .chatCompletions, .completions, .embeddings, .responses, .messages, .countTokens: true
    default: false
    }
  }

  /// LiteLLM's `info_routes`.
  var isInformation: Bool {
    switch self {
    case .modelInfo, .modelInfoV2, .modelGroupInfo, .keyInfo, .health, .models, .model: true
    case .other(let other):
      ["/user/info", "/team/info", "/team/list", "/key/list"].contains(other.path)
    default: false
    }
  }

  /// It costs nothing, so no budget is asked.
  var isFree: Bool {
    switch self {
    case .modelInfo, .modelInfoV2, .modelGroupInfo, .keyInfo: true
    default: false
    }
  }
}
