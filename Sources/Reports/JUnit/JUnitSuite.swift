internal import Verdicts
internal import Wire

/// A capture as a `<testsuite>`: it fails, errs or passes as the capture's result does.
struct JUnitSuite {
  var name: String
  var properties: [(name: String, value: String)] = []
  var cases: [JUnitCase] = []
  /// What became of the capture's bytes, in one line.
  var output = ""

  /// Which fault a request belongs to.
  private struct FaultKey: Hashable {
    var client: ClientIdentity
    var verdict: Verdict
    var header: String?
  }

  /// A suite for a run that was given no capture: nothing was tested.
  static var ofNoCapture: JUnitSuite {
    var suite = JUnitSuite(name: "keywitness")
    suite.cases = [
      JUnitCase(
        name: "no capture", className: "capture",
        outcome: .error(
          JUnitCase.Problem(type: "nothing-tested", message: "no capture was judged")))
    ]
    return suite
  }

  init(name: String, cases: [JUnitCase] = [], output: String = "") {
    self.name = name
    self.cases = cases
    self.output = output
  }

  init(_ judgement: Judgement) {
    name = judgement.file
    properties = [
      ("result", judgement.result.word),
      ("key", judgement.keyWasCompared ? "compared" : "not compared"),
    ]
    if let policy = judgement.policyFile { properties.append(("policy", policy)) }
    output = "\(judgement.headline)\n\(judgement.ledgerLine)"
    addRequests(judgement)
    addUnlistedRequests(judgement)
    addFindings(judgement)
    addResult(judgement)
  }

  // MARK: Requests

  private mutating func addRequests(_ judgement: Judgement) {
    var findings: [Int: [Finding]] = [:]
    for finding in judgement.findings {
      if let exchange = finding.exchange { findings[exchange, default: []].append(finding) }
    }
    var faults: [FaultKey: ClientFault] = [:]
    for fault in judgement.faults {
      faults[
        FaultKey(
          client: fault.client, verdict: fault.verdict, header: fault.credential.header)] = fault
    }
    for row in judgement.exchanges {
      let key = FaultKey(
        client: row.identity, verdict: row.verdict, header: row.credential.header)
      cases.append(
        JUnitCase(
          name: "#\(row.id) \(row.method) \(row.target)", className: row.server.description,
          duration: row.duration,
          outcome: Self.outcome(row, findings[row.id] ?? [], fault: faults[key])))
    }
  }

  private static func outcome(
    _ row: JudgedExchange, _ findings: [Finding], fault: ClientFault?
  ) -> JUnitCase.Outcome {
    let errors = findings.filter { $0.level == .error }
    if row.verdict.isViolation || row.isRefused || !errors.isEmpty {
      let fallback = row.verdict.isViolation ? row.verdict.rawValue : "refused-by-litellm"
      return .failure(problem(row, errors, fallback: fallback, fault: fault))
    }
    let warnings = findings.filter { $0.level == .warning }
    if row.verdict == .unknown || !warnings.isEmpty {
      return .error(problem(row, warnings, fallback: row.verdict.rawValue, fault: nil))
    }
    guard row.verdict == .exempt else { return .passed }
    return .skipped(message: "exempt: \(row.credential.note?.rawValue ?? "no key is asked for")")
  }

  private static func problem(
    _ row: JudgedExchange, _ findings: [Finding], fallback: String, fault: ClientFault?
  ) -> JUnitCase.Problem {
    let first = findings.first
    var problem = JUnitCase.Problem(
      type: first?.rule ?? fallback,
      message: first?.message ?? "\(row.method) \(row.target): \(fallback)")
    problem.lines = [
      "Credential sent: \(row.sent)", "Proxy answered: \(row.answer)",
      "Client: \(row.identity.name)",
    ]
    if let fault, !fault.meaning.isEmpty {
      problem.lines.append("\(fault.label): \(fault.meaning)")
    }
    if first == nil, let fault, !fault.change.isEmpty {
      problem.lines.append("Change: \(fault.change)")
    }
    for (number, finding) in findings.enumerated() {
      if number > 0 { problem.lines.append("Also \(finding.rule): \(finding.message)") }
      problem.lines += lines(finding)
    }
    return problem
  }

  private static func lines(_ finding: Finding) -> [String] {
    var lines: [String] = []
    if !finding.help.isEmpty { lines.append((finding.isFault ? "Change: " : "") + finding.help) }
    if let mark = finding.mark { lines.append("Policy: \(mark)") }
    if !finding.frames.isEmpty {
      let runs = finding.frames.prefix(20).map {
        $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
      }
      let more = finding.frames.count > 20 ? ", …" : ""
      lines.append("Frames: \(runs.joined(separator: ", "))\(more)")
    }
    return lines
  }

