internal import Redaction
internal import Replay
internal import Reports
internal import Sockets

/// What a person reads of a replay.
enum ReplayText {
  static func count(_ name: String, _ plan: ReplayPlan, _ results: [ReplayResult]) -> Int {
    results.count { $0.outcome.name == name } + (name == "skipped" ? plan.skipped.count : 0)
  }

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
    _ plan: ReplayPlan, _ results: [ReplayResult], _ redactor: inout Redactor
  ) -> String {
    let bad = results.filter { $0.outcome.isSent && $0.outcome != .matched }.count
    let sent = results.filter(\.outcome.isSent).count
    let word = sent == 0 ? "NOTHING SENT" : bad == 0 ? "SAME" : "DIFFERENT"
    var lines = ["\(word)  \(sent - bad) of \(sent) answers came again", ""]
    let width = max(7, results.map { shown($0.request).count }.max() ?? 0)
    lines.append("   id  \(column("request", width))  then  now  outcome")
    for result in results {
      let then = result.request.answer.map { String($0.status) } ?? "-"
      let now = result.status.map(String.init) ?? "-"
      lines.append(
        "  \(pad(result.request.exchange))  \(column(shown(result.request), width))  "
          + "\(column(then, 4))  \(column(now, 3))  \(result.outcome.name)")
      for detail in details(result.outcome) {
        // An answer may hold keys, and so may what differs in it.
        lines.append("         \(TerminalText.escape(redactor.text(detail)))")
      }
    }
    for entry in plan.skipped { lines.append(skippedLine(entry)) }
    lines.append("")
    lines.append(
      ["matched", "differs", "failed", "skipped", "not-sent"]
        .map { "\(count($0, plan, results)) \($0)" }.joined(separator: ", ")
        + ": \(plan.total) requests")
    lines += changes(results) + times(results)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func details(_ outcome: ReplayOutcome) -> [String] {
    switch outcome {
    case .matched: []
    case .differs(let places):
      places.prefix(8)
        + (places.count > 8 ? ["… and \(places.count - 8) more"] : [])
    case .failed(let reason), .skipped(let reason), .notSent(let reason):
      [reason]
    }
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

  private static func times(_ results: [ReplayResult]) -> [String] {
    let late = results.compactMap(\.lateness).sorted()
    guard let last = late.last else { return [] }
    func part(_ share: Double) -> Int64 {
      late[min(late.count - 1, Int(Double(late.count) * share))]
    }
    func text(_ time: Int64) -> String {
      let micros = max(0, time) / 1000
      return "\(micros / 1000).\(micros % 1000 / 100) ms"
    }
    return [
      "sent late: \(text(part(0.5))) (median), \(text(part(0.99))) (p99), \(text(last)) at most"
    ]
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
