internal import HTTP
internal import LiteLLM

/// Which exchanges a rule is about; without any part, all of them.
public struct RuleMatch: Hashable, Sendable {
  public let request: RequestPattern
  /// Pattern for the User-Agent field, letters in either case; nil where any will do, or none.
  public let userAgent: Glob?
  /// The answer's status.
  public let status: StatusTest?
  /// Pattern for the model that was asked for, letters in either case.
  public let model: Glob?
  /// Whether an event stream was asked for.
  public let stream: Bool?
  /// What was asked for: one of ``CallOperation``'s names.
  public let operation: String?

  public init(
    request: RequestPattern, userAgent: Glob? = nil, status: StatusTest? = nil,
    model: Glob? = nil, stream: Bool? = nil, operation: String? = nil
  ) {
    self.request = request
    self.userAgent = userAgent
    self.status = status
    self.model = model
    self.stream = stream
    self.operation = operation
  }

  /// Whether it asks what a request means as a call: then contents are decoded.
  public var readsCall: Bool { model != nil || stream != nil || operation != nil }

  /// Whether a call is meant, as far as the rule asks about calls.
  ///
  /// - Returns: nil if an unknown part decides.
  func includes(_ call: LLMCall?) -> Bool? {
    guard readsCall else { return true }
    guard let call else { return false }
    if let operation, operation != call.operation.rawValue { return false }
    var isKnown = true
    if let stream {
      switch call.stream {
      case .present(let value): if value != stream { return false }
      case .absent: if stream { return false }
      case .unknown: isKnown = false
      }
    }
    if let model {
      switch call.model {
      case .present(let name): if !model.matches(name) { return false }
      case .absent: return false
      case .unknown: isKnown = false
      }
    }
    return isKnown ? true : nil
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
    // A rule is about what is asked for, however that is written.
    guard
      request.matches(method: method, target: target)
        || request.matchesDecoded(method: method, target: target)
    else { return false }
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
