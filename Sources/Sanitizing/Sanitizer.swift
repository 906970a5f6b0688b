public import Exchanges
internal import HTTP
internal import Recording
public import Redaction
public import Wire

/// Writes a capture again without its secrets: stand-ins of the same length in their place, TLS
/// opened, HTTP/2 as HTTP/1, each connection with true TCP framing and checksums, and nothing that
/// isn't an exchange.
///
/// The capture goes through it twice: a key may turn up before the place that tells what it is.
public struct Sanitizer: ExchangeSink {
  public struct Options: Sendable {
    /// What people and models wrote is replaced, too.
    public var hidesProse = false
    /// Exchanges over TLS are left out.
    public var leavesOutTLS = false

    public init() {}
  }

  /// What of an exchange has to be the same in the result.
  struct Signature: Equatable, CustomStringConvertible {
    var method: [UInt8]?
    var status: Int?
    var outcome: Exchange.Outcome
    var requestBytes: Int?
    var responseBytes: Int?
    var webSocketMessages: Int

    /// `POST with 27 bytes, 200 with 23 bytes, complete`
    var description: String {
      let asked = method.map { String(decoding: $0, as: UTF8.self) } ?? "no request"
      let answered = status.map(String.init) ?? "no answer"
      func length(_ bytes: Int?) -> String { bytes.map { " with \($0) bytes" } ?? "" }
      let messages = webSocketMessages > 0 ? ", \(webSocketMessages) WebSocket messages" : ""
      return asked + length(requestBytes) + ", " + answered + length(responseBytes) + messages
        + ", \(outcome.rawValue)"
    }
  }

  private let options: Options
  /// Knows the keys of the capture once it has gone through.
  public private(set) var redactor: Redactor
  private var transcript: Transcript?
  private var slots: [Int: Int] = [:]
  private var ports: Set<Endpoint> = []
  private(set) var signatures: [Signature] = []
  /// Exchanges that were written, and those over TLS that were not.
  public private(set) var exchanges = 0
  public private(set) var leftOut = 0
  /// Bytes behind a CONNECT, or of a protocol that nobody reads here.
  public private(set) var tunnelBytes = 0

  /// - Parameter redactor: knows the keys that are expected.
  public init(_ options: Options, redactor: Redactor) {
    self.options = options
    self.redactor = Redactor(keys: redactor.keys)
    self.redactor.standIns = .ofSameLength
  }

  /// From here on what goes through is written down.
  ///
  /// - Returns: `false` where no temporary file can be made.
  public mutating func beginWriting() -> Bool {
    transcript = Transcript()
    exchanges = 0
    leftOut = 0
    tunnelBytes = 0
    return transcript != nil
  }

  public mutating func began(_ source: CaptureSource) {}

  public mutating func take(_ exchange: Exchange, in store: CaptureStore) {
    ports.insert(exchange.client)
    guard !(options.leavesOutTLS && exchange.tls != nil) else {
      leftOut += 1
      return
    }
    exchanges += 1
    let isWebSocket = exchange.webSocket != nil
    let request = exchange.request.map {
      CleanMessage(
        $0, opening: Self.requestLine($0.head), in: store, hidesProse: options.hidesProse,
        &redactor)
    }
    let response = exchange.response.map {
      CleanMessage(
        $0, opening: Self.statusLine($0.head), in: store, hidesProse: options.hidesProse,
        upgrades: isWebSocket, &redactor)
    }
    let messages = exchange.webSocket.map { webSocketFrames($0, in: store) } ?? []
    guard transcript != nil else { return }
    if !isWebSocket { tunnelBytes += exchange.tunnelBytes }
    signatures.append(
      Signature(
        method: request.flatMap { MessageHead($0.head[...], isComplete: true).method }
          .map(Array.init),
        status: exchange.response?.head.status, outcome: exchange.outcome,
        requestBytes: request?.length, responseBytes: response?.length,
        webSocketMessages: messages.count))
    write(exchange, request, response, messages)
  }

  private mutating func write(
    _ exchange: Exchange, _ request: CleanMessage?, _ response: CleanMessage?,
    _ messages: [(fromClient: Bool, part: CleanMessage.Part)]
  ) {
    let slot = self.slot(of: exchange)
    if let message = exchange.request, let request {
      send(request, at: message, on: slot, from: .client)
    }
    if let message = exchange.response, let response {
      for interim in exchange.interim where interim.head.status != 101 {
        let bytes = interim.head.isHTTP2 ? [] : interim.head.bytes
        transcript?.send(
          MaskedMessage.mask(bytes, head: bytes.count, &redactor), on: slot, from: .server,
          Transcript.Place(frame: message.frames.first ?? 0, time: interim.time.nanoseconds))
      }
      // A capture may hold an answer in front of what it answers; a conversation can't.
      send(
        response, at: message, notBefore: exchange.request?.frames.first ?? 0, on: slot,
        from: .server)
    }
    if exchange.response == nil, exchange.outcome == .gap, let request = exchange.request {
      // Its answer is behind a hole; how long that is, nobody knows.
      transcript?.lose(
        1, on: slot, from: .server,
        Transcript.Place(
          frame: request.frames.runs.last?.upperBound ?? 0, time: request.end.nanoseconds))
    }
    for message in messages {
      transcript?.send(
        message.part.bytes, on: slot, from: message.fromClient ? .client : .server,
        message.part.place)
    }
    transcript?.close(slot, Self.closing(exchange.outcome))
  }

