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

  static func render(
    _ traffic: WebSocketTraffic, since start: Timestamp?, showsBodies: Bool,
    in store: CaptureStore, _ redactor: inout Redactor
  ) -> String {
    var lines = ""
    var count = 0
    let digest = WebSocketDigest(traffic, in: store)
    _ = traffic.forEachMessage(in: store) { isClient, time, message in
      count += 1
      guard count <= rows else { return }
      let offset = start.flatMap { time.nanoseconds(since: $0) }.map(DurationText.offset) ?? "?"
      lines += "     \(offset)  \(isClient ? ">" : "<") "
      lines += words(message, &redactor) + "\n"
      if showsBodies, message.kind == .text {
        let shown = redactor.text(Array(message.payload.prefix(textLimit)))
        lines += CallText.indented(shown, by: 7)
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

  private static func words(
    _ message: WebSocketMessage, _ redactor: inout Redactor
  ) -> String {
    func shown(_ text: String) -> String {
      String(TerminalText.escape(redactor.text(text)).prefix(200))
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
