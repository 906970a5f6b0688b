public import Exchanges
internal import HTTP
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

  public func render(
    _ exchange: Exchange, _ judged: JudgedCredential?, in store: CaptureStore,
    _ redactor: inout Redactor
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
    if !exchange.anomalies.isEmpty {
      text += "   anomalies: "
      text += exchange.anomalies.anomalies.map(\.rawValue).joined(separator: ", ") + "\n"
    }
    if let message = exchange.request {
      text += part("request", ">", message, in: store, &redactor)
    }
    for interim in exchange.interim {
      text += "   interim  \(interim.time.rfc3339 ?? "time unknown")\n"
      text += head(interim.head, "<", &redactor)
    }
    if let message = exchange.response {
      text += part("response", "<", message, in: store, &redactor)
    }
    return GitHubCommandText.neutralized(text)
  }

  private func part(
    _ name: String, _ mark: String, _ message: Message, in store: CaptureStore,
    _ redactor: inout Redactor
  ) -> String {
    var text = "   \(name)  \(message.time.rfc3339 ?? "time unknown")"
    text += "  frames \(Self.frames(message.frames.runs))"
    if message.headState != .complete { text += "  head \(message.headState.rawValue)" }
    text += "\n" + head(message.head, mark, &redactor)
    guard message.bodyState != .none else { return text }
    text += "   content  \(message.bytes) bytes, \(message.bodyState.rawValue)"
    if message.missing > 0 { text += ", \(message.missing) missing" }
    guard showsBodies else { return text + "  (--show-bodies shows it)\n" }
    text += "\n"
    guard let content = message.content(in: store, limit: Self.contentLimit) else {
      return text + "   (its content coding can't be undone)\n"
    }
    for line in TerminalText.escape(redactor.text(content), keepingNewlines: true).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      text += "     \(line)\n"
    }
    return text
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
      let words = Array(" \(code) ".utf8)
      add(
        redactor.text(Array(head.slice(version))) + words + redactor.text(Array(head.slice(reason)))
      )
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

  static func frames(_ runs: [ClosedRange<Int32>]) -> String {
    let shown = runs.prefix(12).map { run in
      run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound)-\(run.upperBound)"
    }
    return shown.joined(separator: ",") + (runs.count > 12 ? ",…" : "")
  }
}
