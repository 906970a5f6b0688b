import Redaction

@testable import Exchanges
@testable import HTTP
@testable import Verdicts
@testable import Wire

/// A judgement as the builder makes it from rows that are written down here.
struct SampleJudgement {
  var file = "agent.pcap"
  var options = CheckOptions()
  var frames = 30
  private(set) var rows: [JudgedExchange] = []
  private(set) var server = ServerRecord(
    Endpoint(address: IPAddress(ipv4: 0x7F00_0001), port: 4002))
  var ledger = CaptureLedger(
    source: CaptureSource(
      format: .pcap, linkTypes: [.ethernet], snapshotLength: 65_535, kernelDrops: 0, names: [:]))

  /// Text that tries to be something else in each of the formats.
  static let hostile =
    "/a\u{0}\u{1B}[31m\u{202E}|x`y``z]]><b a=\"1\" b='2'>&amp;\r\n::error::forged\n"
    + "##vso[task.complete]##[error]![i](http://evil.example/@all)\u{FFFE}\u{1F600}# h ${{ x }} $a$"

  /// A request; `nil` as `agent` is a client without a User-Agent.
  mutating func add(
    _ method: String, _ target: String, _ verdict: Verdict, agent: String? = "node",
    sent: String = "none", answer: String = "200", isRefused: Bool = false,
    reason: UnknownReason? = nil, note: Credential.Note? = nil, duration: Int64? = 1_500_000
  ) {
    let id = rows.count + 1
    var credential = Credential(verdict, reason: reason, note: note)
    if verdict != .missing { credential.header = "authorization" }
    if verdict == .placeholder { credential.key = Array(sent.drop { $0 != " " }.utf8.dropFirst()) }
    var frames = FrameRuns()
    for frame in Int32(4)...6 { frames.add(frame) }
    rows.append(
      JudgedExchange(
        id: id,
        between: ExchangePeers(
          connection: id, client: Endpoint(address: IPAddress(ipv4: 0x7F00_0001), port: 50_000),
          server: server.server, beganBeforeCapture: false),
        time: Timestamp(nanoseconds: Int64(id) * 1_000_000_000), duration: duration,
        frames: frames,
        Boxed(
          JudgedExchange.Traits(
            method: method, target: target, path: target, identity: Self.client(agent),
            credential: credential, sent: sent, status: 200, answer: answer, outcome: .complete,
            isRefused: isRefused, isUnclearRefusal: false, fingerprint: nil, keyGeneration: 0))))
    server.add(verdict)
    if isRefused { server.refused += 1 }
  }

  /// What LiteLLM would have answered to the latest one.
  mutating func predict(_ prediction: ProxyPrediction) {
    rows[rows.count - 1].prediction = prediction
  }

  /// Requests that were counted only, as beyond the bound on rows.
  mutating func addUnlisted(_ count: Int, _ verdict: Verdict) {
    for _ in 0..<count { server.add(verdict) }
  }

  mutating func addBlindSpot() {
    server.blindSpots.append(
      BlindSpot(
        cause: .hole, connection: 3, client: server.server, server: server.server, frame: 17,
        length: 400))
  }

  /// - Parameter ruleFindings: what rules of the policy found.
  func judgement(ruleFindings: [Finding] = []) -> Judgement {
    var ledger = ledger
    ledger.frames = [frames]
    var server = server
    server.hasMarks = server.requests > 0
    let scope = ProxyScope([server], selectors: [])
    var builder = JudgementBuilder(
      options: options, scope: scope, rows: rows, ledger: ledger, file: file)
    var redactor = Redactor()
    return builder.build(ruleFindings: ruleFindings, copies: 0, redactor: &redactor)
  }

  private static func client(_ agent: String?) -> ClientIdentity {
    let head = MessageHead(
      bytes: [], startLine: .unreadable, fields: [], anomalies: [], isComplete: true)
    var redactor = Redactor()
    var values = ShownValues()
    var client = ClientIdentity(head, &values, &redactor)
    guard let agent else { return client }
    client.userAgent = agent
    client.family =
      agent == "node" ? .nodeFetch : agent.hasPrefix("OpenAI/JS") ? .openAINode : .other
    return client
  }

  // MARK: Samples

  /// The bug that the project comes from: three requests, two clients at fault.
  static var broken: Judgement {
    var sample = SampleJudgement()
    sample.add("GET", "/model/info", .missing, answer: "401 No api key passed in.")
    sample.add(
      "POST", "/chat/completions", .placeholder, agent: "OpenAI/JS 5.8.2",
      sent: "Bearer dummy-key-for-proxy", answer: "401 LiteLLM Virtual Key expected.")
    sample.add("GET", "/model/info", .missing, answer: "401 No api key passed in.")
    return sample.judgement()
  }

  static var good: Judgement {
    var sample = SampleJudgement()
    sample.file = "fixed.pcap"
    sample.add("GET", "/model/info", .ok, sent: "Bearer key#1", note: .notCompared)
    sample.add("GET", "/health/liveliness", .exempt, note: .publicRoute)
    return sample.judgement()
  }

  /// Whatever comes from outside is hostile.
  static var ofHostileText: Judgement {
    var sample = SampleJudgement()
    sample.file = "a\(hostile).pcap"
    for verdict in [Verdict.missing, .unknown, .exempt, .ok] {
      sample.add(
        hostile, hostile, verdict, agent: hostile, sent: hostile, answer: hostile,
        isRefused: verdict == .ok)
    }
    var judgement = sample.judgement(ruleFindings: [
      Finding(
        rule: hostile, level: .error, message: hostile, help: hostile,
        mark: SourceMark(file: hostile, line: 3, column: 5))
    ])
    judgement.doubts.append("doubt \(hostile)")
    judgement.policyFile = hostile
    return judgement
  }

  /// One of each result, and what is hard about them.
  static var all: [Judgement] {
    [broken, good, nothing, unreadable, undecided, ofHostileText]
  }

  static var nothing: Judgement { SampleJudgement().judgement() }

  static var unreadable: Judgement {
    var sample = SampleJudgement()
    sample.file = "text.pcap"
    sample.frames = 0
    sample.ledger.failure = CaptureError(
      .notACapture, "is no pcap or pcapng file", file: "text.pcap", offset: 0)
    return sample.judgement()
  }

  static var undecided: Judgement {
    var sample = SampleJudgement()
    sample.file = "holes.pcap"
    sample.add("GET", "/model/info", .ok, sent: "Bearer key#1")
    sample.add("GET", "/model/info", .unknown, sent: "?", reason: .hole)
    sample.addBlindSpot()
    return sample.judgement()
  }
}
