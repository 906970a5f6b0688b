internal import HTTP

/// Where LiteLLM finds the key of a request, and what it makes of it (`get_api_key`).
enum KeyExtraction: Equatable {
  /// No header carries anything.
  case none
  /// An `Authorization` without a scheme that LiteLLM takes hides every header behind it.
  case malformed
  case key(String)

  init(_ request: ProxyRequest, profile: ProxyProfile, headerName: String?) {
    if let headerName {
      self = request[headerName].map { Self.bearer($0, profile, isOptional: true) } ?? .none
      return
    }
    for name in HeaderName.all {
      guard let value = request[name], !value.isEmpty else { continue }
      switch name {
      case "authorization": self = Self.bearer(value, profile, isOptional: false)
      case "x-litellm-api-key": self = Self.bearer(value, profile, isOptional: true)
      default: self = .key(value)
      }
      return
    }
    self = .none
  }

  private static func bearer(
    _ value: String, _ profile: ProxyProfile, isOptional: Bool
  ) -> KeyExtraction {
    for scheme in ["Bearer ", "bearer ", "Basic "] where value.hasPrefix(scheme) {
      let rest = value.dropFirst(scheme.count)
      // Python's `replace`: every one of them goes, wherever it stands.
      let key = String(rest)
      return .key(key.utf8.contains(0x20) ? key.replacing(scheme, with: "") : key)
    }
    if profile == .v106, value.hasPrefix("AWS4-HMAC-SHA256"),
      let start = value.firstRange(of: "Credential=Bearer ")
    {
      return .key(String(value[start.upperBound...].prefix { $0 != "/" }))
    }
    return isOptional ? .key(value) : .malformed
  }
}
