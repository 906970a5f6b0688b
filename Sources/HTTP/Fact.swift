/// What a capture can say of something: it's there, it isn't, or the capture doesn't hold the
/// answer. A verdict can't be made from less.
public enum Fact<Value> {
  case present(Value)
  case absent
  case unknown(UnknownReason)

  public func map<Other>(_ transform: (Value) -> Other) -> Fact<Other> {
    switch self {
    case .present(let value): .present(transform(value))
    case .absent: .absent
    case .unknown(let reason): .unknown(reason)
    }
  }

  /// The value where it is known to be there.
  public var value: Value? {
    if case .present(let value) = self { value } else { nil }
  }
}

extension Fact: Sendable where Value: Sendable {}
extension Fact: Equatable where Value: Equatable {}

/// Why the capture doesn't hold an answer.
public enum UnknownReason: String, Sendable {
  /// Packets are missing.
  case hole
  /// Only the beginning of each packet was captured.
  case snaplen
  /// The capture, or the connection, ends inside.
  case cut
  /// Encrypted, and no key.
  case tls
  /// The connection is older than the capture.
  case midStream = "mid-stream"
  /// The same bytes were sent twice, with different content.
  case overlap
  /// A bound against hostile input was reached.
  case cap
  /// Two parsers would read different things.
  case ambiguousFraming = "ambiguous-framing"
}
