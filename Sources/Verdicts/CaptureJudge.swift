public import Exchanges
internal import HTTP
public import LiteLLM
public import Redaction
public import Wire

/// Judges the exchanges of one capture as they come, and the capture as a whole at its end.
///
/// Which servers are the proxy is decided only then, so everything is kept by server until then:
/// counts for what passed, rows for what didn't.
public struct CaptureJudge: Sendable {
  /// Rows of requests that passed; beyond that they are only counted.
  static let passedRows = 1000
  /// Rows of requests that broke the policy, of one server.
  static let failedRows = 100_000
  /// Rows of requests of which nothing can be said, of one server.
  static let unknownRows = 1000
  /// Kinds of failing requests of which it is asked what LiteLLM would say.
  static let predictedKinds = 64
  /// Combinations that are tried of rules of which it can't be said whether they are about a request.
  static let doubtLimit = 64

  let options: CheckOptions
  private var judge: CredentialJudge
  private let predictor: ProxyPredictor
  private var predicted: [PredictedKind] = []
  private var servers: [ServerRecord] = []
  private var indexByServer: [Endpoint: Int] = [:]
  private var latestServer: (server: Endpoint, index: Int)?
  private var rows: [JudgedExchange] = []
  private var ruleFindings = RuleFindings()
  private var passed = 0
  private var copies = 0
  private var routes = RouteFacts()
  private var repeated: RepeatedRequests
  private var repeatedExchanges: RepeatedExchanges
  private var shownRequests = ShownRequests()
  private var errorBodies = KnownErrorBodies()
  /// Connections whose first answer had no request.
  private var forgiven: Set<Int> = []
  /// For copies to find the server of their original.
  private var latestServers = LatestServers()
  /// Who sent what came on a connection, by its number.
  private var processes: [Int: String] = [:]
  /// Second hops: they count nowhere, unless their original is out of scope.
  private var hops: [(original: Int?, index: Int, row: JudgedExchange)] = []

  /// Whether requests are listed one by one; not where only verdicts are asked for.
  private let keepsRows: Bool

  /// - Parameter keepsRows: whether ``finish(file:_:_:)`` is to list requests one by one.
  public init(_ options: CheckOptions, keepsRows: Bool = true) {
    self.init(options, keepsRows: keepsRows, remembers: true)
  }

  init(_ options: CheckOptions, keepsRows: Bool = true, remembers: Bool) {
    repeated = RepeatedRequests(isEnabled: remembers)
    repeatedExchanges = RepeatedExchanges(isEnabled: remembers)
    self.keepsRows = keepsRows
    self.options = options
    judge = CredentialJudge(rule: options.policy.credential, expected: options.expected)
    predictor = ProxyPredictor(options.expected)
  }

