/// What a status code has to be; all parts that are set must hold.
///
/// `401`, `[200, 204]`, or a mapping of `is`, `not`, `min` and `max`.
public struct StatusTest: Hashable, Sendable {
  /// One of these; empty where any is allowed.
  public let allowed: [Int]
  /// None of these.
  public let forbidden: [Int]
  /// At least this.
  public let minimum: Int?
  /// At most this.
  public let maximum: Int?

  public init(
    allowed: [Int] = [], forbidden: [Int] = [], minimum: Int? = nil, maximum: Int? = nil
  ) {
    self.allowed = allowed
    self.forbidden = forbidden
    self.minimum = minimum
    self.maximum = maximum
  }

  /// Whether a status code passes.
  public func accepts(_ status: Int) -> Bool {
    (allowed.isEmpty || allowed.contains(status)) && !forbidden.contains(status)
      && minimum.map { status >= $0 } ?? true && maximum.map { status <= $0 } ?? true
  }
}
