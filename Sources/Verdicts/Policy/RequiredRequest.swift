/// A request that must be in the capture: an entry of `require`.
public struct RequiredRequest: Hashable, Sendable {
  public let pattern: RequestPattern
  public let mark: SourceMark

  public init(pattern: RequestPattern, mark: SourceMark) {
    self.pattern = pattern
    self.mark = mark
  }
}
