internal import Exchanges
internal import HTTP
internal import LiteLLM
internal import Redaction
internal import Wire

/// Judges one request's credential by the contract's list: the first class that holds.
public struct CredentialJudge: Sendable {
  /// What is asked of a request.
  struct Demand {
    var headers: [String] { didSet { lookups = Self.lookups(headers) } }
    var scheme: CredentialScheme
    var expected: ExpectedKey?
    /// The policy's headers, then all others in which LiteLLM would find a key.
    private(set) var lookups: [(text: String, bytes: [UInt8])]

    init(headers: [String], scheme: CredentialScheme, expected: ExpectedKey?) {
      self.headers = headers
      self.scheme = scheme
      self.expected = expected
      lookups = Self.lookups(headers)
    }

    private static func lookups(_ headers: [String]) -> [(text: String, bytes: [UInt8])] {
      (headers + HeaderName.all.filter { !headers.contains($0) }).map { ($0, Array($0.utf8)) }
    }
  }

  let rule: CredentialRule
  let expected: ExpectedKey?
  let placeholders: Placeholders
  private var flaws: [[UInt8]: Verdict] = [:]
  /// The policy's own; a rule may ask for more.
  let demand: Demand

  init(rule: CredentialRule, expected: ExpectedKey?) {
    self.rule = rule
    self.expected = expected
    placeholders = Placeholders.common.adding(rule.placeholders)
    demand = Demand(headers: rule.headers, scheme: rule.scheme, expected: expected)
  }

  /// - Parameters:
  ///   - demand: the policy's, or a rule's.
  ///   - exemption: whether the policy asks for no credential here.
  ///   - isPublic: whether LiteLLM asks for none.
  /// - Returns: `nil` for a response without a request.
  mutating func judge(
    _ exchange: Exchange, _ demand: Demand, exemption: Bool, isPublic: Bool
  ) -> Credential? {
    guard let request = exchange.request else { return nil }
    if let reason = doubt(request, exchange) { return Credential(.unknown, reason: reason) }
    if let note = exemptionNote(request.head, exemption, isPublic) {
      return Credential(.exempt, note: note)
    }
    return judge(request.head, demand)
  }

  /// Why nothing can be said of a request's headers.
  private func doubt(_ request: Message, _ exchange: Exchange) -> UnknownReason? {
    if request.headState != .complete || request.headDoubt != nil {
      return request.headDoubt ?? .cut
    }
    if !exchange.requestAnomalies.isDisjoint(with: AnomalySet.ambiguousFraming) {
      return .ambiguousFraming
    }
    return nil
  }

  private func exemptionNote(
    _ head: MessageHead, _ byPolicy: Bool, _ isPublic: Bool
  ) -> Credential.Note? {
    if byPolicy { return .byPolicy }
    guard let method = head.method else { return nil }
    // With a protocol it is the request itself (RFC 8441, 4).
    if method.elementsEqual("CONNECT".utf8), head.values(of: ":protocol").isEmpty {
      return .connect
    }
    if method.elementsEqual("OPTIONS".utf8), !head.values(of: "origin").isEmpty,
      !head.values(of: "access-control-request-method").isEmpty
    {
      return .preflight
    }
    return isPublic ? .publicRoute : nil
  }

  private struct Found {
    var header: String
    var value: CredentialValue
  }

