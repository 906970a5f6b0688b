internal import LiteLLM

/// An exchange of a capture that a stub can play back.
public struct RecordedAnswer: Sendable {
  /// What a server sent at once.
  public struct Piece: Sendable, Equatable {
    /// From the piece before it, the first from the request's end, in nanoseconds.
    public var delay: Int64
    public var bytes: [UInt8]

    public init(delay: Int64, bytes: [UInt8]) {
      self.delay = delay
      self.bytes = bytes
    }
  }

  /// Its number in the capture.
  public var exchange: Int
  public var method: String
  public var target: String
  /// The request's content, codings undone.
  public var asked: [UInt8]
  public var status: Int
  public var reason: String
  /// Of the answer, in their order, without those that are about its connection.
  public var fields: [(name: String, value: String)]
  /// Whether its length was known beforehand.
  public var hasLength: Bool
  /// Its content as sent.
  public var pieces: [Piece]

  public init(
    exchange: Int, method: String, target: String, asked: [UInt8], status: Int, reason: String,
    fields: [(name: String, value: String)], hasLength: Bool, pieces: [Piece]
  ) {
    self.exchange = exchange
    self.method = method
    self.target = target
    self.asked = asked
    self.status = status
    self.reason = reason
    self.fields = fields
    self.hasLength = hasLength
    self.pieces = pieces
  }

  /// Fields that are about one hop (RFC 9110, 7.6.1), or that the framing gives.
  public static let connectionFields: Set<String> = [
    "connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade",
  ]

  /// `GET /model/info`, for people; without its query, in which a key may stand.
  public var name: String { "\(method) \(target.prefix { $0 != "?" })" }

  /// The same without its timing.
  var answer: ProxyAnswer {
    ProxyAnswer(
      status: status, fields: fields,
      content: hasLength ? .bytes(pieces.flatMap(\.bytes)) : .events(EventList(pieces.map(\.bytes)))
    )
  }
}
