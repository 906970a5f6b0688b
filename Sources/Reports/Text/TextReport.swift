internal import Exchanges
internal import Redaction
public import Verdicts
internal import Wire

/// The report that a person reads: the verdict, what happened, who is at fault, what to change, and
/// how to prove it.
public struct TextReport {
  private let style: Style
  private var text = ""

  /// Rows of the table of exchanges.
  private static let tableRows = 40

  /// - Parameter colored: with the colours of a terminal.
  public init(colored: Bool) {
    style = Style(isOn: colored)
  }

  public static func render(_ judgements: [Judgement], colored: Bool) -> String {
    var parts: [String] = []
    for judgement in judgements {
      var report = TextReport(colored: colored)
      report.write(judgement)
      // A report ends in the logs of CI systems, which read commands out of what they log.
      parts.append(GitHubCommandText.neutralized(report.text))
    }
    if judgements.count > 1 {
      let counts = Judgement.Result.precedence.compactMap { result -> String? in
        let count = judgements.count { $0.result == result }
        return count > 0 ? "\(count) \(result.word)" : nil
      }
      parts.append("\(judgements.count) captures: \(counts.joined(separator: ", "))\n")
    }
    return parts.joined(separator: "\n")
  }

  private mutating func line(_ line: String = "") {
    text += line
    text += "\n"
  }

  private mutating func write(_ judgement: Judgement) {
    line(
      "\(style.result(judgement.result))  \(shown(judgement.file)): \(judgement.headline)")
    line(scopeLine(judgement))
    if let policy = judgement.policyFile { line("policy \(shown(policy))") }
    writeTable(judgement)
    writeFaults(judgement)
    writeRefusals(judgement)
    writeOtherFindings(judgement)
    writeSources(judgement)
    writeNext(judgement)
    writeLedger(judgement)
  }

  /// The capture, and what opens it, as words of a command.
  private func input(_ judgement: Judgement) -> String {
    let keys = judgement.ledger.keyLog.files.map { "--keylog \(shown($0.path)) " }.joined()
    return keys + shown(judgement.file)
  }

  private func shown(_ name: String) -> String { TerminalText.escape(name) }

  // MARK: The verdict

  private func scopeLine(_ judgement: Judgement) -> String {
    let scope = judgement.scope
    let servers = scope.servers.prefix(5).map { describe($0) }.joined(separator: ", ")
    let more = scope.servers.count > 5 ? " and \(scope.servers.count - 5) more" : ""
    let why =
      switch scope.basis {
      case .named: "as named"
      case .marks: "LiteLLM by its paths, headers or error bodies"
      case .modelAPI: "asked for paths of OpenAI's or Anthropic's kind"
      case .shutTLS: "TLS that stays shut; nothing else that could be a proxy"
      case .none: ""
      }
    let others = scope.others
    let rest: String
    if others.isEmpty {
      rest = "no other server in the capture"
    } else {
      let names = others.prefix(3).map { describe($0) + shut($0) }.joined(separator: ", ")
      rest = "left out: \(names)\(others.count > 3 ? " and \(others.count - 3) more" : "")"
    }
    guard !scope.servers.isEmpty else {
      return others.isEmpty
        ? "no server in the capture"
        : "no proxy recognised; \(rest); name it with --proxy \(others[0].server)"
    }
    return "proxy \(servers)\(more) (\(why); \(rest))"
  }

  /// Traffic to a server that is left out may be the very one that was meant.
  private func shut(_ record: ServerRecord) -> String {
    let count = record.shutTLS.count
    guard count > 0 else { return "" }
    return " (\(count) TLS \(count == 1 ? "connection" : "connections"), shut; "
      + "--proxy \(record.server) judges it)"
  }

  private func describe(_ record: ServerRecord) -> String {
    let address = record.server.address.description
    let names = record.sortedNames.filter { $0 != address && $0 != "[\(address)]" }.prefix(2)
    return names.isEmpty
      ? "\(record.server)" : "\(record.server) \(shown(names.joined(separator: "/")))"
  }

  // MARK: What happened

