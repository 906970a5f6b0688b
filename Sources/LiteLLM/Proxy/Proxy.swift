/// LiteLLM's proxy as a function: a request in, what the real one would answer out.
///
/// The order of its steps is LiteLLM's: the route, the body's JSON, the key, the endpoint.
public struct Proxy: Sendable {
  public let profile: ProxyProfile
  public let configuration: ProxyConfiguration
  /// What ids derive from.
  public let seed: UInt64
  private let hasDatabase: Bool
  private var admission: Admission

  /// - Parameter keys: virtual keys; with them, a database is there.
  public init(
    profile: ProxyProfile, configuration: ProxyConfiguration, keys: KeyTable? = nil,
    seed: UInt64 = 0
  ) {
    self.profile = profile
    self.configuration = configuration
    self.seed = seed
    hasDatabase = keys != nil
    admission = Admission(profile: profile, configuration: configuration, keys: keys)
  }

  /// The same proxy, without virtual keys, by another configuration.
  public func configured(_ configuration: ProxyConfiguration) -> Proxy {
    Proxy(profile: profile, configuration: configuration, seed: seed)
  }

  /// Whether the same request gets the same answer again, as long as `now` is in the same second:
  /// a database's keys have budgets and limits.
  public var isRepeatable: Bool { !hasDatabase }

  /// - Parameter now: in nanoseconds since 1970.
  public mutating func answer(_ request: ProxyRequest, now: Int64) -> ProxyAnswer {
    var answer = route(request, now: now)
    // An error that nobody caught passes the code that would add them.
    if profile == .v106, answer.content != ProxyAnswer.internalError.content {
      answer.addBrowserFields()
    }
    if request["origin"] != nil, answer.fields.first?.name != "vary" {
      answer.fields.append(("access-control-allow-origin", "*"))
      if request["cookie"] == nil {
        answer.fields.append(("access-control-allow-credentials", "true"))
      }
    }
    return answer
  }

  /// What LiteLLM takes for the key in a request; `nil` where it finds none.
  public static func key(in request: ProxyRequest, profile: ProxyProfile) -> String? {
    if case .key(let key) = KeyExtraction(request, profile: profile, headerName: nil) {
      key
    } else {
      nil
    }
  }

  /// How far a request gets before any endpoint is asked.
  public enum Gate: Sendable {
    case open
    /// A body that is no JSON, or a key that isn't right.
    case refused(ProxyAnswer)
    /// There is no such endpoint to ask for.
    case noEndpoint
  }

  /// - Parameter now: in nanoseconds since 1970.
  public mutating func gate(for request: ProxyRequest, now: Int64) -> Gate {
    let host = request["host"] ?? "localhost"
    guard
      case .endpoint(let endpoint, let pathModel) = RouteTable.match(
        request, host: host, profile: profile)
    else {
      return .noEndpoint
    }
    switch admit(endpoint, pathModel, request, now: now) {
    case .success: return .open
    case .failure(let answer): return .refused(answer)
    }
  }

  private mutating func route(_ request: ProxyRequest, now: Int64) -> ProxyAnswer {
    if request.method == "OPTIONS", request["origin"] != nil,
      request["access-control-request-method"] != nil
    {
      return Preflight.answer(request, profile: profile)
    }
    let host = request["host"] ?? "localhost"
    switch RouteTable.match(request, host: host, profile: profile) {
    case .notFound: return Refusal.detail(404, "Not Found")
    case .wrongMethod(let allow):
      var answer = Refusal.detail(405, "Method Not Allowed")
      answer.fields.insert(("allow", allow), at: 0)
      return answer
    case .options(let allow):
      return ProxyAnswer(
        status: 200,
        fields: [
          ("allow", allow), ("access-control-allow-methods", allow),
          ("access-control-allow-headers", "*"),
        ], content: .bytes([]))
    case .redirect(let location):
      return ProxyAnswer(
        status: 307, fields: [("location", location)], content: .bytes([]))
    case .endpoint(let endpoint, let pathModel):
      return call(endpoint, pathModel, request, now: now)
    }
  }

  private enum Outcome {
    case success(EndpointCall)
    case failure(ProxyAnswer)
  }

  private mutating func call(
    _ endpoint: ProxyEndpoint, _ pathModel: String?, _ request: ProxyRequest, now: Int64
  ) -> ProxyAnswer {
    switch admit(endpoint, pathModel, request, now: now) {
    case .success(let call): call.answer()
    case .failure(let answer): answer
    }
  }

  private mutating func admit(
    _ endpoint: ProxyEndpoint, _ pathModel: String?, _ request: ProxyRequest, now: Int64
  ) -> Outcome {
    var call = EndpointCall(
      endpoint: endpoint, request: request, body: .object([:]), pathModel: pathModel,
      profile: profile, configuration: configuration, virtualKey: nil, key: "",
      hasDatabase: hasDatabase, seed: seed, now: now)
    if Route.isPublic(String(request.path)) { return .success(call) }
    if case .other(let other) = endpoint, other.isPublic { return .success(call) }
    if !request.body.isEmpty, !isForm(request) {
      do throws(RequestJSON.Failure) {
        // What is no text at all, LiteLLM takes for a body of nothing.
        if RequestJSON.isText(request.body) { call.body = try RequestJSON.parse(request.body) }
      } catch {
        return .failure(
          Refusal.error(
            400, "Invalid JSON payload: \(error.message)", type: "invalid_request_error",
            param: #""request_body""#))
      }
      if profile == .v76, let refusal = Self.noObject(call.body) {
        return .failure(refusal)
      }
      // 1.106 falls over whatever is no object, before it looks for a key.
      guard case .object = call.body else { return .failure(.internalError) }
    }
    let model = pathModel ?? call.body["model"]?.string
    switch admission.check(
      request, endpoint, model: endpoint.isModelCall ? model : nil, now: now)
    {
    case .refused(let answer): return .failure(answer)
    case .admitted(let caller):
      call.virtualKey = caller.virtualKey
      call.team = caller.team
      call.key = caller.key
      return .success(call)
    }
  }

  /// What 1.76 makes of a body that is no object, before it looks for a key.
  private static func noObject(_ body: JSONValue) -> ProxyAnswer? {
    let type: String
    switch body {
    case .object: return nil
    case .null: type = "NoneType"
    case .array: type = "list"
    case .string: type = "str"
    case .boolean: type = "bool"
    case .integer: type = "int"
    case .number: type = "float"
    }
    return Refusal.authentication("'\(type)' object has no attribute 'get'")
  }

  private func isForm(_ request: ProxyRequest) -> Bool {
    guard let type = request["content-type"]?.lowercased() else { return false }
    return type.hasPrefix("multipart/form-data")
      || type.hasPrefix("application/x-www-form-urlencoded")
  }
}

extension ProxyAnswer {
  fileprivate static let internalError = ProxyAnswer(
    status: 500,
    json: #"{"error":{"message":"Internal server error","type":"internal_server_error"}}"#)

  /// What LiteLLM 1.106 puts on every answer for browsers' sake.
  fileprivate mutating func addBrowserFields() {
    if !fields.contains(where: { $0.name == "vary" }) { fields.append(("vary", "Origin")) }
    fields += [
      ("x-frame-options", "DENY"), ("content-security-policy", "frame-ancestors 'none'"),
      ("x-content-type-options", "nosniff"),
    ]
  }
}
