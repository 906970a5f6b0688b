/// What a rule asks of the answer; at least one part is set.
public struct RuleResponse: Hashable, Sendable {
  public let status: Marked<StatusTest>?
  /// The longest wait for the first event of a stream, in nanoseconds.
  public let timeToFirstEvent: Marked<Int64>?
  public let usage: Marked<UsageTest>?
  /// Pattern for the model that answered, letters in either case.
  public let model: Marked<Glob>?

  public init(
    status: Marked<StatusTest>? = nil, timeToFirstEvent: Marked<Int64>? = nil,
    usage: Marked<UsageTest>? = nil, model: Marked<Glob>? = nil
  ) {
    self.status = status
    self.timeToFirstEvent = timeToFirstEvent
    self.usage = usage
    self.model = model
  }

  /// Whether it asks what an answer means as that of a call: then contents are decoded.
  public var readsCall: Bool { timeToFirstEvent != nil || usage != nil || model != nil }
}
