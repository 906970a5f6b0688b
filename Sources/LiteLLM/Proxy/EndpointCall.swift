/// A call that the proxy has let in: what an endpoint answers is a function of it.
public struct EndpointCall: Sendable {
  public var endpoint: ProxyEndpoint
  public var request: ProxyRequest
  /// The body; `.null` where there is none.
  public var body: JSONValue
  /// The model of the path (`/openai/deployments/{model}/…`, `/engines/{model}/…`), where it has one.
  public var pathModel: String?
  public var profile: ProxyProfile
  public var configuration: ProxyConfiguration
  /// The virtual key that let it in; `nil` for the master key, and for a proxy without one.
  public var virtualKey: VirtualKey?
  /// The virtual key's team.
  public var team: Team?
  /// The key as it was sent; empty where none was needed.
  public var key: String
  /// Whether virtual keys, and so a database, are there.
  public var hasDatabase: Bool
  /// What ids derive from: the same seed and the same request give the same bytes.
  public var seed: UInt64
  /// In nanoseconds since 1970.
  public var now: Int64
}
