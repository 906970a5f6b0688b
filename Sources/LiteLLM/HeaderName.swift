internal import HTTP

/// A header in which LiteLLM looks for a key, in its order of precedence (`get_api_key`).
public enum HeaderName {
  /// In lower case.
  public static let all: [String] = CredentialField.names.map(\.description)

  /// The headers whose value may begin with `Bearer `: in all others it would become part of the
  /// key.
  public static func takesScheme(_ name: String) -> Bool {
    name == "authorization" || name == "x-litellm-api-key"
  }
}
