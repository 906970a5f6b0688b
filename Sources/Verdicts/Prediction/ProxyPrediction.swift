internal import Exchanges
internal import HTTP
internal import LiteLLM
internal import Redaction
internal import Wire

/// What LiteLLM would make of a request's key, by its own rules.
///
/// A capture doesn't hold what the proxy is configured with: where that matters, there are several
/// answers that it could give.
public struct ProxyPrediction: Sendable, Equatable {
  public struct Refusal: Sendable, Hashable {
    public var status: Int
    /// The message's first sentence, redacted.
    public var gist: String
  }

  /// Those that are possible, the likeliest first.
  public var refusals: [Refusal] = []
  /// Whether it could let the request in.
  public var admits = false
  /// What the capture shows is none of it.
  public var differs = false
}

/// Asks LiteLLM's rules, with and without a database behind them.
struct ProxyPredictor {
  /// Contents up to this length are looked at, in bytes: what is no JSON is refused first.
  private static let contentLimit = 1 << 20

  private let expected: String?

  init(_ expected: ExpectedKey?) {
    self.expected = expected?.plainBytes.map { String(decoding: $0, as: UTF8.self) }
  }

  /// - Parameter answer: what the capture shows.
  /// - Returns: `nil` where nothing can be said.
  func predict(
    _ exchange: Exchange, _ credential: Credential, _ answer: Answer?, in store: CaptureStore,
    _ redactor: inout Redactor
  ) -> ProxyPrediction? {
    guard credential.verdict != .unknown, let message = exchange.request,
      let request = Self.request(message, in: store)
    else { return nil }
    var prediction = ProxyPrediction()
    for key in masterKeys(credential, request) {
      for keys in [nil, KeyTable()] {
        var configuration = ProxyConfiguration()
        configuration.masterKey = key
        var proxy = Proxy(profile: .v106, configuration: configuration, keys: keys)
        let refused: ProxyAnswer
        switch proxy.gate(for: request, now: 0) {
        case .noEndpoint: return nil
        case .open:
          prediction.admits = true
          continue
        case .refused(let answer): refused = answer
        }
        guard let error = Self.error(refused) else { return nil }
        let refusal = ProxyPrediction.Refusal(
          status: refused.status, gist: TerminalText.escape(redactor.text(error.gist)))
        if !prediction.refusals.contains(refusal) { prediction.refusals.append(refusal) }
      }
    }
    prediction.differs = answer.map { Self.differs($0, prediction) } ?? false
    return prediction
  }

  /// What the proxy's key can be.
  private func masterKeys(_ credential: Credential, _ request: ProxyRequest) -> [String] {
    if let expected { return [expected] }
    // None that anybody sends.
    let other = "\u{0}"
    switch credential.verdict {
    case .placeholder, .unexpanded, .stringified: return [other]
    default:
      return [other] + [Proxy.key(in: request, profile: .v106)].compactMap(\.self)
    }
  }

  private static func request(_ message: Message, in store: CaptureStore) -> ProxyRequest? {
    let head = message.head
    guard message.headState == .complete, let method = head.method, let target = head.target,
      message.bodyState == .none || message.bodyState == .complete, message.bytes <= contentLimit,
      let content = message.content(in: store, limit: contentLimit)
    else { return nil }
    func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
    return ProxyRequest(
      method: text(method), target: text(target),
      fields: head.fields.filter { !$0.isUnknown }.map {
        (text(head.name(of: $0)).lowercased(), text(head.value(of: $0)))
      }, body: content)
  }

  private static func error(_ answer: ProxyAnswer) -> ErrorBody? {
    guard case .bytes(let content) = answer.content else { return nil }
    return ErrorBody(content)
  }

  private static func differs(_ answer: Answer, _ prediction: ProxyPrediction) -> Bool {
    if prediction.refusals.contains(where: { $0.status == answer.status }) { return false }
    if prediction.admits { return prediction.refusals.isEmpty && answer.isOwnRefusal }
    // Other errors can come before LiteLLM has looked at the key: they say nothing about it.
    return answer.status < 400 || answer.isOwnRefusal
  }
}

extension ProxyPrediction {
  /// One sentence for people, which says whether the capture shows the same.
  ///
  /// - Parameter shown: the answer in the capture.
  public func sentence(shown: String) -> String {
    let answers = refusals.map { "\($0.status) \($0.gist)" + ($0.gist.hasSuffix(".") ? "" : ".") }
    if refusals.isEmpty {
      return differs
        ? "LiteLLM would let it in; the capture shows \(shown)"
        : "LiteLLM itself would let it in: it is the policy that doesn't"
    }
    var sentence = "LiteLLM would answer \(answers.joined(separator: " Or, with a database, "))"
    if admits { sentence += " Or let it in, where that is its key" }
    if differs {
      sentence +=
        " Here it was \(shown): the proxy asks for no key (is its master_key set?), or isn't LiteLLM"
    }
    return sentence
  }
}
