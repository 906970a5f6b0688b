internal import Exchanges
internal import Redaction
public import Verdicts
internal import Wire

/// The report for a job's summary or a pull request: GitHub's Markdown, a section a capture.
///
/// Captured text in it stays text: it is no markup, no link, no mention and no command of a CI
/// system.
public struct MarkdownReport {
  /// Rows of the table of exchanges; requests that failed are kept before those that passed.
  private static let tableRows = 50
  private static let faultCount = 12
  private static let remarkCount = 20
  /// GitHub refuses a step's summary of more than 1 MiB.
  private static let sizeLimit = 900_000

  private var text = ""

  private init() {}

  /// The whole text. Where many captures would make it longer than GitHub takes, the worst ones are
  /// told in full and the rest by their headline.
  public static func render(_ judgements: [Judgement]) -> String {
    var parts = judgements.map { _ in "" }
    var left = sizeLimit
    var untold = 0
    for result in Judgement.Result.precedence {
      for (index, judgement) in judgements.enumerated() where judgement.result == result {
        let full = section(judgement)
        let short = full.utf8.count > left ? headline(judgement) : full
        if short.utf8.count > left {
          untold += 1
        } else {
          parts[index] = short
          left -= short.utf8.count
        }
      }
    }
    if judgements.count != 1 { parts.insert(overview(judgements), at: 0) }
    if untold > 0 { parts.append("… and \(untold) more captures\n") }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func overview(_ judgements: [Judgement]) -> String {
    guard !judgements.isEmpty else { return "**NOTHING TESTED**: no capture was judged\n" }
    let counts = Judgement.Result.precedence.compactMap { result -> String? in
      let count = judgements.count { $0.result == result }
      return count > 0 ? "\(count) \(result.word)" : nil
    }
    return "**\(judgements.count) captures: \(counts.joined(separator: ", "))**\n"
  }

  private static func headline(_ judgement: Judgement) -> String {
    "## \(judgement.result.word): \(inline(judgement.file))\n\n\(inline(judgement.headline))\n"
  }

  private static func section(_ judgement: Judgement) -> String {
    var report = MarkdownReport()
    report.text = headline(judgement)
    report.writeScope(judgement)
    report.writeTable(judgement)
    report.writeFaults(judgement)
    report.writeSources(judgement)
    report.writeRemarks(judgement)
    report.line()
    report.line(inline(judgement.ledgerLine))
    return report.text
  }

  private mutating func line(_ line: String = "") {
    text += line
    text += "\n"
  }

  // MARK: Captured text

  private static func inline(_ text: String) -> String { MarkdownText.inline(text) }

  /// A code span for a cell of a table.
  private static func code(_ text: String, limit: Int) -> String {
    var shown = TerminalText.escape(text)
    if shown.unicodeScalars.count > limit {
      shown = String(String.UnicodeScalarView(shown.unicodeScalars.prefix(limit - 1))) + "…"
    }
    return MarkdownText.code(Array(GitHubCommandText.neutralized(shown).utf8))
  }

  // MARK: What happened

  private mutating func writeScope(_ judgement: Judgement) {
    let scope = judgement.scope
    guard !scope.servers.isEmpty || !scope.others.isEmpty else { return }
    let servers = Self.list(scope.servers)
    let others = scope.others.isEmpty ? "" : "; left out: \(Self.list(scope.others))"
    let policy = judgement.policyFile.map { "; policy: \($0)" } ?? ""
    line()
    line(
      Self.inline(
        (servers.isEmpty ? "No proxy recognised" : "Proxy: \(servers)") + others + policy))
  }

  private static func list(_ records: [ServerRecord]) -> String {
    let shown = records.prefix(5).map { record -> String in
      let address = record.server.address.description
      let names = record.sortedNames.filter { $0 != address && $0 != "[\(address)]" }.prefix(2)
      return names.isEmpty
        ? "\(record.server)" : "\(record.server) (\(names.joined(separator: "/")))"
    }
    let more = records.count > 5 ? " and \(records.count - 5) more" : ""
    return shown.joined(separator: ", ") + more
  }

  private mutating func writeTable(_ judgement: Judgement) {
    let rows = Self.chosenRows(judgement)
    guard !rows.isEmpty else { return }
    line()
    line("| | id | request | credential sent | proxy answered |")
    line("|---|--:|---|---|---|")
    for (row, hasFailed) in rows {
      let verdict = row.isRefused ? "refused-by-litellm" : row.verdict.rawValue
      let shown = hasFailed ? "**\(Self.inline(verdict))**" : Self.inline(verdict)
      line(
        "| \(shown) | \(row.id) | \(Self.code("\(row.method) \(row.target)", limit: 100)) "
          + "| \(Self.code(row.sent, limit: 60)) | \(Self.code(row.answer, limit: 100)) |")
    }
    let hidden = judgement.requests - rows.count
    if hidden > 0 {
      line()
      line("… and \(hidden) more")
    }
  }

  /// At most ``tableRows``, in the capture's order.
  private static func chosenRows(
    _ judgement: Judgement
  ) -> [(row: JudgedExchange, hasFailed: Bool)] {
    var broken: Set<Int> = []
    for finding in judgement.findings where finding.level != .note {
      if let exchange = finding.exchange { broken.insert(exchange) }
    }
    let rows = judgement.exchanges.map { row in
      (row: row, hasFailed: !row.verdict.passes || row.isRefused || broken.contains(row.id))
    }
    guard rows.count > tableRows else { return rows }
    let failed = rows.filter(\.hasFailed).count
    var room = (failed: tableRows, passed: max(0, tableRows - failed))
    return rows.filter { row in
      if row.hasFailed {
        room.failed -= 1
        return room.failed >= 0
      }
      room.passed -= 1
      return room.passed >= 0
    }
  }

  // MARK: Who is at fault, and what to change

  private mutating func writeFaults(_ judgement: Judgement) {
    for fault in judgement.faults.prefix(Self.faultCount) {
      let requests = fault.requests.prefix(3).map { "\($0.count) × \($0.method) \($0.path)" }
        .joined(separator: ", ")
      let more = fault.requests.count > 3 ? ", …" : ""
      line()
      line(
        "**\(fault.label): \(Self.inline(fault.verdict.rawValue))**, "
          + "\(Self.inline(requests + more)), by \(Self.inline(fault.client.name))")
      if !fault.meaning.isEmpty {
        line()
        line(Self.inline(fault.meaning))
      }
      if let prediction = fault.prediction {
        line()
        line(Self.inline(prediction))
      }
      if !fault.change.isEmpty {
        line()
        line("**Change:** \(Self.inline(fault.change))")
      }
    }
    let hidden = judgement.faults.count - Self.faultCount
    if hidden > 0 {
      line()
      line("… and \(hidden) more clients at fault")
    }
  }

  private mutating func writeSources(_ judgement: Judgement) {
    guard let title = judgement.likelySourcesTitle else { return }
    line()
    line(title)
    line()
    for source in judgement.likelySources.prefix(Self.remarkCount) {
      line("- \(source.label): \(Self.inline("\(source.file) \(source.function)"))")
    }
    line()
    line(Self.inline(KnownAgent.bytebotNote))
  }

  // MARK: What else there is to tell

  private mutating func writeRemarks(_ judgement: Judgement) {
    let remarks = Remark.all(of: judgement)
    let doubts = Set(judgement.doubts)
    let isDoubt = { (remark: Remark) in
      remark.level == .warning
        && (remark.rule == Verdict.unknown.rawValue || doubts.contains(remark.message))
    }
    write(remarks.filter { !isDoubt($0) }, title: "Also found:")
    write(remarks.filter(isDoubt), title: "Could not be judged:")
  }

  private mutating func write(_ remarks: [Remark], title: String) {
    guard !remarks.isEmpty else { return }
    line()
    line(title)
    line()
    for remark in remarks.prefix(Self.remarkCount) {
      let place = remark.mark.map { " (\($0))" } ?? ""
      let help = remark.help.isEmpty ? "" : "\n  " + Self.inline(remark.help)
      line(
        "- \(remark.level.rawValue) **\(Self.inline(remark.rule))**: "
          + Self.inline("\(remark.sentence)\(place)") + help)
    }
    if remarks.count > Self.remarkCount {
      line("- … and \(remarks.count - Self.remarkCount) more")
    }
  }
}