  /// - Parameter reading: of the exchange, where others read it too, so that it is decoded once; and
  ///   not at all where no rule asks for it.
  /// - Returns: the credential's verdict, for the exchange's record; `nil` for an orphan response.
  public mutating func take(
    _ exchange: Exchange, reading: CallReading? = nil, in store: CaptureStore,
    _ redactor: inout Redactor
  ) -> JudgedCredential? {
    let index = serverIndex(exchange.server)
    latestServers.append(index)
    if let judged = takeAsBefore(exchange, index) { return judged }
    guard let request = exchange.request else {
      // The request of a connection's first answer may be older than the capture; no other is.
      let isFirst = forgiven.insert(exchange.connection).inserted
      if !exchange.beganBeforeCapture || !isFirst { servers[index].orphans += 1 }
      noteAnswer(Answer(exchange, in: store, &errorBodies), index)
      return nil
    }
    let answer = Answer(exchange, in: store, &errorBodies)
    noteAnswer(answer, index)
    let circumstances = RepeatedRequests.Circumstances(
      server: index, anomalies: exchange.requestAnomalies,
      isRefused: answer?.isOwnRefusal == true)
    // What a rule asks may depend on more than the head.
    let isKnownByHead = request.isSeenWhole && options.policy.rules.isEmpty
    let judgement: RepeatedRequests.Entry
    if isKnownByHead, let before = repeated.find(request.framedHead, circumstances),
      before.keys == redactor.keys.generation
    {
      judgement = before
    } else {
      guard let new = judgeAnew(exchange, request, reading, circumstances, in: store, &redactor)
      else {
        return nil
      }
      if isKnownByHead { repeated.remember(new) }
      judgement = new
    }
    let (credential, judged) = (judgement.credential, judgement.judged)
    let isRefused = credential.verdict == .ok && answer?.isOwnRefusal == true
    let isUnclear = credential.verdict == .ok && answer?.isUnclearRefusal == true
    let passes = credential.verdict.passes && !isRefused && !isUnclear
    let hasRoom =
      exchange.copyOf != nil
      ? hops.count < Self.failedRows : hasRoom(credential.verdict, passes: passes, index)
    // What of it is a key may become known while its row is worded.
    let keys = redactor.keys.generation
    var kept =
      keepsRows && hasRoom
      ? row(
        exchange, request, judged.credential, judged, answer, isRefused, isUnclear,
        &redactor
      )
      : nil
    if let row = kept, credential.verdict.isViolation, isNewKind(row) {
      kept?.prediction = predictor.predict(exchange, credential, answer, in: store, &redactor)
    }
    if let original = exchange.copyOf {
      copies += 1
      let server = latestServers.server(of: original)
      if let kept {
        hops.append((server, index, kept))
      } else if !passes {
        servers[index].unlisted += 1
      }
      return judged
    }
    count(credential.verdict, isRefused: isRefused, passes: passes, index)
    if let kept { rows.append(kept) } else if !passes { servers[index].unlisted += 1 }
    if isKnownByHead {
      repeatedExchanges.remember(
        exchange, server: index,
        .init(
          verdict: credential.verdict, passes: passes, isRefused: isRefused,
          traits: kept?.traits, keys: keys), in: store)
    }
    return judged
  }

  /// Judges a request that has to be read.
  private mutating func judgeAnew(
    _ exchange: Exchange, _ request: Message, _ reading: CallReading?,
    _ circumstances: RepeatedRequests.Circumstances, in store: CaptureStore,
    _ redactor: inout Redactor
  ) -> RepeatedRequests.Entry? {
    let index = circumstances.server
    let method = request.head.method.map { String(decoding: $0, as: UTF8.self) } ?? ""
    let rawTarget = request.head.target.map { String(decoding: $0, as: UTF8.self) } ?? ""
    let facts = routes.facts(of: rawTarget)
    let exemption = options.policy.exemptions.firstIndex {
      // However the path is read: none may be exempt that LiteLLM takes for another.
      $0.pattern.matches(method: method, target: rawTarget)
        && $0.pattern.matchesDecoded(method: method, target: rawTarget)
    }
    let asked = demand(for: exchange, reading, method, rawTarget, index, in: store, &redactor)
    // A route that LiteLLM itself refuses is none of its public ones.
    let isPublic = facts.isPublic && !circumstances.isRefused
    guard
      var credential = judge.judge(
        exchange, asked.demand, exemption: exemption != nil, isPublic: isPublic)
    else { return nil }
    for doubt in asked.doubts
    where judge.judge(
      exchange, doubt.demand, exemption: exemption != nil, isPublic: isPublic)?.verdict
      != credential.verdict
    {
      // Right by one rule, wrong by another, and which of them counts isn't in the capture.
      credential = Credential(.unknown, reason: doubt.reason)
      break
    }
    let judged = JudgedCredential(credential, &redactor)
    if let exemption, credential.note == .byPolicy { servers[index].exemptions.insert(exemption) }
    noteRequest(request, facts, index, &redactor)
    for (number, pattern) in options.required.enumerated()
    where pattern.matches(method: method, target: rawTarget) {
      servers[index].required.insert(number)
    }
    return RepeatedRequests.Entry(
      request.framedHead, circumstances, credential, judged, keys: redactor.keys.generation)
  }

