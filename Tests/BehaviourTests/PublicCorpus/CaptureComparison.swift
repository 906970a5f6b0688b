internal import Foundation
internal import TestSupport

/// keywitness and tshark on one capture.
struct CaptureComparison: Sendable {
  struct Difference: Sendable {
    /// `client > server #n`, counted on the connection.
    var exchange: String
    var what: String
  }

  /// Below the corpus's folder.
  let file: String
  private(set) var code: Int32 = 0
  private(set) var unexplainedBytes: Int?
  private(set) var exchanges = 0
  private(set) var http2 = 0
  /// Exchanges that tshark showed only when it put nothing together.
  private(set) var confirmedByHeads = 0
  private(set) var differences: [Difference] = []
  let hasOracle: Bool

  /// Of servers that spoke HTTP/2.
  private var http2Ports: [String] = []
  private var ours: [Endpoints: [SeenExchange]] = [:]

  init(file: String, in folder: String) throws {
    self.file = file
    let path = folder + "/" + file
    let oracle = path + ".tshark.ndjson"
    hasOracle = FileManager.default.fileExists(atPath: oracle)
    let result = try Executable.run([
      "export", "--format", "ndjson", "--proxy", "any", "--show-secrets", path,
    ])
    code = result.code
    let records = try Record.records(result.output)
    unexplainedBytes = records.kind("ledger").last?.payloadBytes?.unexplained
    for record in records.kind("exchange") {
      if record.protocol == "HTTP/2", let port = record.server?.split(separator: ":").last {
        if !http2Ports.contains(String(port)) { http2Ports.append(String(port)) }
      }
      let seen = SeenExchange(record)
      ours[seen.endpoints, default: []].append(seen)
    }
    try compare(with: OracleReadings(file: hasOracle ? oracle : nil), capture: path)
  }

  private mutating func compare(with oracle: OracleReadings, capture: String) throws {
    http2 = oracle.http2
    var heads: TsharkHeads?
    let all = Set(ours.keys).union(oracle.readings.keys)
    for ends in all.sorted(by: { ($0.lower, $0.upper) < ($1.lower, $1.upper) }) {
      let mine = ours[ends] ?? []
      let (open, missed) = Self.compare(mine, with: oracle.readings[ends] ?? [])
      exchanges += mine.count + missed.count
      var shown: Set<Int> = []
      if open.contains(where: { $0.lacksOnTheirSide }) {
        let seen = try heads ?? TsharkHeads(capture: capture, http2: http2Ports)
        heads = seen
        shown = Self.shown(mine, in: seen.connections[ends] ?? .init())
      }
      for one in open {
        if one.lacksOnTheirSide, shown.contains(one.index) {
          confirmedByHeads += 1
        } else {
          add(mine[one.index], one.index, one.words.joined(separator: "; "))
        }
      }
      for (index, exchange) in missed.enumerated() {
        add(exchange, mine.count + index, "exchange: only tshark")
      }
    }
  }

  private mutating func add(_ exchange: SeenExchange, _ index: Int, _ what: String) {
    differences.append(
      Difference(
        exchange: "\(exchange.client) > \(exchange.server) #\(index + 1)", what: what))
  }

  private struct Open {
    var index: Int
    var words: [String]
    /// tshark only doesn't show what we show: it shows nothing that we don't.
    var lacksOnTheirSide: Bool
  }

  /// - Returns: our exchanges that no reading agrees with, and theirs that we have in no form.
  private static func compare(
    _ mine: [SeenExchange], with readings: [[SeenExchange]]
  ) -> (open: [Open], missed: [SeenExchange]) {
    var agreed: Set<Int> = []
    var matched: [(index: Int, agrees: Bool, messages: [SeenExchange.MessageID])] = []
    var closest: [Int: [String]] = [:]
    for reading in readings {
      let pairs = Alignment.pairs(
        reading, mine, isSame: { $1.differences(from: $0).isEmpty },
        weight: { $1.likeness(to: $0) })
      for (theirs, index) in pairs {
        let words = mine[index].differences(from: reading[theirs])
        matched.append((index, words.isEmpty, reading[theirs].messages))
        if words.isEmpty {
          agreed.insert(index)
        } else if words.count < closest[index]?.count ?? Int.max {
          closest[index] = words
        }
      }
    }
    let open = mine.indices.filter { !agreed.contains($0) }.map { index in
      let words = closest[index] ?? ["exchange: only we"]
      return Open(
        index: index, words: words, lacksOnTheirSide: words.allSatisfy { $0.hasSuffix("only we") })
    }
    // A message of theirs that only stands beside one of ours that another agrees with is missed.
    let covered = Set(
      matched.filter { $0.agrees || !agreed.contains($0.index) }.flatMap(\.messages))
    let missed = (readings.first ?? []).filter { $0.messages.allSatisfy { !covered.contains($0) } }
    return (open, missed)
  }

  /// Which of our exchanges have all their heads among those that tshark saw, in the same order. A
  /// complete response must be as long as its head announces.
  private static func shown(_ mine: [SeenExchange], in heads: TsharkHeads.Heads) -> Set<Int> {
    let asked = mine.indices.filter { mine[$0].method != nil }
    let answered = mine.indices.filter { mine[$0].status != nil }
    let isRequest = { (head: TsharkHeads.Request, index: Int) in
      head.method == mine[index].method && head.target == mine[index].target
    }
    let isResponse = { (head: TsharkHeads.Response, index: Int) in
      head.status == mine[index].status
        && (!mine[index].hasPlainLength || head.announced == nil
          || head.announced == mine[index].response?.bytes)
    }
    let requests = Alignment.pairs(
      heads.requests, asked, isSame: isRequest, weight: { isRequest($0, $1) ? 1 : 0 })
    let responses = Alignment.pairs(
      heads.responses, answered, isSame: isResponse, weight: { isResponse($0, $1) ? 1 : 0 })
    let shownRequests = Set(requests.map { asked[$0.1] })
    let shownResponses = Set(responses.map { answered[$0.1] })
    return Set(
      mine.indices.filter {
        (mine[$0].method == nil || shownRequests.contains($0))
          && (mine[$0].status == nil || shownResponses.contains($0))
      })
  }
}
