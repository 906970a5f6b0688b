internal import Exchanges
internal import HTTP
internal import LiteLLM
internal import Redaction
internal import Wire

/// The messages of a WebSocket, as `show` prints them: one line each, with what the realtime API
/// means by it; what was said only on request, since it is private.
enum WebSocketText {
  /// Messages that are shown one by one.
  private static let rows = 1000
  /// How much of a message's text is shown, in bytes.
  private static let textLimit = 1 << 16
  /// How much of the texts of one peer is shown, in bytes.
  private static let limit = 1 << 22

  static func render(
    _ traffic: WebSocketTraffic, since start: Timestamp?, showsBodies: Bool,
    in store: CaptureStore, _ redactor: inout Redactor
  ) -> String {
    var lines = ""
    var count = 0
    let digest = WebSocketDigest(traffic, in: store)
    // A key may be spread over several messages of one peer.
    var fromClient = Texts()
    var fromServer = Texts()
    if showsBodies {
      var texts = [Texts(), Texts()]
      _ = traffic.forEachMessage(in: store) { isClient, _, message in
        count += 1
        guard count <= rows, message.kind == .text else { return }
        texts[isClient ? 0 : 1].take(message.payload)
      }
      (fromClient, fromServer) = (texts[0].redacted(&redactor), texts[1].redacted(&redactor))
      count = 0
    }
    _ = traffic.forEachMessage(in: store) { isClient, time, message in
      count += 1
      guard count <= rows else { return }
      let offset = start.flatMap { time.nanoseconds(since: $0) }.map(DurationText.offset) ?? "?"
      lines += "     \(offset)  \(isClient ? ">" : "<") "
      lines += words(message, &redactor) + "\n"
      if showsBodies, message.kind == .text {
        let shown = isClient ? fromClient.next() : fromServer.next()
        lines += shown.map { CallText.indented($0, by: 7) } ?? "       (left out)\n"
      }
    }
    if count > rows { lines += "     … and \(count - rows) more\n" }
    if traffic.uncounted > 0 { lines += "     … and \(traffic.uncounted) more frames\n" }
    var title = "   websocket  \(digest.fromClient) messages from the client, "
    title += "\(digest.fromServer) from the server"
    if let close = digest.close {
      title += ", closed by the \(close.byClient ? "client" : "server")"
      title += close.code.map { " (\($0))" } ?? ""
    }
    return title + (showsBodies ? "" : "  (--show-bodies shows them)") + "\n" + lines
  }

  /// The texts of one peer, in their order.
  private struct Texts {
    private var texts: [[UInt8]] = []
    private var size = 0
    private var given = 0

    mutating func take(_ payload: [UInt8]) {
      guard size < limit else { return }
      texts.append(Array(payload.prefix(textLimit)))
      size += texts[texts.count - 1].count
    }

    func redacted(_ redactor: inout Redactor) -> Texts {
      var redacted = self
      redacted.texts = redactor.messages(texts).map(Base64Runs.elided)
      return redacted
    }

    /// `nil` where the texts before it took all the room.
    mutating func next() -> [UInt8]? {
      guard given < texts.count else { return nil }
      given += 1
      return texts[given - 1]
    }
  }

  private static func words(
    _ message: WebSocketMessage, _ redactor: inout Redactor
  ) -> String {
    func shown(_ text: String) -> String {
      TerminalText.escape(redactor.text(text)).clipped(to: 200)
    }
    var text: String
    switch message.kind {
    case .text:
      text = "text \(message.payload.count) bytes"
      if let meaning = RealtimeMessage.summary(of: message.payload) {
        text += "  \(shown(meaning))"
      }
    case .binary: text = "binary \(message.payload.count) bytes"
    case .unknown: text = "\(message.payload.count) bytes, the beginning isn't in the capture"
    case .ping: text = "ping"
    case .pong: text = "pong"
    case .close(let code, let reason):
      text = "close\(code.map { " \($0)" } ?? "")"
      if !reason.isEmpty { text += "  \(shown(String(decoding: reason, as: UTF8.self)))" }
    }
    if message.isCompressed { text += ", compressed to \(message.length)" }
    if !message.isComplete { text += ", not complete" }
    return text
  }
}
