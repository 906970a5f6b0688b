import Exchanges
import Redaction
import TestSupport
import Testing
import Wire

@testable import Verdicts

/// A sink may know exchanges by no more than their two heads, and the content of the answer: what comes of
/// a capture must be the same for one that wants to see each of them.
@Suite("What is known by its heads is judged as what is looked at") struct HeadsAloneTests {
  private struct Sink: ExchangeSink {
    var judge: CaptureJudge
    /// Whether every exchange is looked at.
    var isCurious: Bool
    var redactor = Redactor()
    var counted = 0

    mutating func began(_ source: CaptureSource) {}

    mutating func take(_ exchange: Exchange, in store: CaptureStore) {
      _ = judge.take(exchange, in: store, &redactor)
    }

    mutating func take(plain exchange: PlainExchange, in store: CaptureStore) -> Bool {
      guard !isCurious, judge.take(plain: exchange, in: store, redactor) else { return false }
      counted += 1
      return true
    }
  }

  /// All that is said of a capture.
  private struct Told: Equatable {
    var result: Judgement.Result
    var requests: Int
    var copies: Int
    var verdicts: [String]
    var rows: [String]
    var findings: [String]
    var servers: [String]
    var counted: Int

    init(_ path: String, isCurious: Bool, remembers: Bool = true, scope: [ProxySelector]) throws {
      let options = CheckOptions(
        expected: .plain(Array(Dialogue.key.utf8)), selectors: scope)
      var sink = Sink(
        judge: CaptureJudge(options, remembers: remembers), isCurious: isCurious)
      var reconstructor = try Reconstructor(files: [path])
      let ledger = reconstructor.run(into: &sink)
      let judgement = sink.judge.finish(file: "t.pcap", ledger, &sink.redactor)
      result = judgement.result
      requests = judgement.requests
      copies = judgement.copies
      verdicts = judgement.verdicts.map { "\($0)" }
      rows = judgement.exchanges.map { row in
        "\(row.id) \(row.connection) \(row.client) \(row.server) \(row.time) \(row.duration ?? -1)"
          + " \(row.method) \(row.target) \(row.path) \(row.identity) \(row.credential)"
          + " \(row.sent) \(row.status ?? -1) \(row.answer) \(row.outcome) \(row.frames)"
          + " \(row.isRefused) \(row.isUnclearRefusal) \(row.prediction as Any)"
          + " \(row.fingerprint ?? "-")"
      }
      findings = judgement.findings.map { finding in
        "\(finding.level) \(finding.rule) \(finding.exchange ?? 0) \(finding.message)"
          + " \(finding.frames) \(finding.help)"
      }
      servers = (judgement.scope.servers + judgement.scope.others).map { server in
        "\(server.server) \(server.sortedNames) \(server.hasMarks) \(server.hasModelAPI)"
          + " \(server.requests) \(server.exemptions.sorted()) \(server.orphans)"
      }
      counted = sink.counted
    }
  }

  private static let right = "Authorization: Bearer \(Dialogue.key)"

  private static let requests = [
    Dialogue.request("GET", "/v1/models", fields: [right]),
    Dialogue.request("GET", "/model/info", fields: [right]),
    Dialogue.request("GET", "/model/info", fields: ["X-Api-Key: \(Dialogue.key)"]),
    Dialogue.request("GET", "/model/info"),
    Dialogue.request("GET", "/model/info", fields: ["Authorization: Bearer sk-placeholder"]),
    Dialogue.request("GET", "/health/liveliness"),
    Dialogue.request("GET", "/health/liveliness", host: "proxy.example:4000"),
    Dialogue.request("POST", "/v1/chat/completions", fields: [right]),
    Dialogue.request("GET", "/model/info", fields: ["Authorization: Bearer another-key-of-mine-1"]),
    "GET /model/info HTTP/1.1\r\nHost: a\r\nHost: b\r\n\(right)\r\n\r\n",
  ]