  /// Takes a plain exchange that is like one before: with the same server, and with the same heads.
  ///
  /// - Returns: `false` where there may be more to it; then nothing was done.
  public mutating func take(
    plain exchange: PlainExchange, in store: CaptureStore, _ redactor: borrowing Redactor
  ) -> Bool {
    guard options.policy.rules.isEmpty else { return false }
    let index = serverIndex(exchange.peers.server)
    if let before = passedBefore(
      exchange.request, answered: exchange.response.head.status, .init(server: index))
    {
      latestServers.append(index)
      count(before.credential.verdict, isRefused: false, passes: true, index)
      return true
    }
    guard
      let before = repeatedExchanges.find(
        exchange, server: index, keys: redactor.keys.generation, in: store)
    else { return false }
    let wantsRow = keepsRows && hasRoom(before.verdict, passes: before.passes, index)
    if wantsRow, before.traits == nil { return false }
    latestServers.append(index)
    if wantsRow, let traits = before.traits {
      rows.append(JudgedExchange(exchange, traits))
    } else if !before.passes {
      servers[index].unlisted += 1
    }
    count(before.verdict, isRefused: before.isRefused, passes: before.passes, index)
    return true
  }

  /// Whether one more request may have a row.
  private func hasRoom(_ verdict: Verdict, passes: Bool, _ index: Int) -> Bool {
    passes ? passed < Self.passedRows : servers[index].hasRoom(for: verdict)
  }

  /// Whether the head alone says what comes of a request that was answered well, and only has to be
  /// counted.
  private var canRepeat: Bool {
    passed >= Self.passedRows && options.policy.rules.isEmpty && options.required.isEmpty
  }

  /// - Returns: what was said of a request that passed before, to the same server, and was answered well
  ///   again.
  private func passedBefore(
    _ request: FramedHead, answered status: Int?, _ circumstances: RepeatedRequests.Circumstances
  ) -> RepeatedRequests.Entry? {
    // What the answer's fields say of its server is asked until it is known.
    guard canRepeat, let status, 200..<400 ~= status, servers[circumstances.server].hasMarks,
      let before = repeated.find(request, circumstances), before.credential.verdict.passes
    else { return nil }
    return before
  }

  private mutating func takeAsBefore(_ exchange: Exchange, _ index: Int) -> JudgedCredential? {
    guard exchange.copyOf == nil, let head = exchange.request?.framedHead,
      exchange.request?.isSeenWhole == true,
      let before = passedBefore(
        head, answered: exchange.response?.framedHead.head.status,
        .init(server: index, anomalies: exchange.requestAnomalies))
    else { return nil }
    count(before.credential.verdict, isRefused: false, passes: true, index)
    return before.judged
  }

  /// What LiteLLM would say is asked once for all rows that are alike: it is the same each time.
  private mutating func isNewKind(_ row: JudgedExchange) -> Bool {
    let kind = PredictedKind(
      server: row.server, client: row.identity, verdict: row.verdict,
      header: row.credential.header, status: row.status)
    // Few, and cheaper compared than hashed.
    guard predicted.count < Self.predictedKinds, !predicted.contains(kind) else { return false }
    predicted.append(kind)
    return true
  }

  private struct PredictedKind: Equatable {
    var server: Endpoint
    var client: ClientIdentity
    var verdict: Verdict
    var header: String?
    var status: Int?
  }

  // MARK: Facts

  private mutating func serverIndex(_ server: Endpoint) -> Int {
    // The next exchange is nearly always with the same server: hashing its address costs more than
    // comparing it.
    if let latestServer, latestServer.server == server { return latestServer.index }
    let index = indexByServer[server] ?? servers.count
    if index == servers.count {
      servers.append(ServerRecord(server))
      indexByServer[server] = index
    }
    latestServer = (server, index)
    return index
  }

  private mutating func noteAnswer(_ answer: Answer?, _ index: Int) {
    if let answer, answer.hasMarks { servers[index].hasMarks = true }
  }

