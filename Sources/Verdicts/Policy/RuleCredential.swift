/// What a rule asks of the credential, in the place of the policy's own; nil parts keep that.
public struct RuleCredential: Hashable, Sendable {
  public let expect: Marked<ExpectedKeySource>?
  /// In lower case.
  public let headers: [String]?
  public let scheme: CredentialScheme?

  public init(
    expect: Marked<ExpectedKeySource>? = nil, headers: [String]? = nil,
    scheme: CredentialScheme? = nil
  ) {
    self.expect = expect
    self.headers = headers
    self.scheme = scheme
  }
}
