internal import Redaction
internal import Replay
internal import Reports

/// What programs read of a replay.
enum ReplayRecords {
  /// A line for each request, and one with the sums.
  static func ndjson(
    _ plan: ReplayPlan, _ results: [ReplayResult], _ summary: ReplaySummary,
    _ redactor: inout Redactor
  ) -> [UInt8] {
    var json = JSONWriter()
    for result in results { write(result, to: &json, &redactor) }
    for skipped in plan.skipped {
      json.beginObject()
      json.member("schema", "keywitness/1")
      json.member("kind", "replayed")
      json.member("exchange", skipped.exchange)
      json.member("request", skipped.request)
      json.member("outcome", "skipped")
      json.strings("details", [skipped.reason])
      json.endObject()
      json.endLine()
    }
    summary.write(to: &json, kind: "replay", withHistograms: true)
    return json.bytes
  }

  private static func write(
    _ result: ReplayResult, to json: inout JSONWriter, _ redactor: inout Redactor
  ) {
    json.beginObject()
    json.member("schema", "keywitness/1")
    json.member("kind", "replayed")
    json.member("exchange", result.request.exchange)
    if result.request.turn > 1 { json.member("turn", result.request.turn) }
    json.member("request", "\(result.request.method) \(result.request.target)")
    json.member("outcome", result.outcome.name)
    if let then = result.request.answer?.status { json.member("then", then) }
    if let now = result.status { json.member("now", now) }
    let details = result.outcome.details.map { redactor.text($0) }
    if !details.isEmpty { json.strings("details", details) }
    if !result.changed.isEmpty { json.strings("changed", result.changed) }
    if result.attempts > 1 { json.member("attempts", result.attempts) }
    if let time = result.lateness { member("late", time, &json) }
    if let time = result.duration { member("duration", time, &json) }
    json.endObject()
    json.endLine()
  }

  /// In seconds.
  private static func member(_ name: StaticString, _ time: Int64, _ json: inout JSONWriter) {
    let micros = max(0, time) / 1000
    let fraction = String(micros % 1_000_000)
    json.key(name)
    json.number(
      "\(micros / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction)
  }

  /// One test case a request.
  static func junit(
    _ plan: ReplayPlan, _ results: [ReplayResult], _ summary: ReplaySummary,
    _ redactor: inout Redactor
  ) -> String {
    var cases: [ReplayReport.Case] = []
    for result in results {
      cases.append(
        ReplayReport.Case(
          name: "#\(result.request.exchange) \(result.request.method) \(result.request.target)",
          outcome: result.outcome.name, isFailure: result.outcome != .matched,
          isSkipped: !result.outcome.isSent,
          lines: result.outcome.details.map { redactor.text($0) }, duration: result.duration))
    }
    for skipped in plan.skipped {
      cases.append(
        ReplayReport.Case(
          name: "#\(skipped.exchange) \(skipped.request)", outcome: "skipped", isFailure: false,
          isSkipped: true, lines: [skipped.reason], duration: nil))
    }
    return ReplayReport.junit(
      cases, capture: summary.capture, target: summary.target, summary: summary.countsLine)
  }
}
