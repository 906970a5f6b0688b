/// What is to be said of a request's credential, in the order in which it is judged: the first
/// that holds counts.
public enum Verdict: String, CaseIterable, Sendable {
  case unknown
  case exempt
  case conflicting
  case wrongHeader = "wrong-header"
  case missing
  case empty
  case schemeOnly = "scheme-only"
  case doubledScheme = "doubled-scheme"
  case noScheme = "no-scheme"
  case wrongScheme = "wrong-scheme"
  case unexpanded
  case stringified
  case placeholder
  case malformed
  case wrongKey = "wrong-key"
  case ok

  /// Whether the request did what the policy asks for.
  public var passes: Bool { self == .ok || self == .exempt }

  /// Whether it is shown that the request broke the policy.
  public var isViolation: Bool { !passes && self != .unknown }
}
