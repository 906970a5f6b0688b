public import Exchanges
internal import HTTP
public import LiteLLM
public import Redaction
public import Verdicts
public import Wire

/// One line an exchange, as `list` prints it.
public enum ExchangeLine {
  public static let header =
    "  id  after       client                server                status  verdict         request"
  /// With what a call of a model adds: behind the request, where there is one.
  public static let headerOfCalls =
    header + "                     model, tokens in+out, time to first event/to the end"

  /// - Parameters:
  ///   - reading: what it means as a call, where that is wanted.
  ///   - isColored: what isn't right is red.
  public static func render(
    _ exchange: Exchange, _ judged: JudgedCredential?, reading: CallReading? = nil,
    since start: Timestamp, isColored: Bool = false, _ redactor: inout Redactor
  ) -> String {
    let after = exchange.time.nanoseconds(since: start).map(DurationText.offset) ?? "?"
    let status = exchange.response?.head.status.map(String.init) ?? "-"
    let verdict = judged.map(\.credential.verdict.rawValue) ?? "-"
    // One that is told before its turn has no number yet.
    var line = padded(exchange.id > 0 ? "\(exchange.id)" : "…", 4, left: true)
    line += "  " + padded(after, 10) + "  " + padded(exchange.client.description, 20)
    line += "  " + padded(exchange.server.description, 20) + "  " + padded(status, 6)
    line += "  " + padded(verdict, 14) + "  "
    var request = request(exchange, &redactor)
    if reading?.place.upstreamOf != nil { request = "  " + request }
    if let call = reading?.call {
      line += padded(request, 26) + facts(call, exchange, &redactor)
    } else {
      line += request
    }
    if exchange.outcome != .complete { line += "  [\(exchange.outcome.rawValue)]" }
    if let original = exchange.copyOf { line += "  [copy of \(original)]" }
    if let parent = reading?.place.upstreamOf { line += "  [upstream of \(parent)]" }
    if let reason = judged?.credential.reason { line += "  [\(reason.rawValue)]" }
    if let call = reading?.call {
      if let attempt = call.attempt.value, attempt > 1 { line += "  [attempt \(attempt)]" }
      for anomaly in call.anomalies.anomalies { line += "  [\(anomaly.rawValue)]" }
    }
    let isWrong = judged?.credential.verdict.isViolation == true
    line = GitHubCommandText.neutralized(line)
    return isWrong ? Style(isOn: isColored).red(line) : line
  }

  /// The line of one whose answer comes event by event, and isn't over.
  public static func renderBegun(
    _ exchange: Exchange, status: Int, since start: Timestamp, _ redactor: inout Redactor
  ) -> String {
    let after = exchange.time.nanoseconds(since: start).map(DurationText.offset) ?? "?"
    let line =
      padded("…", 4, left: true) + "  " + padded(after, 10) + "  "
      + padded(exchange.client.description, 20) + "  " + padded(exchange.server.description, 20)
      + "  " + padded("\(status)", 6) + "  " + padded("(streaming)", 14) + "  "
      + request(exchange, &redactor)
    return GitHubCommandText.neutralized(line)
  }

  /// `gpt-4o  11+7  0.014/0.095 s`: what of it is known and applies.
  private static func facts(
    _ call: LLMCall, _ exchange: Exchange, _ redactor: inout Redactor
  ) -> String {
    var facts: [String] = []
    switch call.model {
    case .present(let model):
      facts.append(TerminalText.escape(redactor.text(model)).clipped(to: 40))
    case .unknown: facts.append("?")
    case .absent: break
    }
    switch call.usage {
    case .present(let usage):
      let counts = [usage.prompt, usage.completion].map { $0.map(String.init) ?? "?" }
      facts.append(counts.joined(separator: "+"))
    case .unknown where call.operation.countsTokens: facts.append("?")
    case .unknown, .absent: break
    }
    if let duration = exchange.duration {
      let first: String? =
        switch call.timeToFirstEvent {
        case .present(let wait): DurationText.plain(wait) + "/"
        case .unknown: "?/"
        case .absent: nil
        }
      facts.append((first ?? "") + DurationText.seconds(duration))
    }
    return facts.map { "  " + $0 }.joined()
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
