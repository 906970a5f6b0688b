/// A row of `LiteLLM_TeamTable`, by LiteLLM's column names.
public struct Team: Sendable, Equatable {
  public var id: String
  public var isBlocked = false
  public var models: [String] = []
  public var spend = 0.0
  public var maxBudget: Double?

  public init(id: String) { self.id = id }
}
