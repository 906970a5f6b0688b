internal import Redaction
internal import Replay
internal import Reports
internal import Sockets

/// What a person reads of a replay.
enum ReplayText {
  /// Rows of requests; of more, only those that didn't match.
  private static let rowLimit = 1000

  /// What would go where.
  static func plan(_ plan: ReplayPlan, _ options: ReplayOptions) -> String {
    let target = options.target
    var lines = [
      "would send \(plan.requests.count) of \(plan.total) requests to \(target.host) port "
        + "\(target.port)\(target.isTLS ? " over TLS" : ""), keys: \(told(options.credentials))"
    ]
    for request in plan.requests {
      lines.append("  \(pad(request.exchange))  \(shown(request))")
    }
    for entry in plan.skipped { lines.append(skippedLine(entry)) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func told(_ credentials: Credentials) -> String {
    switch credentials.source {
    case .standIns: "a stand-in for each"
    case .recorded: "as recorded"
    case .key: credentials.isForced ? "the given one, on every request" : "the given one"
    }
  }

  static func report(
    _ plan: ReplayPlan, _ results: [ReplayResult], _ summary: ReplaySummary,
    _ redactor: inout Redactor
  ) -> String {
    var lines = [headline(summary), ""]
    let width = max(7, results.prefix(rowLimit).map { Self.shown($0.request).count }.max() ?? 0)
    lines.append("   id  \(column("request", width))  then  now  outcome")
    // Of very many, those that are of interest.
    let shown = results.count > rowLimit ? results.filter { $0.outcome != .matched } : results
    for result in shown.prefix(rowLimit) {
      let then = result.request.answer.map { String($0.status) } ?? "-"
      let now = result.status.map(String.init) ?? "-"
      lines.append(
        "  \(pad(result.request.exchange))  \(column(Self.shown(result.request), width))  "
          + "\(column(then, 4))  \(column(now, 3))  \(result.outcome.name)")
      let details = result.outcome.details
      for detail in details.prefix(8) {
        // An answer may hold keys, and so may what differs in it.
        lines.append("         \(TerminalText.escape(redactor.text(detail)))")
      }
      if details.count > 8 { lines.append("         … and \(details.count - 8) more") }
    }
    if shown.count > rowLimit {
      lines.append("  … and \(shown.count - rowLimit) more; --report ndjson=FILE has all of them")
    }
    for entry in plan.skipped { lines.append(skippedLine(entry)) }
    lines.append("")
    lines.append(summary.countsLine)
    lines += changes(results) + summary.timeLines
    return lines.joined(separator: "\n") + "\n"
  }

  static func headline(_ summary: ReplaySummary) -> String {
    let same = summary["matched"]
    let left = summary["not-sent"]
    let word =
      summary.sent == 0
      ? "NOTHING SENT" : same != summary.sent ? "DIFFERENT" : left > 0 ? "INCOMPLETE" : "SAME"
    return "\(word)  \(same) of \(summary.sent) answers came again"
      + (left > 0 ? ", \(left) not sent" : "")
  }

  /// What was sent otherwise than it was recorded.
  private static func changes(_ results: [ReplayResult]) -> [String] {
    var counts: [String: Int] = [:]
    for name in results.flatMap(\.changed) { counts[name, default: 0] += 1 }
    guard !counts.isEmpty else { return [] }
    let told = counts.sorted { $0.key < $1.key }.map {
      "\(TerminalText.escape($0.key)) (\($0.value))"
    }
    return ["changed in what was recorded: \(told.joined(separator: ", "))"]
  }

  private static func skippedLine(
    _ entry: (exchange: Int, request: String, reason: String)
  ) -> String {
    "  \(pad(entry.exchange))  \(TerminalText.escape(entry.request))  skipped: \(entry.reason)"
  }

  private static func shown(_ request: RecordedRequest) -> String {
    let line = "\(request.method) \(request.target)"
    return TerminalText.escape(line.count > 60 ? "\(line.prefix(57))…" : line)
  }

  private static func pad(_ number: Int) -> String { column(String(number), 3, right: true) }

  private static func column(_ text: String, _ width: Int, right: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return right ? blanks + text : text + blanks
  }
}
