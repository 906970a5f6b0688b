public import Exchanges
internal import HTTP
internal import Recording
public import Redaction
public import Wire

/// Looks for secrets in a capture that others are to get: what `sanitize` wrote has none.
public struct KeySearch: ExchangeSink {
  /// Where one stands.
  public struct Place: Sendable, Equatable {
    public var exchange: Int
    /// `the request's head`
    public var part: String
  }

  private var redactor: Redactor
  /// Of very many, the first.
  public private(set) var places: [Place] = []
  public private(set) var count = 0
  public private(set) var exchanges = 0
  /// Where nobody can look: a coding that can't be undone, or too much.
  public private(set) var unseen: [Place] = []

  private static let placeLimit = 100

  /// - Parameter redactor: knows stand-ins.
  public init(_ redactor: Redactor) { self.redactor = redactor }

  public mutating func began(_ source: CaptureSource) {}

  public mutating func take(_ exchange: Exchange, in store: CaptureStore) {
    exchanges += 1
    for (message, name) in [(exchange.request, "request"), (exchange.response, "answer")] {
      guard let message else { continue }
      let head = message.head.bytes
      if MaskedMessage.mask(head, head: head.count, &redactor) != head {
        note(exchange, "the \(name)'s head")
      }
      guard message.bytes < CleanMessage.limit,
        let content = message.content(in: store, limit: CleanMessage.limit),
        content.count < CleanMessage.limit, !OpaqueContent.isOpaque(content, message.head)
      else {
        noteUnseen(exchange, "the \(name)'s content")
        continue
      }
      if redactor.text(content) != content { note(exchange, "the \(name)'s content") }
    }
    for interim in exchange.interim {
      let head = interim.head.bytes
      if MaskedMessage.mask(head, head: head.count, &redactor) != head {
        note(exchange, "an interim answer")
      }
    }
    var isInMessage = false
    _ = exchange.webSocket?.forEachMessage(in: store) { _, _, message in
      if redactor.text(message.payload) != message.payload { isInMessage = true }
    }
    if isInMessage { note(exchange, "a WebSocket message") }
  }

  private mutating func noteUnseen(_ exchange: Exchange, _ part: String) {
    if unseen.count < Self.placeLimit { unseen.append(Place(exchange: exchange.id, part: part)) }
  }

  private mutating func note(_ exchange: Exchange, _ part: String) {
    count += 1
    if places.count < Self.placeLimit { places.append(Place(exchange: exchange.id, part: part)) }
  }
}
