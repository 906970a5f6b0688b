internal import Redaction

/// An answer that the proxy gives in place of an endpoint.
enum Refusal {
  /// The OpenAI shape of LiteLLM's `ProxyException`.
  ///
  /// - Parameter param: JSON; the authentication's errors say the text `"None"`, the others null.
  static func error(
    _ status: Int, _ message: String, type: String?, param: String = "null"
  ) -> ProxyAnswer {
    ProxyAnswer(
      status: status,
      json:
        #"{"error":{"message":\#(JSONText.quoted(message)),"type":\#(type.map { "\"\($0)\"" } ?? "null"),"#
        + #""param":\#(param),"code":"\#(status)"}}"#)
  }

  static func authentication(_ message: String) -> ProxyAnswer {
    error(401, "Authentication Error, \(message)", type: "auth_error", param: #""None""#)
  }

  /// What a virtual key hears on a route that manages.
  static func onlyAdmin(_ path: Substring, _ profile: ProxyProfile) -> ProxyAnswer {
    authentication(
      "Only proxy admin can be used to generate, delete, update info for new keys/users/teams. "
        + "Route=\(path). Your role=unknown. Your user_id=\(profile == .v76 ? "unknown" : "*******")"
    )
  }

  /// FastAPI's own shape.
  static func detail(_ status: Int, _ message: String) -> ProxyAnswer {
    ProxyAnswer(status: status, json: #"{"detail":\#(JSONText.quoted(message))}"#)
  }
}