  private mutating func judge(_ head: MessageHead, _ demand: Demand) -> Credential {
    var found: [Found] = []
    var emptyHeader: String?
    for name in demand.lookups {
      for field in head.fields where head.isNamed(field, name.bytes) {
        let name = name.text
        let value = head.value(of: field)
        if value.isEmpty {
          emptyHeader = emptyHeader ?? name
          continue
        }
        let scheme: CredentialScheme =
          name == "authorization"
          ? demand.headers.contains(name) ? demand.scheme : .bearer : .none
        var taken = CredentialValue(value, scheme: scheme)
        // LiteLLM takes its own header with a scheme and without one.
        if name == "x-litellm-api-key", taken.form == .wrongScheme {
          taken = CredentialValue(value, scheme: .bearer)
        }
        found.append(Found(header: name, value: taken))
      }
    }
    if found.isEmpty, emptyHeader == nil { found = subprotocols(head) }
    guard let first = found.first else {
      guard let emptyHeader else { return Credential(.missing) }
      var credential = Credential(.empty)
      credential.header = emptyHeader
      return credential
    }
    var credential = judge(first, demand)
    credential.header = first.header
    credential.scheme = first.value.scheme
    credential.key = first.value.key
    credential.others = found.dropFirst().map(\.header)
    // LiteLLM reads the first of several lines: an empty one beside it is another credential.
    let differs = found.dropFirst().contains {
      $0.value.key != first.value.key
        || $0.header == first.header && $0.value.form != first.value.form
    }
    if differs || emptyHeader == first.header {
      credential.verdict = .conflicting
      credential.note = nil
    } else if !demand.headers.contains(first.header) {
      credential.verdict = .wrongHeader
      credential.note = nil
    } else if found.count > 1, credential.note == nil || credential.note == .notCompared {
      credential.note = .repeated
    }
    return credential
  }

  /// LiteLLM's realtime endpoint reads a key from the subprotocols too, where no header has one
  /// (`user_api_key_auth_websocket`).
  private func subprotocols(_ head: MessageHead) -> [Found] {
    head.values(of: "sec-websocket-protocol").flatMap { value in
      let value = Array(value)
      return Subprotocols.keys(in: value).map { key in
        Found(
          header: "sec-websocket-protocol", value: CredentialValue(value[key], scheme: .none))
      }
    }
  }

  /// What is wrong with a key by itself; `ok` where nothing is. The same few keys come with every
  /// request, so the answers are kept.
  private mutating func flaw(of key: [UInt8]) -> Verdict {
    if let known = flaws[key] { return known }
    let flaw: Verdict =
      switch UnfilledValue(key[...]) {
      case .variable: .unexpanded
      case .stringified: .stringified
      case nil where placeholders.contains(key): .placeholder
      case nil where CredentialValue.isMalformed(key): .malformed
      case nil: .ok
      }
    if flaws.count < 1024, key.count <= 512 { flaws[key] = flaw }
    return flaw
  }

  /// The first class from `empty` on that holds for one header's value.
  private mutating func judge(_ found: Found, _ demand: Demand) -> Credential {
    let value = found.value
    guard value.form == .ok, let key = value.key else { return Credential(value.form) }
    if key.isEmpty { return Credential(.schemeOnly) }
    let isExpected = demand.expected?.matches(key) ?? false
    if isExpected {
      return Credential(.ok, note: placeholders.contains(key) ? .weakKey : nil)
    }
    let flaw = flaw(of: key)
    guard flaw == .ok else { return Credential(flaw) }
    guard demand.expected != nil else { return Credential(.ok, note: .notCompared) }
    return Credential(.wrongKey)
  }
}

extension AnomalySet {
  /// What the two parsers that LiteLLM's server can run on, httptools and h11, read differently,
  /// or what either refuses. (Measured; a head with one of these can't be judged from outside.)
  static let ambiguousFraming = AnomalySet(
    [
      .bareLF, .bareCR, .obsFold, .spaceBeforeColon, .badHeaderLine, .badHeaderName,
      .controlInHeader, .nulInHeader, .badRequestLine, .badVersion, .http09, .unknownMethod,
      .contentLengthAndTransferEncoding, .transferEncodingInHTTP10, .badTransferEncoding,
      .transferCoding, .badContentLength, .duplicateContentLength, .missingHost, .duplicateHost,
      .badChunkSize, .badChunk, .chunkExtensionTooLong, .junkBeforeRequest, .headerTooLarge,
      .tooManyHeaders, .dataAfterClose, .h2BadHeaderBlock, .h2BadFrame,
    ].map(AnomalySet.init))
}
