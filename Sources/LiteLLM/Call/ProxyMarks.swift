internal import HTTP

/// What LiteLLM tells about a call in the header of its answer.
public struct ProxyMarks: Sendable, Equatable {
  /// `x-litellm-call-id`, by which its logs name the call.
  public var callID: String?
  /// `x-litellm-model-id`: which deployment of the model it took.
  public var modelID: String?
  /// `x-litellm-version`.
  public var version: String?
  /// `x-litellm-response-cost` in US dollars, as sent.
  public var responseCost: String?
  /// `x-litellm-attempted-retries`: how often it asked the provider again.
  public var attemptedRetries: String?

  /// - Returns: `nil` where there is none.
  init?(_ head: MessageHead) {
    var isEmpty = true
    for field in head.fields {
      let name = head.name(of: field)
      guard name.count > 10, name.first == 0x78 || name.first == 0x58,
        name.prefix(10).equalsIgnoringCase("x-litellm-")
      else { continue }
      let value = String(decoding: head.value(of: field).prefix(256), as: UTF8.self)
      let rest = name.dropFirst(10)
      if rest.equalsIgnoringCase("call-id") {
        callID = callID ?? value
      } else if rest.equalsIgnoringCase("model-id") {
        modelID = modelID ?? value
      } else if rest.equalsIgnoringCase("version") {
        version = version ?? value
      } else if rest.equalsIgnoringCase("response-cost") {
        responseCost = responseCost ?? value
      } else if rest.equalsIgnoringCase("attempted-retries") {
        attemptedRetries = attemptedRetries ?? value
      } else {
        continue
      }
      isEmpty = false
    }
    guard !isEmpty else { return nil }
  }
}
