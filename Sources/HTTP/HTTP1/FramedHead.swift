public import Wire

/// A head, and what it says of its message's framing and its connection: read once, where the same few
/// heads come again and again, and handed on as one reference.
public final class FramedHead: Sendable {
  public let head: MessageHead
  /// How long it is, in bytes.
  public let count: Int
  /// The framing of the content, of a request.
  public let requestFraming: BodyFraming
  /// What is odd about a request's framing.
  public let requestAnomalies: AnomalySet
  /// Whether a request asks for another protocol on its connection.
  public let asksForAnotherProtocol: Bool
  /// Whether the protocol that is asked for is HTTP/2 in cleartext (RFC 7540, 3.2).
  public let asksForH2C: Bool
  public let hasTransferEncoding: Bool
  public let hasContentEncoding: Bool
  /// ``MessageHead/isEventStream``, of an answer.
  public let isEventStream: Bool
  /// Whether a request says that it is its connection's last.
  let isLastRequest: Bool
  /// The content's length in bytes, of a request about which there is nothing else to say: not what it
  /// asks for, nor whether its answer has content; -1 of any other.
  public let plainRequestLength: Int
  /// The same of a final answer to such a request.
  public let plainAnswerLength: Int
  /// Of its bytes: see ``Span/contentHash``.
  public let contentHash: UInt64
  private let declared: BodyFraming?
  private let declaredAnomalies: AnomalySet
  private let isConnect: Bool
  private let isHEAD: Bool

  public init(_ head: MessageHead) {
    self.head = head
    count = head.bytes.count
    contentHash = head.bytes.span.contentHash
    // What follows is HTTP/1's.
    let isHTTP1 = !head.isHTTP2
    let isRequest = head.isRequest && isHTTP1
    (requestFraming, requestAnomalies) = isRequest ? BodyFraming.ofRequest(head) : (.none, [])
    var anomalies: AnomalySet = []
    declared = isHTTP1 ? BodyFraming.declared(by: head, &anomalies) : nil
    declaredAnomalies = anomalies
    isConnect = head.method?.elementsEqual("CONNECT".utf8) ?? false
    isHEAD = head.method?.elementsEqual("HEAD".utf8) ?? false
    isLastRequest = isRequest && head.isLastRequest
    asksForAnotherProtocol = isRequest && head.asksForAnotherProtocol
    asksForH2C = isHTTP1 && head.hasToken("h2c", in: "upgrade")
    hasContentEncoding = head.fields.contains { head.isNamed($0, "content-encoding") }
    isEventStream = !head.isRequest && head.isEventStream
    hasTransferEncoding = head.fields.contains { head.isNamed($0, "transfer-encoding") }
    let isPlain = isHTTP1 && head.isComplete && head.anomalies.isEmpty
    plainRequestLength =
      isPlain && isRequest && requestAnomalies.isEmpty && !asksForAnotherProtocol && !asksForH2C
        && !isConnect && !isHEAD
      ? requestFraming.plainLength : -1
    if isPlain, let status = head.status, status >= 200, anomalies.isEmpty,
      status != 204 || !hasTransferEncoding
    {
      plainAnswerLength =
        BodyFraming.ofResponse(
          status: status, declared: declared, isToConnect: false, isToHEAD: false
        ).plainLength
    } else {
      plainAnswerLength = -1
    }
  }

  /// Bytes of the longest head that anybody should remember: what many take together stays small.
  static let longestShort = 4096
  public var isShort: Bool { count <= Self.longestShort }

  /// Whether it is spelled as another one: for heads that were read at different times.
  public func isSpelled(as other: FramedHead) -> Bool {
    let bytes = other.head.bytes
    return contentHash == other.contentHash && isSpelled(bytes.span)
  }

  /// Whether its bytes are these.
  func isSpelled(_ bytes: borrowing Span<UInt8>) -> Bool {
    let own = head.bytes
    return own.span.equals(bytes)
  }

  /// The framing of the content of a response.
  ///
  /// - Parameter request: the head of what it answers, as far as one is known.
  public func responseFraming(to request: FramedHead?) -> (framing: BodyFraming, AnomalySet) {
    let framing = BodyFraming.ofResponse(
      status: head.status ?? 0, declared: declared, isToConnect: request?.isConnect ?? false,
      isToHEAD: request?.isHEAD ?? false)
    return (framing, declaredAnomalies)
  }

  /// Stands in until a head is read.
  public static let unseen = FramedHead(MessageHead([], isComplete: false))
}

extension BodyFraming {
  /// The content's length in bytes, where the head says it; else -1.
  fileprivate var plainLength: Int {
    switch self {
    case .none: 0
    case .length(let length): length
    case .chunked, .untilClose, .tunnel: -1
    }
  }
}
