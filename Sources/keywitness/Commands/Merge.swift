internal import ArgumentParser
internal import LiteLLM
internal import Redaction
internal import Reports
internal import Verdicts

struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Adds up the replays of several machines.",
    discussion: """
      Each machine ran replay --shard i/n --report ndjson=FILE. Numbers and histograms are added, and
      percentiles read from the sum. A share that is missing, twice there, or of another capture or
      target is no whole.

      Examples:
        keywitness merge part-1.ndjson part-2.ndjson part-3.ndjson

      Exit codes: 1 where one of them had 1; 4 where a share is missing or couldn't reach the target.
      """)

  /// The largest that is read, in bytes.
  private static let limit = 1 << 30

  @Argument(help: "Reports of replay (ndjson).", completion: .file(extensions: ["ndjson"]))
  var reports: [String]

  @Option(
    help: ArgumentHelp("Writes the sum as one JSON object.", valueName: "file"))
  var receipt: String?

  func run() throws {
    let parts = try reports.map(read)
    guard let first = parts.first else { throw Failure.usage("no report given") }
    for (path, part) in zip(reports, parts) {
      guard part.captureDigest == first.captureDigest, part.rulesDigest == first.rulesDigest,
        part.target == first.target
      else {
        throw Failure.usage(
          "\(TerminalText.escape(path)) is of another capture, target or rules than "
            + TerminalText.escape(reports[0]))
      }
    }
    let missing = try missingShares(parts.map(\.shard))
    var sum = first
    sum.shard = ""
    for part in parts.dropFirst() { sum.add(part) }
    let codes = Set(parts.map(\.exitCode))
    // As everywhere: the first of these that applies.
    sum.exitCode =
      [ContractCode.interrupted, 1, ContractCode.unreached].first { codes.contains($0) }
      ?? (sum.sent == 0 ? ContractCode.nothing : 0)
    if !missing.isEmpty {
      Diagnostics.error("missing: share \(missing.joined(separator: ", "))")
      if sum.exitCode == 0 { sum.exitCode = ContractCode.unreached }
    }
    Diagnostics.standardOutput(
      ([ReplayText.headline(sum), "", sum.countsLine] + sum.timeLines)
        .joined(separator: "\n") + "\n")
    try write(sum)
    if sum.exitCode != 0 { throw ExitCode(sum.exitCode) }
  }

  private func read(_ path: String) throws -> ReplaySummary {
    let bytes: [UInt8]
    do throws(BoundedFile.Failure) {
      bytes = try BoundedFile.read(path, limit: Self.limit)
    } catch {
      throw Failure.unreadable(
        "\(TerminalText.escape(path)): \(error == .absent ? "no such file" : "can't be read")")
    }
    // The sums are the last line.
    guard let line = bytes.split(separator: 0x0A).last,
      let record = JSONValue(json: Array(line)), let summary = ReplaySummary(record)
    else {
      throw Failure.usage(
        "\(TerminalText.escape(path)) is no whole report of replay; write one with --report ndjson=FILE"
      )
    }
    return summary
  }

  /// - Returns: those of the shares that nobody gave.
  private func missingShares(_ shares: [String]) throws -> [String] {
    let given = shares.filter { !$0.isEmpty }
    guard Set(given).count == given.count else {
      throw Failure.usage("the same share is given twice; name each report once")
    }
    guard let whole = given.first?.split(separator: "/").last, let count = Int(whole) else {
      return []
    }
    guard given.allSatisfy({ $0.hasSuffix("/\(count)") }), given.count == shares.count else {
      throw Failure.usage("these aren't shares of one whole: \(shares.joined(separator: ", "))")
    }
    return (1...max(1, count)).map { "\($0)/\(count)" }.filter { !given.contains($0) }
  }

  private func write(_ sum: ReplaySummary) throws {
    guard let receipt else { return }
    var json = JSONWriter()
    sum.write(to: &json, kind: nil, withHistograms: false)
    try WholeFile.write(json.bytes, to: receipt)
  }
}
