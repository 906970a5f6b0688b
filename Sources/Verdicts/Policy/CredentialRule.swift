/// How a credential has to travel: the policy's `credential`.
public struct CredentialRule: Hashable, Sendable {
  /// The headers that may carry the key, in lower case and in the policy's order.
  public let headers: [String]
  public let scheme: CredentialScheme
  /// Stand-ins of this site, beyond those that are known.
  public let placeholders: [String]

  public init(
    headers: [String] = ["authorization"], scheme: CredentialScheme = .bearer,
    placeholders: [String] = []
  ) {
    self.headers = headers
    self.scheme = scheme
    self.placeholders = placeholders
  }
}
