/// What a rule asks of the answer.
public struct RuleResponse: Hashable, Sendable {
  public let status: Marked<StatusTest>

  public init(status: Marked<StatusTest>) {
    self.status = status
  }
}
