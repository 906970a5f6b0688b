/// Requests that need no credential: an entry of `exempt`.
public struct Exemption: Hashable, Sendable {
  public let pattern: RequestPattern
  /// Why, in the words of the policy's author.
  public let reason: String?
  public let mark: SourceMark

  public init(pattern: RequestPattern, reason: String? = nil, mark: SourceMark) {
    self.pattern = pattern
    self.reason = reason
    self.mark = mark
  }
}
