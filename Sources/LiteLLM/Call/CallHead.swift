internal import Exchanges
internal import HTTP

/// What the head of a request says of the call: one for all requests of the same head.
final class CallHead {
  let route: CallRoute
  /// See ``LLMCall/attempt``.
  let attempt: Fact<Int>

  /// - Returns: `nil` where it is no call of a model.
  init?(_ request: Message) {
    guard let route = CallRoute(request.head) else { return nil }
    self.route = route
    attempt = Self.attempt(of: request)
  }

  private static func attempt(of request: Message) -> Fact<Int> {
    switch request.header("x-stainless-retry-count") {
    case .present(let digits):
      guard digits.count <= 6, let count = Int(String(decoding: digits, as: UTF8.self)), count >= 0
      else { return .absent }
      return .present(count + 1)
    case .absent: return .absent
    case .unknown(let reason): return .unknown(reason)
    }
  }
}

extension CallRoute {
  /// The route of a request; `nil` where it is no model's, or only a question of a
  /// browser whether it may ask (a CORS preflight).
  fileprivate init?(_ head: MessageHead) {
    guard let target = head.target, let method = head.method,
      !method.elementsEqual("OPTIONS".utf8), !method.elementsEqual("CONNECT".utf8)
    else { return nil }
    self.init(target: String(decoding: target, as: UTF8.self))
  }
}
