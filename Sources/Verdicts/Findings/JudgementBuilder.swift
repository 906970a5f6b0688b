internal import Exchanges
internal import HTTP
internal import Redaction
internal import Wire

/// Turns what was kept of a capture into findings, faults and one result.
struct JudgementBuilder {
  let options: CheckOptions
  let scope: ProxyScope
  let rows: [JudgedExchange]
  let ledger: CaptureLedger
  let file: String
  /// Of rules, and of the capture: what rows say themselves isn't among them.
  private var findings: [Finding] = []
  private var doubts: [String] = []

  init(
    options: CheckOptions, scope: ProxyScope, rows: [JudgedExchange], ledger: CaptureLedger,
    file: String
  ) {
    self.options = options
    self.scope = scope
    self.rows = rows
    self.ledger = ledger
    self.file = file
  }

  mutating func build(
    ruleFindings: [Finding], copies: Int, redactor: inout Redactor
  ) -> Judgement {
    findings = ruleFindings
    findAbsent()
    findDoubts()
    findUnused()
    let verdicts = Verdict.allCases.map { verdict in
      (verdict, scope.servers.reduce(0) { $0 + $1.count(verdict) })
    }
    let requests = scope.servers.reduce(0) { $0 + $1.requests }
    let faults = faults()
    return Judgement(
      file: file, result: result(verdicts, requests), scope: scope, exchanges: rows,
      verdicts: verdicts.filter { $0.1 > 0 }, requests: requests, faults: faults,
      otherFindings: findings, doubts: doubts, likelySources: KnownAgent.bytebot(faults),
      ledger: ledger, keyWasCompared: options.expected != nil,
      targetKey: targetKey(requests), policyFile: options.policy.file,
      copies: copies, keyGeneration: redactor.keys.generation)
  }

  /// That a variable is set says nothing of what is sent.
  private func targetKey(_ requests: Int) -> String? {
    guard let variable = options.targetVariable, let expected = options.expected, requests > 0
    else { return nil }
    let right = scope.servers.reduce(0) { $0 + $1.count(.ok) }
    let others = rows.count {
      $0.verdict != .ok && $0.credential.key.map { expected.matches($0) } == true
    }
    let count = right + others
    return "\(variable) is set in the captured process, and was in "
      + "\(count == 0 ? "none" : "\(count)") of \(requests) \(requests == 1 ? "request" : "requests")"
  }

  // MARK: Findings

  private mutating func findAbsent() {
    for (number, pattern) in options.required.enumerated()
    where !scope.servers.contains(where: { $0.required.contains(number) }) {
      let mark =
        number < options.policy.requires.count ? options.policy.requires[number].mark : nil
      findings.append(
        Finding(
          rule: "required-request", level: .error,
          message: "\(pattern): required, and no such request was seen",
          help: "let the client make this request while recording", mark: mark))
    }
  }

  /// What in the capture could hide a request, or a verdict.
  private mutating func findDoubts() {
    for server in scope.servers { findDoubts(server) }
    if ledger.source.kernelDrops > 0 {
      doubt(
        "dropped-packets", "the capturing side dropped \(ledger.source.kernelDrops) packets",
        help: "record again with a larger buffer (tcpdump -B 32768) or a narrower filter")
    }
    findUnreadFrames()
    if ledger.unfinishedMessages > 0 {
      doubt(
        "unfinished-messages",
        "\(ledger.unfinishedMessages) messages were begun and lost sight of",
        help: "this is a fault of keywitness; please report it with the capture")
    }
    if ledger.cutConnections > 0 {
      doubt(
        "cap",
        "\(ledger.cutConnections) open connections were given up at the bound of "
          + "100 000", help: "narrow the capture with --filter")
    }
  }

  /// Packets whose inside wasn't read, in which anything may stand.
  private mutating func findUnreadFrames() {
    let unread: [(FrameBucket, String)] = [
      (.malformed, "are malformed or cut inside their headers"),
      (.unsupportedLink, "have a link type that isn't dissected"),
      (.tunnelled, "are tunnels or radio frames whose inside can't be read"),
    ]
    for (bucket, what) in unread {
      // The record in which the writer was stopped is named already, and changes no code.
      let isCut = bucket == .malformed && ledger.anomalies[.truncatedFile] > 0
      let count = ledger.frames(in: bucket) - (isCut ? 1 : 0)
      guard count > 0 else { continue }
      doubt(
        "unread-frames", "\(count) frames \(what)",
        help: "record on the interface of the agent or of the proxy itself, with tcpdump -s 0")
    }
    let overlaps = ledger.anomalies[.fragmentOverlap]
    if overlaps > 0 {
      doubt(
        "fragments", "\(overlaps) datagrams have fragments that overlap with different bytes",
        help: "which of them the receiver took can't be seen; record again")
    }
    let fragments = ledger.anomalies[.fragmentIncomplete]
    if fragments > 0 {
      doubt("fragments", "\(fragments) TCP datagrams lack fragments", help: "record again")
    }
  }

  private mutating func findDoubts(_ server: ServerRecord) {
    for group in ShutTLS.groups(of: server, hasKeys: ledger.keyLog.secrets > 0) {
      doubt("tls-shut", group.message, connection: group.first, help: group.help)
    }
    if server.unlisted > 0 {
      doubt(
        "cap",
        "\(server.unlisted) more requests to \(server.server) didn't pass; they are counted, and "
          + "not listed one by one", help: "narrow the capture with --filter")
    }
    if server.orphans > 0 {
      doubt(
        "response-without-request",
        "\(server.orphans) \(server.orphans == 1 ? "response has" : "responses have") no request "
          + "in the capture (\(server.server))",
        help: "record both directions, from before the client starts")
    }
    // What never was HTTP counts only beside HTTP to the same server.
    let spots = server.blindSpots.filter { !$0.isForeign || server.requests > 0 }
    for spot in spots.prefix(100) { findBlindSpot(spot) }
    if spots.count > 100 {
      doubt(
        "hole", "\(spots.count - 100) more holes toward \(server.server)", help: "")
    }
  }

