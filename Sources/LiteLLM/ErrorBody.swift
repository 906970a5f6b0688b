#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What an error body of LiteLLM says.
///
/// Its own errors are OpenAI-shaped, `{"error": {"message", "type", "param", "code"}}`, or
/// FastAPI's `{"detail": …}`; an upstream's error comes through with `litellm.…Error` in front.
public struct ErrorBody: Sendable, Equatable {
  public enum Origin: Sendable {
    /// LiteLLM refuses the key itself.
    case keyRefused
    /// LiteLLM would look the key up, but has no database: it isn't the master key.
    case noDatabase
    /// The provider's error, passed on: LiteLLM had let the request in.
    case upstream
    /// LiteLLM's words about something else than the key.
    case other
  }

  public var message: String
  public var type: String
  public var origin: Origin

  /// The largest body that is read, in bytes.
  public static let limit = 64 << 10

  private struct Document: Decodable {
    struct Detail: Decodable {
      var message: String?
      var type: String?
    }
    var error: Detail?
    var detail: String?
  }

  /// - Returns: `nil` where the body is no error of one of these shapes.
  public init?(_ content: [UInt8]) {
    // The metrics endpoint answers with a bare string.
    if content.first == 0x22, content.count <= Self.limit,
      let text = try? JSONDecoder().decode(String.self, from: Data(content)),
      text.contains("Authentication Error")
    {
      message = text
      type = ""
      origin = .keyRefused
      return
    }
    guard content.count <= Self.limit, content.first == 0x7B,
      let document = try? JSONDecoder().decode(Document.self, from: Data(content))
    else { return nil }
    if let error = document.error, let message = error.message {
      self.message = message
      type = error.type ?? ""
      origin = Self.origin(message, type)
    } else if let detail = document.detail {
      message = detail
      type = ""
      origin = detail.hasPrefix("Virtual key is not allowed") ? .keyRefused : .other
    } else {
      return nil
    }
  }

  private static let refusals: Set<String> = [
    "auth_error", "token_not_found_in_db", "expired_key", "key_model_access_denied",
    "team_model_access_denied",
  ]

  private static func origin(_ message: String, _ type: String) -> Origin {
    if message.hasPrefix("litellm.") { return .upstream }
    if type == "no_db_connection" { return .noDatabase }
    if refusals.contains(type) || message.hasPrefix("Authentication Error")
      || message.hasPrefix("LiteLLM Virtual Key expected")
    {
      return .keyRefused
    }
    return .other
  }

  /// The message's first sentence, without what LiteLLM puts in front of all of them.
  public var gist: String {
    var text = message[...]
    for prefix in ["Authentication Error, ", "Authentication Error - "]
    where text.hasPrefix(prefix) {
      text = text.dropFirst(prefix.count)
    }
    text = text.prefix { $0 != "\n" }
    for end in [". Received", ". Ensure", ", Key Hash", ". Unable"] {
      if let range = text.firstRange(of: end) { text = text[..<range.lowerBound] + "." }
    }
    return String(text.prefix(120))
  }
}
