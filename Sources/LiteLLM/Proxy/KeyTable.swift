/// The rows of LiteLLM's database that decide about a key.
public struct KeyTable: Sendable {
  private var keys: [String: VirtualKey] = [:]
  private var teams: [String: Team] = [:]

  /// A database without a key in it.
  public init() {}

  /// Reads a file of virtual keys and teams: `keys:` and `teams:`, each a list of rows by LiteLLM's
  /// column names.
  ///
  /// - Throws: where it is no YAML, or a row lacks its key.
  public init(yaml: String, file: String) throws(ProxyConfigurationError) {
    let document = try JSONValue(yaml: yaml, file: file)
    for (index, row) in (document["keys"]?.array ?? []).enumerated() {
      guard let text = row["key"]?.string, !text.isEmpty else {
        throw ProxyConfigurationError(
          file: file, problem: "keys[\(index)] has no key; write {key: sk-…}")
      }
      var key = VirtualKey(key: text)
      key.isBlocked = row["blocked"] == .boolean(true)
      key.expires = row["expires"]?.string
      key.spend = row["spend"]?.double ?? 0
      key.maxBudget = row["max_budget"]?.double
      key.models = row["models"]?.strings ?? []
      key.requestsPerMinute = row["rpm_limit"]?.integer
      key.tokensPerMinute = row["tpm_limit"]?.integer
      key.team = row["team_id"]?.string
      key.allowedRoutes = row["allowed_routes"]?.strings ?? []
      keys[text] = key
    }
    for (index, row) in (document["teams"]?.array ?? []).enumerated() {
      guard let id = row["team_id"]?.string else {
        throw ProxyConfigurationError(
          file: file, problem: "teams[\(index)] has no team_id; write {team_id: …}")
      }
      var team = Team(id: id)
      team.isBlocked = row["blocked"] == .boolean(true)
      team.models = row["models"]?.strings ?? []
      team.spend = row["spend"]?.double ?? 0
      team.maxBudget = row["max_budget"]?.double
      teams[id] = team
    }
  }

  func key(_ text: String) -> VirtualKey? { keys[text] }
  func team(_ id: String?) -> Team? { id.flatMap { teams[$0] } }
}

extension JSONValue {
  fileprivate var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }
  fileprivate var integer: Int? { if case .integer(let number) = self { number } else { nil } }
  fileprivate var strings: [String]? { array?.compactMap(\.string) }
}
