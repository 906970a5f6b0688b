/// How many tokens a call may take; all parts that are set must hold.
public struct UsageTest: Hashable, Sendable {
  public enum Count: String, Hashable, Sendable, CaseIterable {
    case total = "total_tokens"
    case prompt = "prompt_tokens"
    case completion = "completion_tokens"
  }

  /// A bound for one of the counts, both ends included.
  public struct Limit: Hashable, Sendable {
    public let count: Count
    public let minimum: Int?
    public let maximum: Int?

    /// Whether a number passes.
    public func accepts(_ tokens: Int) -> Bool {
      minimum.map { tokens >= $0 } ?? true && maximum.map { tokens <= $0 } ?? true
    }

    /// `at most 1000`
    var text: String {
      [minimum.map { "at least \($0)" }, maximum.map { "at most \($0)" }].compactMap(\.self)
        .joined(separator: " and ")
    }
  }

  /// At least one.
  public let limits: [Limit]

  public init(limits: [Limit]) { self.limits = limits }
}
