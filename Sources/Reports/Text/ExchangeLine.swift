public import Exchanges
internal import HTTP
public import Redaction
public import Verdicts
public import Wire

/// One line an exchange, as `list` prints it.
public enum ExchangeLine {
  public static let header =
    "  id  after        client                server                status  verdict         request"

  public static func render(
    _ exchange: Exchange, _ judged: JudgedCredential?, since start: Timestamp,
    _ redactor: inout Redactor
  ) -> String {
    let after = exchange.time.nanoseconds(since: start).map(DurationText.offset) ?? "?"
    let status = exchange.response?.head.status.map(String.init) ?? "-"
    let verdict = judged.map(\.credential.verdict.rawValue) ?? "-"
    var line = padded("\(exchange.id)", 4, left: true)
    line += "  " + padded(after, 11) + "  " + padded(exchange.client.description, 20)
    line += "  " + padded(exchange.server.description, 20) + "  " + padded(status, 6)
    line += "  " + padded(verdict, 14) + "  " + request(exchange, &redactor)
    if exchange.outcome != .complete { line += "  [\(exchange.outcome.rawValue)]" }
    if let original = exchange.copyOf { line += "  [copy of \(original)]" }
    if let reason = judged?.credential.reason { line += "  [\(reason.rawValue)]" }
    return GitHubCommandText.neutralized(line)
  }

  /// `GET /model/info`, with secrets in the target replaced.
  static func request(_ exchange: Exchange, _ redactor: inout Redactor) -> String {
    guard let request = exchange.request else { return "(request not in the capture)" }
    let method = request.head.method.map { TerminalText.escape(redactor.text(Array($0))) } ?? "?"
    let target =
      request.head.target.map { TerminalText.escape(redactor.target(Array($0))) } ?? "?"
    return "\(method) \(target)"
  }

  private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
    let padding = String(repeating: " ", count: max(0, width - text.count))
    return left ? padding + text : text + padding
  }
}