  private mutating func findBlindSpot(_ spot: BlindSpot) {
    let what =
      switch spot.cause {
      case .hole: "\(spot.length) bytes from client to server are missing before frame"
      case .snaplen: "\(spot.length) bytes from client to server were cut off at capture in frame"
      case .cap: "\(spot.length) bytes from client to server were given up at a bound near frame"
      case .conflict: "\(spot.length) bytes of a request came again, changed or unchecked, in frame"
      case .unreadable: "bytes from client to server that are no HTTP from frame"
      }
    doubt(
      spot.cause == .snaplen ? "snaplen" : "hole",
      "\(what) \(spot.frame) on: a request could hide there", connection: spot.connection,
      frames: [spot.frame...spot.frame],
      help: spot.cause == .snaplen
        ? "record again with tcpdump -s 0" : "record again, with a larger buffer (-B 32768)")
  }

  private mutating func doubt(
    _ rule: String, _ message: String, connection: Int? = nil,
    frames: [ClosedRange<Int32>] = [], help: String
  ) {
    findings.append(
      Finding(
        rule: rule, level: .warning, connection: connection, message: message, frames: frames,
        help: help))
    doubts.append(message)
  }

  /// Lines of the policy that nothing in the capture came near.
  private mutating func findUnused() {
    for (number, exemption) in options.policy.exemptions.enumerated()
    where !scope.servers.contains(where: { $0.exemptions.contains(number) }) {
      unused("exemption \(exemption.pattern)", exemption.mark)
    }
    for (number, rule) in options.policy.rules.enumerated()
    where !scope.servers.contains(where: { $0.rules.contains(number) }) {
      unused("rule \(rule.id)", rule.mark)
    }
  }

  private mutating func unused(_ what: String, _ mark: SourceMark) {
    findings.append(
      Finding(
        rule: "unused", level: options.isStrict ? .error : .warning,
        message: "\(what) matched no request", help: "remove it, or record what it is about",
        mark: mark))
  }

  // MARK: Result

  private func result(
    _ verdicts: [(verdict: Verdict, count: Int)], _ requests: Int
  ) -> Judgement.Result {
    if ledger.failure != nil, ledger.frames.allSatisfy({ $0 == 0 }) { return .unreadable }
    if scope.servers.contains(where: { $0.refused > 0 }) { return .violated }
    let hasErrors = hasFinding(of: .error)
    let hasViolation = verdicts.contains { $0.verdict.isViolation && $0.count > 0 }
    if hasErrors || hasViolation { return .violated }
    let isUnknown = verdicts.contains { $0.verdict == .unknown && $0.count > 0 }
    let isUnread = hasFinding(of: .warning, butFor: "unused")
    if ledger.failure != nil || isUnknown || !doubts.isEmpty || isUnread { return .undecided }
    let tested = verdicts.contains { $0.verdict == .ok && $0.count > 0 }
    if !tested, !options.allowsEmpty { return .nothingTested }
    return .passed
  }

  private func hasFinding(of level: Finding.Level, butFor rule: String? = nil) -> Bool {
    rows.contains { row in
      JudgedExchange.Fault.allCases.contains {
        row.level(of: $0) == level && row.rule(of: $0) != rule
      }
    } || findings.contains { $0.level == level && $0.rule != rule }
  }

  // MARK: Who is at fault

  private func faults() -> [ClientFault] {
    struct Kind: Hashable {
      var client: ClientIdentity
      var verdict: Verdict
      var header: String?
    }
    var faults: [ClientFault] = []
    var known: [Kind: Int] = [:]
    // Of rows that are alike: which fault theirs is, and which of its requests.
    var places: [ObjectIdentifier: (fault: Int, request: Int?)] = [:]
    for row in rows where row.verdict.isViolation {
      let place: (fault: Int, request: Int?)
      if let before = places[ObjectIdentifier(row.traits)] {
        place = before
      } else {
        let kind = Kind(
          client: row.identity, verdict: row.verdict, header: row.credential.header)
        let at = known[kind] ?? faults.count
        if at == faults.count {
          known[kind] = at
          faults.append(fault(at, of: row))
        }
        place = (at, faults[at].add(method: row.method, path: row.path))
        places[ObjectIdentifier(row.traits)] = place
      }
      faults[place.fault].count += 1
      if let request = place.request { faults[place.fault].requests[request].count += 1 }
      faults[place.fault].add(row.process)
      faults[place.fault].add(exchange: row.id)
    }
    return faults
  }

  private func fault(_ index: Int, of row: JudgedExchange) -> ClientFault {
    ClientFault(
      label: Self.label(index), client: row.identity, credential: row.credential, requests: [],
      placeholder: row.verdict == .placeholder
        ? row.credential.key.map { String(decoding: $0, as: UTF8.self) } : nil,
      exchanges: [], count: 0, meaning: Advice.meaning(of: row.credential, target: row.path),
      prediction: row.prediction.map { $0.sentence(shown: row.answer) },
      change: Advice.change(row.credential, client: row.identity))
  }

  /// A, B, … Z, AA, …
  private static func label(_ index: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(65 + index % 26)))
    return index < 26 ? letter : label(index / 26 - 1) + letter
  }
}
