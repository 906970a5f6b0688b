internal import LiteLLM
internal import Redaction
internal import Replay

/// What a replay came to, in numbers that can be added.
struct ReplaySummary {
  var version = Keywitness.version
  var capture = ""
  /// SHA-256 in hexadecimal digits; empty for what is larger than anybody commits.
  var captureDigest = ""
  /// Of the comparison's rules; empty where there is no file.
  var rulesDigest = ""
  var target = ""
  /// `1/3`; empty where one machine sends all.
  var shard = ""
  /// By outcome, in the order of reports.
  var counts = [Int](repeating: 0, count: ReplayOutcome.names.count)
  /// How often something was sent a second time.
  var retries = 0
  /// How long sending took, in nanoseconds; of several machines the longest.
  var elapsed: Int64 = 0
  var lateness = Latencies()
  var durations = Latencies()
  var durationsFromPlan = Latencies()
  var exitCode: Int32 = 0

  /// Names and histograms, in the order of records.
  private static var histograms: [(name: String, path: WritableKeyPath<ReplaySummary, Latencies>)] {
    [
      ("late", \.lateness), ("duration", \.durations),
      ("duration_from_plan", \.durationsFromPlan),
    ]
  }

  subscript(name: String) -> Int {
    get { ReplayOutcome.names.firstIndex(of: name).map { counts[$0] } ?? 0 }
    set { if let index = ReplayOutcome.names.firstIndex(of: name) { counts[index] = newValue } }
  }

  var total: Int { counts.reduce(0, +) }
  var sent: Int { self["matched"] + self["differs"] + self["failed"] }

  mutating func add(_ result: ReplayResult) {
    self[result.outcome.name] += 1
    retries += max(0, result.attempts - 1)
    if let time = result.lateness { lateness.record(time) }
    if let time = result.duration { durations.record(time) }
    if let time = result.durationFromPlan { durationsFromPlan.record(time) }
  }

  /// Another machine's share.
  mutating func add(_ other: ReplaySummary) {
    for index in counts.indices { counts[index] += other.counts[index] }
    retries += other.retries
    elapsed = max(elapsed, other.elapsed)
    for (_, path) in Self.histograms {
      for (time, count) in other[keyPath: path].counts {
        self[keyPath: path].add(microseconds: time, count: count)
      }
    }
  }

  // MARK: Records

  /// - Parameter withHistograms: for those that are added.
  func write(to json: inout JSONWriter, kind: String?, withHistograms: Bool) {
    json.beginObject()
    json.member("schema", kind == nil ? "keywitness-receipt/1" : "keywitness/1")
    if let kind { json.member("kind", kind) }
    json.member("version", version)
    json.member("capture", capture)
    json.member("capture_sha256", captureDigest)
    if !rulesDigest.isEmpty { json.member("rules_sha256", rulesDigest) }
    json.member("target", target)
    if !shard.isEmpty { json.member("shard", shard) }
    json.member("requests", total)
    for (name, count) in zip(ReplayOutcome.names, counts) {
      json.key(named: name.replacing("-", with: "_"))
      json.integer(count)
    }
    json.member("retries", retries)
    json.member("elapsed_ms", Int(elapsed / 1_000_000))
    json.member("nothing_tested", sent == 0)
    json.member("exit_code", Int(exitCode))
    if withHistograms {
      json.key("histograms")
      json.beginObject()
      for (name, path) in Self.histograms {
        json.key(named: name)
        json.beginArray()
        for (time, count) in self[keyPath: path].counts {
          json.beginArray()
          json.integer(time)
          json.integer(count)
          json.endArray()
        }
        json.endArray()
      }
      json.endObject()
    }
    json.endObject()
    json.endLine()
  }

  /// - Returns: `nil` for what is no replay's record.
  init?(_ record: JSONValue) {
    guard record["kind"]?.string == "replay" else { return nil }
    func number(_ value: JSONValue?) -> Int? {
      // What no run reaches would overflow a sum.
      if case .integer(let number)? = value, 0...(1 << 40) ~= number { number } else { nil }
    }
    capture = record["capture"]?.string ?? ""
    captureDigest = record["capture_sha256"]?.string ?? ""
    rulesDigest = record["rules_sha256"]?.string ?? ""
    target = record["target"]?.string ?? ""
    shard = record["shard"]?.string ?? ""
    guard shard.isEmpty || RequestSelection.Shard(shard) != nil else { return nil }
    for name in ReplayOutcome.names {
      guard let count = number(record[name.replacing("-", with: "_")]) else { return nil }
      self[name] = count
    }
    retries = number(record["retries"]) ?? 0
    elapsed = Int64(min(number(record["elapsed_ms"]) ?? 0, 1 << 40)) * 1_000_000
    exitCode = Int32(clamping: number(record["exit_code"]) ?? 0)
    for (name, path) in Self.histograms {
      for pair in record["histograms"]?[name]?.array ?? [] {
        guard let time = number(pair.array?.first), let count = number(pair.array?.last) else {
          return nil
        }
        self[keyPath: path].add(microseconds: time, count: count)
      }
    }
  }

  init() {}

  // MARK: For people

  var countsLine: String {
    zip(ReplayOutcome.names, counts).map { "\($1) \($0)" }.joined(separator: ", ")
      + ": \(total) requests" + (retries > 0 ? ", \(retries) sent again after a failure" : "")
  }

  var timeLines: [String] {
    func text(_ time: Int64) -> String {
      let micros = max(0, time) / 1000
      return "\(micros / 1000).\(micros % 1000 / 100) ms"
    }
    func line(_ what: String, _ times: Latencies) -> String? {
      guard !times.isEmpty else { return nil }
      return
        "\(what): \(text(times.percentile(50))) (median), \(text(times.percentile(99))) (p99), "
        + "\(text(times.longest)) at most"
    }
    let seconds = Double(elapsed) / 1e9
    let rate = seconds > 0 ? Int(min(Double(sent) / seconds, 1e12)) : 0
    let milliseconds = elapsed / 1_000_000
    let fraction = String(milliseconds % 1000)
    let duration =
      "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    return [
      sent > 1 ? "sent in \(duration) s: \(rate) a second" : nil,
      line("sent late", lateness), line("answers took", durations),
      line("from when they should have been sent", durationsFromPlan),
    ].compactMap(\.self)
  }
}