  /// Requests that were judged and counted, and for which a bound left no row.
  private mutating func addUnlistedRequests(_ judgement: Judgement) {
    var unlisted: [(verdict: Verdict, count: Int)] = []
    for (verdict, count) in judgement.verdicts {
      let missing = count - judgement.exchanges.count { $0.verdict == verdict }
      if missing > 0 { unlisted.append((verdict, missing)) }
    }
    let refused =
      judgement.scope.servers.reduce(0) { $0 + $1.refused }
      - judgement.exchanges.count { $0.isRefused }
    if refused > 0, let index = unlisted.firstIndex(where: { $0.verdict == .ok }) {
      let count = min(refused, unlisted[index].count)
      unlisted[index].count -= count
      let message = "not listed one by one: \(count) well-formed keys that LiteLLM refused"
      addUnlisted(
        count, "were refused",
        .failure(JUnitCase.Problem(type: "refused-by-litellm", message: message)))
    }
    func total(_ isIn: (Verdict) -> Bool) -> (count: Int, text: String) {
      let chosen = unlisted.filter { isIn($0.verdict) && $0.count > 0 }
      return (
        chosen.reduce(0) { $0 + $1.count },
        chosen.map { "\($0.count) × \($0.verdict.rawValue)" }.joined(separator: ", ")
      )
    }
    let bad = total { $0.isViolation }
    addUnlisted(
      bad.count, "failed",
      .failure(JUnitCase.Problem(type: "unlisted", message: "not listed one by one: \(bad.text)")))
    let unknown = total { $0 == .unknown }
    addUnlisted(
      unknown.count, "could not be judged",
      .error(
        JUnitCase.Problem(type: "unknown", message: "not listed one by one: \(unknown.text)")))
    let passed = total { $0 == .ok }
    let exempt = total { $0 == .exempt }
    addUnlisted(passed.count, "passed", .passed)
    addUnlisted(
      exempt.count, exempt.count == 1 ? "is exempt" : "are exempt",
      .skipped(message: "exempt, not listed one by one"))
  }

  private mutating func addUnlisted(_ count: Int, _ what: String, _ outcome: JUnitCase.Outcome) {
    guard count > 0 else { return }
    cases.append(
      JUnitCase(
        name: "\(count) more \(count == 1 ? "request" : "requests") \(what)",
        className: "capture", outcome: outcome))
  }

  // MARK: What belongs to no request

  private mutating func addFindings(_ judgement: Judgement) {
    let listed = Set(judgement.exchanges.map(\.id))
    for finding in judgement.findings {
      if let exchange = finding.exchange, listed.contains(exchange) { continue }
      let problem = JUnitCase.Problem(
        type: finding.rule, message: finding.message, lines: Self.lines(finding))
      let outcome: JUnitCase.Outcome =
        switch finding.level {
        case .error: .failure(problem)
        // It leaves the result as it is, so it may not fail here either.
        case .warning where finding.rule == "unused":
          .skipped(message: "warning: \(finding.message)")
        case .warning: .error(problem)
        case .note: .skipped(message: "note: \(finding.message)")
        }
      let place =
        finding.exchange.map { "#\($0) " } ?? finding.connection.map { "connection \($0) " } ?? ""
      let isPolicys = finding.mark != nil || finding.rule == "required-request"
      cases.append(
        JUnitCase(
          name: "\(place)\(finding.rule): \(finding.message)",
          className: isPolicys ? "policy" : "capture", outcome: outcome))
    }
    for doubt in judgement.doubtsWithoutFinding {
      cases.append(
        JUnitCase(
          name: "doubt: \(doubt)", className: "capture",
          outcome: .error(JUnitCase.Problem(type: "doubt", message: doubt))))
    }
  }

  /// What speaks of the capture as a whole: no suite is green, or empty, whose capture didn't pass.
  private mutating func addResult(_ judgement: Judgement) {
    if let failure = judgement.failureMessage {
      addCapture(
        "readable to its end",
        .error(JUnitCase.Problem(type: failure.code, message: failure.message)))
    }
    func problem(_ type: String) -> JUnitCase.Problem {
      JUnitCase.Problem(type: type, message: judgement.headline)
    }
    let counts = JUnitCounts(cases)
    switch judgement.result {
    case .passed:
      if cases.isEmpty { addCapture("holds requests", .skipped(message: judgement.headline)) }
    case .nothingTested:
      addCapture("holds requests that need a key", .error(problem("nothing-tested")))
    case .violated:
      if counts.failures == 0 { addCapture("keeps the policy", .failure(problem("violated"))) }
    case .undecided:
      if counts.errors == 0 { addCapture("can be judged", .error(problem("undecided"))) }
    case .unreadable:
      if counts.errors == 0 { addCapture("can be read", .error(problem("unreadable"))) }
    }
  }

  private mutating func addCapture(_ name: String, _ outcome: JUnitCase.Outcome) {
    cases.append(JUnitCase(name: name, className: "capture", outcome: outcome))
  }
}