  private static let answers = [
    Dialogue.answer(), Dialogue.noKey, "HTTP/1.1 204 X\r\n\r\n",
    "HTTP/1.1 500 X\r\nContent-Length: 2\r\n\r\nno",
    "HTTP/1.1 403 X\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 302 X\r\nContent-Length: 0\r\n\r\n",
  ]

  /// More than are listed one by one, all right; then mostly right ones, to two servers.
  private func packets(_ dice: inout Dice) -> [Packet] {
    var packets: [Packet] = []
    var first = Conversation()
    for _ in 0..<CaptureJudge.passedRows + 20 {
      first.client(Self.requests[0])
      first.server(Self.answers[0])
    }
    packets += first.packets()
    for number in 0..<6 {
      let server = number % 2 == 0 ? "10.0.0.2" : "10.0.0.3"
      var talk = Conversation(
        clientPort: UInt16(41_000 + number), server: server,
        startingAt: 1_700_000_100_000_000_000 + Int64(number) * 1_000_000_000)
      for _ in 0..<40 {
        let isOdd = Int.random(in: 0..<3, using: &dice) == 0
        let request = isOdd ? Self.requests.randomElement(using: &dice) : Self.requests[1]
        let answer = isOdd ? Self.answers.randomElement(using: &dice) : Self.answers[0]
        talk.client(request ?? "")
        talk.server(answer ?? "")
      }
      if Bool.random(using: &dice) { talk.close() }
      packets += talk.packets()
    }
    return packets
  }

  /// An answer may say late whose it is.
  @Test(arguments: [false, true]) func aServerIsLookedAtUntilItIsKnown(isNew: Bool) throws {
    var talk = Conversation()
    for number in 0..<CaptureJudge.passedRows + 40 {
      talk.client(Self.requests[0])
      let marks = number == CaptureJudge.passedRows + 20 ? "x-litellm-version: 1.77.5\r\n" : ""
      let new = isNew ? "X-Number: \(10_000 + number)\r\n" : ""
      talk.server("HTTP/1.1 200 OK\r\n\(marks)\(new)Content-Length: 5\r\n\r\n\(10_000 + number)")
    }
    let file = try ScratchFile(packets: talk.packets())
    let read = try Told(file.path, isCurious: true, remembers: false, scope: [])
    var counting = try Told(file.path, isCurious: false, scope: [])
    // What says something new is looked at until the server is known and enough are listed; of the
    // others, all but the first and the one that tells.
    #expect(counting.counted == (isNew ? 19 : CaptureJudge.passedRows + 38))
    counting.counted = 0
    #expect(counting == read)
  }

  /// What an answer gives away is hidden in the requests before it, and in those that come again.
  @Test func aKeyThatBecomesKnownIsHiddenInAllRows() throws {
    let value = "kqzw7d2m9x4hvb3n"
    let error = #"{"error":{"message":"no such file, api_key=\#(value)","type":"x"}}"#
    var talk = Conversation()
    for _ in 0..<4 {
      talk.client(Dialogue.request("GET", "/v1/files/\(value)", fields: [Self.right]))
      talk.server(
        "HTTP/1.1 400 X\r\nContent-Length: \(error.utf8.count)\r\n\r\n\(error)")
    }
    let file = try ScratchFile(packets: talk.packets())
    for isCurious in [true, false] {
      let told = try Told(file.path, isCurious: isCurious, scope: [.any])
      #expect(told.rows.count == 4)
      #expect(!told.rows.contains { $0.contains(value) }, "\(told.rows)")
    }
  }

  @Test(arguments: 0..<6)
  func nothingIsOtherwise(_ seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let file = try ScratchFile(packets: packets(&dice))
    // Whether the scope is given, or known by what servers say of themselves.
    for scope in [[ProxySelector.any], []] {
      let read = try Told(file.path, isCurious: true, remembers: false, scope: scope)
      let remembered = try Told(file.path, isCurious: true, scope: scope)
      var counting = try Told(file.path, isCurious: false, scope: scope)
      #expect(counting.counted > 50 && read.counted == 0)
      counting.counted = 0
      #expect(remembered == read)
      #expect(counting == read)
    }
  }
}