  private mutating func noteRequest(
    _ request: Message, _ facts: RouteFacts.Facts, _ index: Int, _ redactor: inout Redactor
  ) {
    if facts.isLiteLLMsOwn { servers[index].hasMarks = true }
    if facts.isModelAPI { servers[index].hasModelAPI = true }
    // Bounded: a hostile client could name a new host with every request.
    guard servers[index].names.count < 64, case .present(let host) = request.header("host"),
      !host.elementsEqual(servers[index].latestHost)
    else { return }
    servers[index].latestHost = Array(host)
    // Userinfo has no place in a Host, and would be a secret in every report.
    let bare = host.lastIndex(of: 0x40).map { host[($0 + 1)...] } ?? host
    // As it was sent: what in it is a key may be known only at the end.
    var name = String(decoding: bare, as: UTF8.self)
    if let colon = name.lastIndex(of: ":"), !name.hasSuffix("]") { name = String(name[..<colon]) }
    servers[index].names.insert(name)
  }

  /// What the policy asks of a request: a rule that matches it asks more exactly.
  ///
  /// - Returns: also what would be asked if some of the rules matched of which that can't be said.
  private mutating func demand(
    for exchange: Exchange, _ reading: CallReading?, _ method: String, _ target: String,
    _ index: Int, in store: CaptureStore, _ redactor: inout Redactor
  ) -> (
    demand: CredentialJudge.Demand,
    doubts: [(demand: CredentialJudge.Demand, reason: UnknownReason)]
  ) {
    var demand = judge.demand
    guard !options.policy.rules.isEmpty, let request = exchange.request else {
      return (demand, [])
    }
    var doubts: [(demand: CredentialJudge.Demand, reason: UnknownReason)] = []
    let agent: WhereValue =
      switch request.header("user-agent") {
      case .present(let value): .text(String(decoding: value, as: UTF8.self))
      case .absent: .absent
      case .unknown: .unknown
      }
    // An answer that isn't in the capture may have had any.
    let status: WhereValue =
      exchange.response?.head.status.map { .number(Double($0)) } ?? .unknown
    let reading =
      options.policy.readsCalls ? reading ?? CallReading(exchange, in: store) : nil
    for (number, rule) in options.policy.rules.enumerated() {
      let isMeant = rule.match.includes(
        method: method, target: target, userAgent: agent, status: status)
      guard isMeant != false else { continue }
      let test = RuleTest(rule: rule, exchange: exchange, reading: reading)
      let isCallMeant = rule.match.readsCall ? rule.match.includes(reading?.call) : true
      switch isCallMeant == true ? isMeant : isCallMeant {
      case false?: continue
      case nil:
        servers[index].rules.insert(number)
        let reason = test.doubt ?? .cut
        ruleFindings.note(test.doubtful(reason), exchange)
        if let wanted = rule.credential {
          // With and without each of the others; of very many, only so many combinations.
          let others = doubts.prefix(max(0, Self.doubtLimit - doubts.count))
          doubts += [(ask(wanted, number, of: demand), reason)]
          doubts += others.map { (ask(wanted, number, of: $0.demand), $0.reason) }
        }
      case true?:
        if let wanted = rule.credential {
          demand = ask(wanted, number, of: demand)
          doubts = doubts.map { (ask(wanted, number, of: $0.demand), $0.reason) }
        }
        let findings = test.findings(&redactor)
        if rule.credential != nil || findings != nil { servers[index].rules.insert(number) }
        for finding in findings ?? [] { ruleFindings.note(finding, exchange) }
      }
    }
    return (demand, doubts)
  }

  private func ask(
    _ wanted: RuleCredential, _ number: Int, of demand: CredentialJudge.Demand
  ) -> CredentialJudge.Demand {
    var demand = demand
    if let headers = wanted.headers { demand.headers = headers }
    if let scheme = wanted.scheme { demand.scheme = scheme }
    if let key = options.ruleKeys[number] { demand.expected = key }
    return demand
  }

  private mutating func count(
    _ verdict: Verdict, isRefused: Bool, passes: Bool, _ index: Int
  ) {
    servers[index].add(verdict)
    if isRefused { servers[index].refused += 1 }
    if passes {
      passed += 1
    } else if verdict == .unknown {
      servers[index].unknownRows += 1
    } else {
      servers[index].failedRows += 1
    }
  }

