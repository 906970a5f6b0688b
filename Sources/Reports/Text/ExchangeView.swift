public import Exchanges
internal import HTTP
public import LiteLLM
public import Redaction
public import Verdicts
public import Wire

/// An exchange in full, as `show` prints it: heads as they were sent, contents decoded, packets.
public struct ExchangeView {
  private let showsBodies: Bool
  private let style: Style

  /// How much of a content is shown, in bytes.
  private static let contentLimit = 1 << 20

  public init(showsBodies: Bool, colored: Bool) {
    self.showsBodies = showsBodies
    style = Style(isOn: colored)
  }

  /// - Parameter reading: what it means as a call, where that is wanted.
  public func render(
    _ exchange: Exchange, _ judged: JudgedCredential?, reading: CallReading? = nil,
    in store: CaptureStore, _ redactor: inout Redactor
  ) -> String {
    let verdict = judged.map { credential in
      "  \(credential.credential.verdict.rawValue)"
        + (credential.credential.reason.map { " (\($0.rawValue))" } ?? "")
    }
    let request = ExchangeLine.request(exchange, &redactor)
    var text = style.bold("#\(exchange.id)  \(request)") + (verdict ?? "")
    text += "  \(exchange.outcome.rawValue)\n"
    text += "   \(exchange.client) -> \(exchange.server), connection \(exchange.connection)"
    if let duration = exchange.duration { text += ", \(DurationText.seconds(duration))" }
    if exchange.observations > 1 { text += ", seen \(exchange.observations) times" }
    if let original = exchange.copyOf { text += ", second hop of #\(original)" }
    text += "\n"
    if let tls = exchange.tls { text += Self.line(tls, &redactor) }
    let anomalies = exchange.anomalies.union(reading?.call?.anomalies ?? [])
    if !anomalies.isEmpty {
      text += "   anomalies: "
      text += anomalies.anomalies.map(\.rawValue).joined(separator: ", ") + "\n"
    }
    if let reading { text += CallText.facts(reading, &redactor) }
    if let message = exchange.request {
      text += part("request", ">", message, &redactor)
      if showsBodies {
        let prompt = reading?.call.flatMap { _ in Prompt(message, in: store) }
        text +=
          prompt.map { CallText.conversation($0, &redactor) }
          ?? content(message, in: store, &redactor)
      }
    }
    for interim in exchange.interim {
      text += "   interim  \(interim.time.rfc3339 ?? "time unknown")\n"
      text += head(interim.head, "<", &redactor)
    }
    if let message = exchange.response {
      text += part("response", "<", message, &redactor)
      if showsBodies {
        let answer =
          reading?.call.flatMap { _ in LLMCall(exchange, collectingText: true, in: store)?.answer }
        let shown = answer.map { CallText.answer($0, &redactor) } ?? ""
        text += shown
        if message.head.isEventStream {
          text += CallText.events(message, since: exchange.request?.end, in: store, &redactor)
        } else if shown.isEmpty {
          text += content(message, in: store, &redactor)
        }
      }
    }
    if let traffic = exchange.webSocket {
      text += WebSocketText.render(
        traffic, since: exchange.response?.time, showsBodies: showsBodies, in: store, &redactor)
    }
    return GitHubCommandText.neutralized(text)
  }

  private func part(
    _ name: String, _ mark: String, _ message: Message, _ redactor: inout Redactor
  ) -> String {
    var text = "   \(name)  \(message.time.rfc3339 ?? "time unknown")"
    text += "  frames \(Self.frames(message.frames.runs))"
    if message.headState != .complete { text += "  head \(message.headState.rawValue)" }
    text += "\n" + head(message.head, mark, &redactor)
    guard message.bodyState != .none else { return text }
    text += "   content  \(message.bytes) bytes, \(message.bodyState.rawValue)"
    if message.missing > 0 { text += ", \(message.missing) missing" }
    return text + (showsBodies ? "\n" : "  (--show-bodies shows it)\n")
  }

  private func content(
    _ message: Message, in store: CaptureStore, _ redactor: inout Redactor
  ) -> String {
    guard message.bodyState != .none else { return "" }
    guard let content = message.content(in: store, limit: Self.contentLimit) else {
      return "   (its content coding can't be undone)\n"
    }
    if BinaryContent.isLikely(content) {
      return "     [\(BinaryContent.type(of: message, &redactor)), "
        + "\(ByteCount.text(content.count))\(content.count >= Self.contentLimit ? " and more" : "")]\n"
    }
    return CallText.indented(Base64Runs.elided(redactor.text(content)), by: 5)
  }

  private func head(
    _ head: MessageHead, _ mark: String, _ redactor: inout Redactor
  ) -> String {
    var text = ""
    func add(_ line: [UInt8]) { text += "   \(style.dim(mark)) \(TerminalText.escape(line))\n" }
    switch head.startLine {
    case .request(let method, let target, let version):
      let shown = redactor.target(Array(head.slice(target)))
      add(
        redactor.text(Array(head.slice(method))) + [0x20] + shown + [0x20]
          + redactor.text(Array(head.slice(version))))
    case .status(let code, let reason, let version):
      let words = redactor.text(Array(head.slice(reason)))
      // HTTP/2 has no words for a status (RFC 9113, 8.3.2).
      let status = Array(" \(code)\(words.isEmpty ? "" : " ")".utf8)
      add(redactor.text(Array(head.slice(version))) + status + words)
    case .unreadable:
      break
    }
    for field in head.fields {
      let name = Array(head.name(of: field))
      let value = redactor.headerValue(name: name, value: Array(head.value(of: field)))
      add(redactor.text(name) + [0x3A, 0x20] + value)
    }
    return text
  }

  private static func line(_ tls: TLSParameters, _ redactor: inout Redactor) -> String {
    let inner = tls.applicationProtocol.map { "inside \(TerminalText.escape(redactor.text($0)))" }
    let name = tls.serverName.map { "to \(TerminalText.escape(redactor.text($0)))" }
    let parts = [tls.version ?? "TLS", tls.cipherSuite, inner, name].compactMap(\.self)
    return "   tls      \(parts.joined(separator: ", "))\n"
  }

  static func frames(_ runs: [ClosedRange<Int32>]) -> String {
    let shown = runs.prefix(12).map { run in
      run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound)-\(run.upperBound)"
    }
    return shown.joined(separator: ",") + (runs.count > 12 ? ",…" : "")
  }
}
