/// Which exchanges a rule is about; without any part, all of them.
public struct RuleMatch: Hashable, Sendable {
  public let request: RequestPattern
  /// Pattern for the User-Agent field, letters in either case; nil where any will do, or none.
  public let userAgent: Glob?
  /// The answer's status.
  public let status: StatusTest?

  public init(request: RequestPattern, userAgent: Glob? = nil, status: StatusTest? = nil) {
    self.request = request
    self.userAgent = userAgent
    self.status = status
  }

  /// Whether an exchange is meant, as far as it is known.
  ///
  /// - Parameters:
  ///   - target: the request target, or its path.
  ///   - userAgent: `.absent` never matches a pattern; `.unknown` makes the answer unknown.
  ///   - status: likewise; `.number` as it is in the answer.
  /// - Returns: nil if an unknown part decides.
  public func includes(
    method: String, target: String, userAgent: WhereValue, status: WhereValue
  ) -> Bool? {
    guard request.matches(method: method, target: target) else { return false }
    var isKnown = true
    if let pattern = self.userAgent {
      switch userAgent {
      case .text(let text): if !pattern.matches(text) { return false }
      case .texts(let texts): if !texts.contains(where: { pattern.matches($0) }) { return false }
      case .unknown: isKnown = false
      case .number, .seconds, .absent: return false
      }
    }
    if let test = self.status {
      switch status {
      case .number(let number):
        guard let code = Int(exactly: number), test.accepts(code) else { return false }
      case .unknown: isKnown = false
      case .text, .texts, .seconds, .absent: return false
      }
    }
    return isKnown ? true : nil
  }
}
