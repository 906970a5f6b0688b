/// What `check` is told: the policy, and what the command line adds to it.
public struct CheckOptions: Sendable {
  public var policy: Policy
  public var expected: ExpectedKey?
  /// The variable of the captured process that holds it, where it is one (`target-env:`).
  public var targetVariable: String?
  /// Keys of rules that expect another one, by the rule's place.
  public var ruleKeys: [Int: ExpectedKey]
  public var selectors: [ProxySelector]
  public var required: [RequestPattern]
  /// Warnings fail.
  public var isStrict: Bool
  public var allowsEmpty: Bool

  public init(
    policy: Policy = Policy(), expected: ExpectedKey? = nil, ruleKeys: [Int: ExpectedKey] = [:],
    selectors: [ProxySelector] = [], required: [RequestPattern] = [], isStrict: Bool = false,
    allowsEmpty: Bool = false
  ) {
    self.policy = policy
    self.expected = expected
    self.ruleKeys = ruleKeys
    self.selectors = selectors
    self.required = policy.requires.map(\.pattern) + required
    self.isStrict = isStrict
    self.allowsEmpty = allowsEmpty
  }
}
