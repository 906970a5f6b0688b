public import Exchanges
public import Wire

/// What was seen of one server.
public struct ServerRecord: Sendable {
  public var server: Endpoint
  /// What it was called: in Host headers, SNI, and the capture's own name records; lower case.
  public var names: Set<String> = []
  public var requests = 0
  public var verdicts: [Int] = Array(repeating: 0, count: Verdict.allCases.count)
  public var refused = 0
  public var orphans = 0
  /// LiteLLM's headers, its error bodies, or a path that only it has.
  public var hasMarks = false
  /// It was asked for paths of OpenAI's or Anthropic's kind.
  public var hasModelAPI = false
  public var shutTLS: [ConnectionSummary] = []
  public var blindSpots: [BlindSpot] = []
  /// The Host header that was taken last: most requests repeat it.
  var latestHost: [UInt8] = []
  var failedRows = 0
  var unknownRows = 0
  /// Requests that didn't pass and have no row.
  var unlisted = 0
  var required: Set<Int> = []
  var exemptions: Set<Int> = []
  var rules: Set<Int> = []

  init(_ server: Endpoint) { self.server = server }

  func count(_ verdict: Verdict) -> Int {
    verdicts[Self.place(verdict)]
  }

  mutating func add(_ verdict: Verdict) {
    verdicts[Self.place(verdict)] += 1
    requests += 1
  }

  private static func place(_ verdict: Verdict) -> Int {
    // From the end, where that of nearly all requests stands.
    Verdict.allCases.lastIndex(of: verdict) ?? 0
  }

  /// Whether one more request that didn't pass may have a row.
  func hasRoom(for verdict: Verdict) -> Bool {
    verdict == .unknown
      ? unknownRows < CaptureJudge.unknownRows : failedRows < CaptureJudge.failedRows
  }

  /// Names in order, for reports.
  public var sortedNames: [String] { names.sorted() }
}

/// Which servers count as the proxy, and why.
public struct ProxyScope: Sendable {
  public enum Basis: Sendable {
    /// `--proxy` or the policy names them.
    case named
    case marks
    case modelAPI
    /// Nothing but TLS that stays shut.
    case shutTLS
    case none
  }

  public var basis: Basis
  public var servers: [ServerRecord]
  public var others: [ServerRecord]

  /// The contract's three steps, unless somebody says.
  init(_ records: [ServerRecord], selectors: [ProxySelector]) {
    func choose(_ basis: Basis, _ isIn: (ServerRecord) -> Bool) -> ProxyScope? {
      let chosen = records.filter(isIn)
      guard !chosen.isEmpty else { return nil }
      return ProxyScope(basis: basis, servers: chosen, others: records.filter { !isIn($0) })
    }
    if !selectors.isEmpty {
      self =
        choose(.named) { record in
          selectors.contains { $0.matches(record.server, names: record.names) }
        } ?? ProxyScope(basis: .named, servers: [], others: records)
      return
    }
    self =
      choose(.marks) { $0.hasMarks } ?? choose(.modelAPI) { $0.hasModelAPI }
      ?? choose(.shutTLS) { !$0.shutTLS.isEmpty }
      ?? ProxyScope(basis: .none, servers: [], others: records)
  }

  private init(basis: Basis, servers: [ServerRecord], others: [ServerRecord]) {
    self.basis = basis
    self.servers = servers
    self.others = others
  }

  public func contains(_ server: Endpoint) -> Bool {
    servers.contains { $0.server == server }
  }
}
