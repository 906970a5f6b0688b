public import Exchanges
internal import HTTP
internal import LiteLLM
public import Redaction
internal import Sanitizing
public import Wire

/// A request of a capture as it can be sent again, and what was answered then.
public struct RecordedRequest: Sendable {
  /// A whole answer.
  public struct Answer: Sendable {
    public var status: Int
    /// In lower case, without parameters; empty where there is none.
    public var mediaType = ""
    /// Content codings undone; `nil` where that can't be done.
    public var content: [UInt8]?
    /// Status line and fields.
    var head: [UInt8] = []
    /// Of a stream that came now: from the request to its first event, and the longest time between
    /// two; in nanoseconds.
    public var timeToFirstEvent: Int64?
    public var longestGap: Int64?
    /// Bytes that came behind it, and that nobody asked for.
    var excess = 0

    public init(status: Int, mediaType: String = "", content: [UInt8]? = nil) {
      self.status = status
      self.mediaType = mediaType
      self.content = content
    }

    /// All values of a field, in one list (RFC 9110, 5.3); `nil` where there is none.
    func field(_ name: String) -> String? {
      let head = MessageHead(self.head[...], isComplete: true)
      let values = head.fields.filter {
        String(decoding: head.name(of: $0), as: UTF8.self).lowercased() == name
      }
      return values.isEmpty
        ? nil
        : values.map { String(decoding: head.value(of: $0), as: UTF8.self) }
          .joined(separator: ", ")
    }

    var retryAfter: String? { [429, 503].contains(status) ? field("retry-after") : nil }
  }

  /// Its id in the capture, and its connection's number.
  public var exchange: Int
  /// From 1, where all are sent several times.
  public var turn = 1
  public var connection: Int
  /// From the capture's first request, in nanoseconds.
  public var offset: Int64
  /// When its answer was over, counted as ``offset``.
  public var end: Int64
  public var method: String
  public var target: String
  /// Start line and fields, with a stand-in for each key, unless they are kept.
  public var head: [UInt8]
  /// Content with its framing.
  public var content: [UInt8]
  /// What stands in the place of keys: values of fields in ``head``, and the names of the keys.
  var standIns: [[UInt8]: String]
  public var recordedServer: Endpoint
  /// `nil` where it wasn't recorded as a whole.
  public var answer: Answer?
  /// The recorded proxy took its key, or would have: its answer, if any, is no refusal of its own.
  public var wasTaken = false

  /// Whether it says that it is its connection's last (RFC 9112, 9.6).
  var closes: Bool { MessageHead(head[...], isComplete: true).hasToken("close", in: "connection") }

  /// What stands in the place of the key that it sent; `nil` where it sent none.
  public var sentStandIn: String? {
    let head = MessageHead(self.head[...], isComplete: true)
    for field in head.fields {
      let value = head.value(of: field)
      guard standIns[Array(value)] != nil, !head.isNamed(field, "cookie") else { continue }
      return String(decoding: value.split(separator: 0x20).last ?? value, as: UTF8.self)
    }
    return nil
  }

  /// The largest content that is read, in bytes.
  static let limit = 64 << 20

  /// - Parameters:
  ///   - first: the time of the capture's first request.
  ///   - keepsKeys: recorded keys are to be sent.
  /// - Returns: the request, or why it can't be sent again.
  public static func of(
    _ exchange: Exchange, since first: Timestamp, in store: CaptureStore, keepsKeys: Bool,
    _ redactor: inout Redactor
  ) -> (request: RecordedRequest?, reason: String) {
    guard let message = exchange.request else { return (nil, "its request isn't in the capture") }
    // A head that no two servers read alike can be sent as it is.
    guard message.headState == .complete,
      message.headDoubt == nil || message.headDoubt == .ambiguousFraming,
      let method = message.head.method, let target = message.head.target
    else { return (nil, "its head isn't whole") }
    guard message.bodyState == .none || message.bodyState == .complete else {
      return (nil, "its content isn't whole")
    }
    guard exchange.webSocket == nil, exchange.outcome != .tunnel else {
      return (nil, "another protocol follows")
    }
    let line = [method, target, ArraySlice("HTTP/1.1".utf8)].joined(separator: [0x20])
    let opening = String(decoding: Array(line), as: UTF8.self)
    let clean: CleanMessage
    if keepsKeys {
      var open = Redactor(showingSecrets: true)
      clean = CleanMessage(message, opening: opening, in: store, hidesProse: false, &open)
    } else {
      clean = CleanMessage(message, opening: opening, in: store, hidesProse: false, &redactor)
    }
    guard !clean.isHidden else {
      return (nil, "its content can't be decoded, so nobody can see whether a key is in it")
    }
    var standIns: [[UInt8]: String] = [:]
    var naming = Redactor(keys: redactor.keys)
    for field in message.head.fields where !field.isUnknown {
      let value = Array(message.head.value(of: field))
      let name = Array(message.head.name(of: field))
      let masked = redactor.headerValue(name: name, value: value)
      guard masked != value else { continue }
      let shown = String(decoding: naming.headerValue(name: name, value: value), as: UTF8.self)
      standIns[masked] = shown.split(separator: " ").last.map(String.init) ?? shown
    }
    let offset = max(0, message.time.nanoseconds(since: first) ?? 0)
    var request = RecordedRequest(
      exchange: exchange.id, connection: exchange.connection,
      offset: offset,
      // A clock that was set back would make it wait for itself.
      end: max(offset, (exchange.response ?? message).end.nanoseconds(since: first) ?? 0),
      method: String(decoding: method, as: UTF8.self),
      target: String(decoding: redactor.target(Array(target)), as: UTF8.self),
      head: clean.head, content: clean.parts.flatMap(\.bytes), standIns: standIns,
      recordedServer: exchange.server, answer: answer(exchange, in: store))
    let told = LiteLLM.Answer(exchange, in: store)
    request.wasTaken = told?.isOwnRefusal != true && told?.isUnclearRefusal != true
    return (request, "")
  }

  private static func answer(_ exchange: Exchange, in store: CaptureStore) -> Answer? {
    guard let message = exchange.response, message.headState == .complete,
      let status = message.head.status, exchange.outcome == .complete,
      message.bodyState == .none || message.bodyState == .complete
    else { return nil }
    var answer = Answer(
      status: status, mediaType: MediaType.of(message.head),
      content: message.content(in: store, limit: limit))
    answer.head = message.head.bytes
    return answer
  }
}

enum MediaType {
  /// `application/json` of `Application/JSON; charset=utf-8`.
  static func of(_ head: MessageHead) -> String {
    guard let value = head.values(of: "content-type").first else { return "" }
    let type = value.prefix { $0 != 0x3B }
    return String(decoding: type.trimmingBlanks(), as: UTF8.self).lowercased()
  }
}