  private mutating func send(
    _ message: CleanMessage, at origin: Message, notBefore frame: Int32 = 0, on slot: Int,
    from side: Side
  ) {
    let first = Transcript.Place(
      frame: max(frame, origin.frames.first ?? 0), time: origin.time.nanoseconds)
    transcript?.send(message.head, on: slot, from: side, first)
    for (index, part) in message.parts.enumerated() {
      if index == message.missingAt {
        transcript?.lose(message.missing, on: slot, from: side, part.place)
      }
      transcript?.send(part.bytes, on: slot, from: side, part.place)
    }
    if message.missingAt >= message.parts.count {
      let last = message.parts.last?.place ?? first
      transcript?.lose(message.missing, on: slot, from: side, last)
    }
  }

  /// HTTP/2's streams get a connection each: HTTP/1 can't tell them one inside the other.
  private mutating func slot(of exchange: Exchange) -> Int {
    let isStream = exchange.request?.head.isHTTP2 ?? exchange.response?.head.isHTTP2 ?? false
    if !isStream, let known = slots[exchange.connection] { return known }
    var client = exchange.client
    if isStream, slots[exchange.connection] != nil {
      repeat {
        client.port = client.port == .max ? 1024 : client.port &+ 1
      } while !ports.insert(client).inserted && ports.count < 60_000
    }
    let slot =
      transcript?.open(
        client: client, server: exchange.server, beganBeforeCapture: exchange.beganBeforeCapture)
      ?? 0
    slots[exchange.connection] = slot
    return slot
  }

  private static func closing(_ outcome: Exchange.Outcome) -> Transcript.Closing {
    switch outcome {
    case .truncated: .none
    case .clientAborted: .resetByClient
    case .serverReset: .resetByServer
    default: .both
    }
  }

  private static func requestLine(_ head: MessageHead) -> String {
    let method = String(decoding: head.method ?? [], as: UTF8.self)
    return "\(method) \(String(decoding: head.target ?? [], as: UTF8.self)) HTTP/1.1"
  }

  private static func statusLine(_ head: MessageHead) -> String {
    "HTTP/1.1 \(head.status ?? 0) \(String(decoding: head.reason ?? [], as: UTF8.self))"
  }

  // MARK: WebSocket

  /// One frame for each message (RFC 6455, 5.2), without compression; the client's with a mask of
  /// nothing, which leaves them readable.
  private mutating func webSocketFrames(
    _ traffic: WebSocketTraffic, in store: CaptureStore
  ) -> [(fromClient: Bool, part: CleanMessage.Part)] {
    var messages: [(Bool, Timestamp, WebSocketMessage)] = []
    _ = traffic.forEachMessage(in: store) { messages.append(($0, $1, $2)) }
    var frames: [Int64: Int32] = [:]
    for frame in traffic.frames {
      let pieces = frame.fromClient ? traffic.clientPieces : traffic.serverPieces
      if let last = pieces[frame.pieces].last {
        frames[frame.time.nanoseconds] = max(last.frame, frames[frame.time.nanoseconds] ?? 0)
      }
    }
    return messages.map { fromClient, time, message in
      var payload = redactor.text(message.payload)
      if options.hidesProse { payload = Prose.hidden(payload, isEventStream: false) }
      let place = Transcript.Place(
        frame: frames[time.nanoseconds] ?? 0, time: time.nanoseconds)
      return (
        fromClient,
        CleanMessage.Part(
          bytes: Self.frame(message.kind, payload, isMasked: fromClient), place: place)
      )
    }
  }

  private static func frame(
    _ kind: WebSocketMessage.Kind, _ payload: [UInt8], isMasked: Bool
  ) -> [UInt8] {
    let code: UInt8 =
      switch kind {
      case .text: 1
      case .binary, .unknown: 2
      case .close: 8
      case .ping: 9
      case .pong: 10
      }
    let mask: UInt8 = isMasked ? 0x80 : 0
    var frame: [UInt8] = [0x80 | code]
    switch payload.count {
    case ..<126: frame.append(mask | UInt8(payload.count))
    case ..<65_536:
      frame += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default:
      frame.append(mask | 127)
      for shift in stride(from: 56, through: 0, by: -8) {
        frame.append(UInt8(truncatingIfNeeded: payload.count >> shift))
      }
    }
    return frame + (isMasked ? [0, 0, 0, 0] : []) + payload
  }

  // MARK: The result

  /// The capture without secrets, as pcapng (draft-ietf-opsawg-pcapng).
  ///
  /// - Returns: `false` where the temporary file could not be written or read.
  public func write(_ output: ([UInt8]) -> Void) -> Bool {
    guard let transcript, !transcript.isIncomplete else { return false }
    let writer = PcapngWriter(linkType: .raw, application: "keywitness", interface: "sanitized")
    output(writer.header)
    return transcript.write { bytes, time in output(writer.packet(bytes, at: max(0, time))) }
  }

  public var connections: Int { transcript?.connections.count ?? 0 }
}
