internal import LiteLLM
internal import Redaction

extension Fault {
  private static let error =
    #"{"error": {"message": "litellm.InternalServerError: the stub was told to fail", "#
    + #""type": "None", "param": "None", "code": "500"}}"#

  /// What it makes of the answer; what it does to the bytes comes behind that.
  func apply(to answer: inout ProxyAnswer) {
    switch self {
    case .status(let status, let retryAfter): answer = Self.refusal(status, retryAfter)
    case .missingDone:
      if case .events(let events) = answer.content {
        answer.content = .events(
          EventList(events.filter { !$0.starts(with: "data: [DONE]".utf8) }))
      }
    case .malformedEvent:
      if case .events(let events) = answer.content, !events.isEmpty {
        var broken = Array(events)
        broken[broken.count / 2] = Array("data: {\"choices\": [\n\n".utf8)
        answer.content = .events(EventList(broken))
      }
    case .errorEvent:
      if case .events(let events) = answer.content {
        answer.content = .events(
          EventList(events.prefix(events.count / 2) + [Array("data: \(Self.error)\n\n".utf8)]))
      }
    case .wrongContentType:
      answer.fields.removeAll { $0.name == "content-type" }
      answer.fields.append(("content-type", "text/html; charset=utf-8"))
    case .truncatedGzip:
      answer.fields.removeAll { $0.name == "content-encoding" }
      answer.fields.append(("content-encoding", "gzip"))
      let content = Array(StoredGzip.encode(answer.content.bytes))
      answer.content = .bytes(Array(content.prefix(10 + (content.count - 10) / 2)))
    default: break
    }
  }

  /// LiteLLM's own errors of these statuses, as it passes them on from a provider.
  private static func refusal(_ status: Int, _ retryAfter: Int64?) -> ProxyAnswer {
    let (message, type) =
      switch status {
      case 401:
        ("litellm.AuthenticationError: AuthenticationError: the stub was told to refuse", "null")
      case 429:
        ("litellm.RateLimitError: RateLimitError: the stub was told to limit", "throttling_error")
      case 503: ("litellm.ServiceUnavailableError: the stub was told to be away", "null")
      default: ("litellm.InternalServerError: the stub was told to fail", "null")
      }
    let shown = type == "null" ? type : "\"\(type)\""
    var answer = ProxyAnswer(
      status: status,
      json:
        #"{"error":{"message":"\#(message)","type":\#(shown),"param":null,"code":"\#(status)"}}"#)
    if let retryAfter { answer.fields.append(("retry-after", String(retryAfter))) }
    return answer
  }

  /// What it does to the bytes on the wire.
  ///
  /// - Parameter head: the length of the status line and fields, which stay whole: a client that
  ///   has a head has begun.
  func apply(to delivery: inout Delivery, head: Int) {
    let half = head + max(1, (delivery.bytes.count - head) / 2)
    switch self {
    case .resetBefore: delivery = Delivery(pieces: [], ending: .reset)
    case .resetMidway:
      delivery.truncate(to: half)
      delivery.ending = .reset
    case .cut:
      delivery.truncate(to: half)
      delivery.ending = .closed
    case .stall:
      delivery.truncate(to: half)
      delivery.ending = .stalled
    case .slowFirstByte(let delay):
      if let first = delivery.pieces.indices.first { delivery.pieces[first].delay &+= delay }
    case .drip(let interval):
      delivery.pieces = delivery.bytes.map { Delivery.Piece(delay: interval, bytes: [$0]) }[...]
    default: break
    }
  }
}

extension Fault {
  /// Whether it breaks how the answer goes over the wire, and not the answer.
  var isOnTheWire: Bool {
    switch self {
    case .resetBefore, .resetMidway, .slowFirstByte, .drip, .stall, .cut, .refuse: true
    case .status, .missingDone, .malformedEvent, .errorEvent, .wrongContentType, .truncatedGzip:
      false
    }
  }

  /// Whether a client gets no status at all.
  var hidesTheAnswer: Bool { self == .resetBefore || self == .refuse }
}

extension ProxyAnswer {
  /// To a request that asks for a fault that there is none of.
  static func badFault(_ problem: String) -> ProxyAnswer {
    let message = JSONText.quoted("\(StubService.faultField): \(problem)")
    return ProxyAnswer(
      status: 400,
      json: #"{"error":{"message":\#(message),"#
        + #""type":"keywitness_stub","param":null,"code":"400"}}"#)
  }
}

extension ProxyAnswer.Content {
  /// All of it, one event behind the other.
  fileprivate var bytes: [UInt8] {
    switch self {
    case .bytes(let bytes): bytes
    case .events(let events): events.flatMap { $0 }
    }
  }
}
