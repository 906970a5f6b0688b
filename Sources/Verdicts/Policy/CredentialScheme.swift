/// How the key stands in its header.
public enum CredentialScheme: String, Hashable, Sendable, CaseIterable {
  /// Behind `Bearer` or `bearer`, the two that LiteLLM takes.
  case bearer
  /// The header's value is the key.
  case none
}
