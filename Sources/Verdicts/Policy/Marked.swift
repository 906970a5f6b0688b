/// A value of a policy together with the place where it was written.
public struct Marked<Value: Sendable>: Sendable {
  public let value: Value
  public let mark: SourceMark

  public init(_ value: Value, at mark: SourceMark) {
    self.value = value
    self.mark = mark
  }
}

extension Marked: Equatable where Value: Equatable {}
extension Marked: Hashable where Value: Hashable {}