  private mutating func row(
    _ exchange: Exchange, _ request: Message, _ credential: Credential, _ judged: JudgedCredential,
    _ answer: Answer?, _ isRefused: Bool, _ isUnclear: Bool, _ redactor: inout Redactor
  ) -> JudgedExchange {
    let keys = redactor.keys.generation
    let shown = shownRequests.shown(
      request.framedHead, credential, expected: options.expected, &redactor)
    let traits = JudgedExchange.Traits(
      method: shown.method, target: shown.target, path: shown.path, identity: shown.identity,
      credential: credential, sent: shown.sent, status: answer?.status,
      answer: Self.text(answer, exchange, &shownRequests.values, &redactor),
      outcome: exchange.outcome, isRefused: isRefused, isUnclearRefusal: isUnclear,
      fingerprint: judged.key, keyGeneration: keys)
    return JudgedExchange(
      id: exchange.id, between: ExchangePeers(exchange), time: request.time,
      duration: exchange.duration, frames: request.headFrames, Boxed(traits))
  }

  private static func text(
    _ answer: Answer?, _ exchange: Exchange, _ values: inout ShownValues,
    _ redactor: inout Redactor
  ) -> String {
    guard let answer else {
      return exchange.outcome == .truncated ? "not in the capture" : "no answer"
    }
    guard var error = answer.error else { return "\(answer.status)" }
    error.message = String(
      decoding: values.text(Array(error.message.utf8.prefix(8192)), &redactor), as: UTF8.self)
    let gist = TerminalText.escape(error.gist)
    return "\(answer.status) \(gist)"
  }

  // MARK: The end

  /// Says which processes the clients were, as text, by the numbers of their connections.
  public mutating func name(_ processes: [Int: String]) { self.processes = processes }

  /// What the whole capture comes to.
  public mutating func finish(
    file: String, _ ledger: CaptureLedger, _ redactor: inout Redactor
  ) -> Judgement {
    for connection in ledger.connections {
      let isShut = connection.tls?.isShut == true
      guard isShut || connection.requests > 0 else { continue }
      let index = serverIndex(connection.server)
      if let name = connection.serverName { servers[index].names.insert(name) }
      if isShut { servers[index].shutTLS.append(connection) }
    }
    for spot in ledger.blindSpots { servers[serverIndex(spot.server)].blindSpots.append(spot) }
    for index in servers.indices {
      for name in ledger.source.names[servers[index].server.address] ?? [] {
        servers[index].names.insert(name)
      }
      servers[index].names = Set(
        servers[index].names.map { redactor.text($0).lowercased() })
      for number in servers[index].shutTLS.indices {
        let name = servers[index].shutTLS[number].serverName
        servers[index].shutTLS[number].serverName = name.map {
          TerminalText.escape(redactor.text($0))
        }
      }
    }
    var scope = ProxyScope(servers, selectors: options.selectors)
    for hop in hops where scope.contains(servers[hop.index].server) {
      let isCounted = hop.original.map { scope.contains(servers[$0].server) } ?? false
      guard !isCounted else { continue }
      copies -= 1
      let row = hop.row
      count(
        row.verdict, isRefused: row.isRefused,
        passes: row.verdict.passes && !row.isRefused && !row.isUnclearRefusal, hop.index)
      rows.append(row)
    }
    scope = ProxyScope(servers, selectors: options.selectors)
    // In place, and without a second copy of what may be a hundred thousand of them.
    var rows = self.rows
    self.rows = []
    rows.removeAll { !scope.contains($0.server) }
    // Only rows of second hops came late.
    if !hops.isEmpty { rows.sort { $0.id < $1.id } }
    if !processes.isEmpty {
      for index in rows.indices {
        guard let process = processes[rows[index].connection] else { continue }
        rows[index].process = TerminalText.escape(redactor.text(process))
      }
    }
    rows.replaceKeys(&redactor)
    var builder = JudgementBuilder(
      options: options, scope: scope, rows: rows, ledger: ledger, file: file)
    return builder.build(
      ruleFindings: ruleFindings.all(of: options.policy.rules, in: scope), copies: copies,
      redactor: &redactor)
  }
}
