/// A row of `LiteLLM_VerificationToken`: a key with its limits, by LiteLLM's column names.
public struct VirtualKey: Sendable, Equatable {
  public var key: String
  public var isBlocked = false
  /// As written, ISO 8601.
  public var expires: String?
  public var spend = 0.0
  public var maxBudget: Double?
  public var models: [String] = []
  public var requestsPerMinute: Int?
  public var tokensPerMinute: Int?
  public var team: String?
  public var allowedRoutes: [String] = []

  public init(key: String) { self.key = key }
}