  private mutating func writeTable(_ judgement: Judgement) {
    guard !judgement.exchanges.isEmpty else { return }
    let failing = judgement.exchanges.lazy.filter { !$0.verdict.passes || $0.isRefused }
      .prefix(Self.tableRows)
    let isShort = judgement.exchanges.count <= Self.tableRows
    let rows =
      isShort
      ? judgement.exchanges[...]
      : failing.isEmpty ? judgement.exchanges.prefix(Self.tableRows) : Array(failing)[...]
    let start = judgement.exchanges[0].time
    var cells = [["id", "after", "request", "credential sent", "proxy answered"]]
    for row in rows {
      let after = row.time.nanoseconds(since: start).map(DurationText.offset) ?? "?"
      let method = row.method + String(repeating: " ", count: max(0, 4 - row.method.count))
      cells.append([
        "\(row.id)", after, "\(method) \(Self.clipped(row.target, 48))",
        Self.clipped(row.sent, 44), Self.clipped(row.answer, 56),
      ])
    }
    line()
    let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    for (number, row) in cells.enumerated() {
      var parts: [String] = []
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        let isLast = column == row.count - 1
        parts.append(column == 0 ? padding + cell : isLast ? cell : cell + padding)
      }
      let joined = "  " + parts.joined(separator: "  ")
      let isBad = number > 0 && !rows[rows.startIndex + number - 1].verdict.passes
      line(number == 0 ? style.dim(joined) : isBad ? style.red(joined) : joined)
    }
    let hidden = judgement.requests - rows.count
    if hidden > 0 { line("  … and \(hidden) more; keywitness list \(input(judgement))") }
  }

  private static func clipped(_ text: String, _ width: Int) -> String {
    text.count <= width ? text : text.prefix(width - 1) + "…"
  }

  // MARK: Who is at fault, and what to change

  private mutating func writeFaults(_ judgement: Judgement) {
    guard !judgement.faults.isEmpty else { return }
    line()
    for fault in judgement.faults.prefix(12) {
      let requests = fault.requests.prefix(3).map { "\($0.count) × \($0.method) \($0.path)" }
        .joined(separator: ", ")
      let more = fault.requests.count > 3 ? ", …" : ""
      let verdict = fault.verdict.rawValue
      let padding = String(repeating: " ", count: max(1, 16 - verdict.count))
      line(
        "\(style.bold(fault.label))  \(style.red(verdict))\(padding)\(requests)\(more)   "
          + fault.client.name)
      for process in fault.processes { line("   Process: \(process)") }
      line("   \(fault.meaning)")
      if let prediction = fault.prediction { line("   \(prediction)") }
      if !fault.change.isEmpty { line("   Change: \(fault.change)") }
    }
    if judgement.faults.count > 12 { line("… and \(judgement.faults.count - 12) more clients") }
  }

  private mutating func writeRefusals(_ judgement: Judgement) {
    guard let first = judgement.exchanges.first(where: \.isRefused) else { return }
    let refused = judgement.exchanges.count(where: \.isRefused)
    line()
    line(
      "\(style.red("refused-by-litellm"))  \(refused) × a well-formed key that LiteLLM "
        + "refused: \(first.answer)")
    if let finding = judgement.findings.first(where: { $0.rule == "refused-by-litellm" }) {
      line("   Change: \(finding.help)")
    }
  }

  /// Findings that the faults and refusals don't tell already.
  private mutating func writeOtherFindings(_ judgement: Judgement) {
    let told = Set(Verdict.allCases.filter(\.isViolation).map(\.rawValue) + ["refused-by-litellm"])
    let others = judgement.findings.filter { !told.contains($0.rule) || $0.mark != nil }
    guard !others.isEmpty || judgement.ledger.failure != nil else { return }
    line()
    // Findings on many requests that differ in the request alone are told once.
    var groups: [(finding: Finding, requests: [String])] = []
    for finding in others {
      let request = judgement.request(of: finding)
      if let request, let index = groups.firstIndex(where: { $0.finding.isLike(finding) }) {
        groups[index].requests.append(request)
      } else {
        groups.append((finding, request.map { [$0] } ?? []))
      }
    }
    for (finding, requests) in groups.prefix(20) {
      let level =
        finding.level == .error
        ? style.red("error") : finding.level == .warning ? style.yellow("warning") : "note"
      let place = finding.mark.map { " (\($0))" } ?? ""
      let count = requests.count > 1 ? " (\(requests.count) requests)" : ""
      line("\(level)  \(finding.rule): \(finding.message)\(count)\(place)")
      if !requests.isEmpty {
        let more = requests.count > 3 ? ", …" : ""
        line("   \(requests.prefix(3).joined(separator: ", "))\(more)")
      }
      if !finding.help.isEmpty { line("   \(finding.help)") }
    }
    if groups.count > 20 { line("… and \(groups.count - 20) more findings") }
    if let failure = judgement.ledger.failure {
      line(
        "\(style.red("error"))  \(failure.code.rawValue): \(shown(failure.file)) \(failure.message)"
          + (failure.offset.map { " (byte \($0))" } ?? ""))
    }
  }

  private mutating func writeSources(_ judgement: Judgement) {
    guard let title = judgement.likelySourcesTitle else { return }
    line()
    line(title)
    for source in judgement.likelySources {
      line("   \(source.label)  \(source.file)  \(source.function)")
    }
    line("   \(KnownAgent.bytebotNote)")
  }

  // MARK: How to prove it

  private mutating func writeNext(_ judgement: Judgement) {
    guard judgement.result != .unreadable else { return }
    line()
    if let targetKey = judgement.targetKey { line("\(targetKey).") }
    if !judgement.keyWasCompared, judgement.count(.ok) > 0, !judgement.isGone {
      line(
        "Not tested: whether the key is the right one. Compare it:  "
          + "keywitness check --expect-key env:LITELLM_MASTER_KEY \(input(judgement))")
    }
    for told in judgement.keyLogLines { line(told) }
    if judgement.result == .nothingTested {
      line("Nothing was tested. Record while the agent asks the proxy, on the agent's machine:")
      line("   sudo keywitness capture --proxy :4000 -w agent.pcapng")
      line("   tcpdump -i any -s 0 -w agent.pcap 'tcp port 4000'")
    }
    let isCurable = !judgement.faults.isEmpty || judgement.exchanges.contains { $0.isRefused }
    if judgement.result == .violated, isCurable, let server = judgement.scope.servers.first {
      // A policy names the proxy and the key itself.
      let options =
        judgement.policyFile == nil
        ? "--proxy \(server.server) --expect-key env:LITELLM_MASTER_KEY " : ""
      writeReplay(judgement, server.server)
      line("Prove the cure: change it, record again, and let this pass:")
      let keys = judgement.ledger.keyLog.files.isEmpty ? "" : "--keylog again.log "
      line("   keywitness check \(keys)\(options)again.pcap")
    }
  }

  /// What the proxy says to the same requests with a key, before anybody rebuilds anything.
  private mutating func writeReplay(_ judgement: Judgement, _ server: Endpoint) {
    // How an https address is called, and by whose certificate, the capture doesn't say.
    guard !judgement.isGone, judgement.ledger.connections.allSatisfy({ $0.tls == nil }) else {
      return
    }
    let address = "\(server.address)"
    let host = address.contains(":") ? "[\(address)]:\(server.port)" : "\(server)"
    let isHere = address.hasPrefix("127.") || address == "::1"
    line("Prove the key, before you rebuild: the same requests again, with the key on each:")
    line(
      "   keywitness replay \(input(judgement)) --to http://\(host)"
        + (isHere ? "" : " --allow-host \(address)")
        + " --auth env:LITELLM_MASTER_KEY --force-auth")
  }

  private mutating func writeLedger(_ judgement: Judgement) {
    let example = judgement.exchanges.first { !$0.verdict.passes } ?? judgement.exchanges.first
    let more =
      judgement.isGone
      ? "" : example.map { " More: keywitness show \(input(judgement)) \($0.id)" } ?? ""
    line("\(judgement.ledgerLine)\(more.isEmpty ? "" : ".")\(more)")
  }
}

extension Finding {
  /// Whether it says the same of another request.
  fileprivate func isLike(_ other: Finding) -> Bool {
    exchange != nil && rule == other.rule && level == other.level && message == other.message
      && help == other.help && mark == other.mark
  }
}
