/// The fields in which LiteLLM looks for a key, in its order (`get_api_key` of its proxy).
public enum CredentialField {
  public static let names: [StaticString] = [
    "x-litellm-api-key", "authorization", "api-key", "x-api-key", "x-goog-api-key",
    "ocp-apim-subscription-key",
  ]

  /// Whether a field line begins with one of the names and a colon.
  static func isNamed(by line: ArraySlice<UInt8>) -> Bool {
    guard let colon = line.firstIndex(of: 0x3A) else { return false }
    let name = line[..<colon].trimmingBlanks()
    return names.contains { name.equalsIgnoringCase($0) }
  }
}
