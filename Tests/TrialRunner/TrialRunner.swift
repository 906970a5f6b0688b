internal import ArgumentParser
internal import Foundation
internal import TestSupport
internal import Trials

/// The trials on an optimised build: the short form in CI, the long one by `Scripts/test --long`.
@main
struct TrialRunner: ParsableCommand {
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case metamorphic, dropping, cutting, floods
  }

  static let configuration = CommandConfiguration(
    commandName: "trial-runner",
    abstract:
      "Changes, thins, cuts and floods captures, and holds what is said of them against the truth.",
    discussion: """
      The last line of each trial has its figures; exit code 1 where one found a fault.

      Example: each packet of 20 captures dropped in turn, and 2000 pairs of each
        trial-runner --kind dropping --pairs 2000 Captures
      """)

  @Option(help: "Which: metamorphic, dropping, cutting, floods (default: all).")
  var kind: Kind?

  @Option(help: "How many clean captures (default: 50 for metamorphic, 20 for the others).")
  var captures: Int?

  @Option(help: "Random pairs of packets that are dropped, for each capture.")
  var pairs = 2000

  @Option(help: "Places at which a large file is cut.")
  var places = 2000

  @Option(help: "Floods are this many times smaller.")
  var smaller = 1

  @Option(help: "Seed of all that is random.")
  var seed: UInt64 = 1

  @Flag(name: .customLong("list"), help: "Name the captures that are used.")
  var lists = false

  @Argument(help: "Folders of captures.")
  var folders: [String]

  func run() throws {
    var hasFaults = false
    for kind in kind.map({ [$0] }) ?? Kind.allCases {
      let began = Date()
      let limit = captures ?? (kind == .metamorphic ? 50 : 20)
      let clean = kind == .floods ? [] : CleanCapture.find(in: folders, limit: limit)
      if lists { for capture in clean { print(capture.line) } }
      let result = kind == .floods ? try floods() : try run(kind, clean)
      for fault in result.faults.prefix(50) { print(fault) }
      let passes = kind == .dropping ? ", \(result.passes) of them passed" : ""
      print(
        "\(kind.rawValue): \(clean.isEmpty ? "" : "\(clean.count) captures, ")\(result.runs) runs"
          + "\(passes), \(result.faults.count) faults, "
          + "\(Int(Date().timeIntervalSince(began))) s")
      if !result.faults.isEmpty || result.runs == 0 { hasFaults = true }
    }
    if hasFaults { throw ExitCode.failure }
  }

  private func run(_ kind: Kind, _ clean: [CleanCapture]) throws -> TrialResult {
    var result = TrialResult()
    for (number, capture) in clean.enumerated() {
      switch kind {
      case .metamorphic:
        result.add(try Trial.metamorphic(capture, seed: seed))
        let next = clean[(number + 1) % clean.count]
        if clean.count > 1 { result.add(try Trial.joined(capture, next, seed: seed)) }
      case .dropping:
        result.add(try Trial.dropping(capture, pairs: pairs, seed: seed))
      case .cutting:
        result.add(try Trial.cutting(capture, places: places))
        result.add(try Trial.cutting(capture, places: places, format: .pcapng))
      case .floods:
        break
      }
    }
    return result
  }

  // MARK: Floods

  /// Each flood, and within which bounds the executable must judge it.
  private func floods() throws -> TrialResult {
    var result = TrialResult()
    let folder = try Folder()
    let idle = try measure(.halfOpen, 1, folder).memory
    for flood in Flood.allCases {
      let count = max(1, flood.size / smaller)
      let run = try measure(flood, count, folder)
      result.runs += 1
      print(
        "  \(flood.rawValue) \(count): \(String(format: "%.2f", run.seconds)) s, "
          + "\(run.memory >> 20) MB, exit code \(run.code), caps \(run.caps)")
      let limit = flood == .hole ? idle + 64 << 20 : flood.memoryLimit
      if run.code != flood.code { result.faults.append("\(flood): exit code \(run.code)") }
      if run.seconds > flood.timeLimit { result.faults.append("\(flood): \(run.seconds) s") }
      if run.memory > limit { result.faults.append("\(flood): \(run.memory >> 20) MB") }
      if run.unexplained != 0 { result.faults.append("\(flood): \(run.unexplained) unexplained") }
      if smaller == 1, let cap = flood.cap, !run.caps.contains(cap) {
        result.faults.append("\(flood): the ledger doesn't say what \(cap) cut")
      }
    }
    return result
  }

  private struct FloodRun {
    var code: Int32
    var seconds: Double
    var memory: Int
    var caps: [String]
    var unexplained: Int
  }

  private func measure(_ flood: Flood, _ count: Int, _ folder: Folder) throws -> FloodRun {
    let capture = folder.path + "/flood.pcap"
    try flood.write(count, to: capture)
    let run = try Executable.measure(
      ["check", "--proxy", "any", "--report", "ndjson=records", capture], in: folder, limit: 60)
    let last = try Folder.text(folder.path + "/records").split(separator: "\n").last ?? ""
    let object = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any] ?? [:]
    let payload = object["payload_bytes"] as? [String: Any] ?? [:]
    return FloodRun(
      code: run.code, seconds: run.seconds, memory: run.memory,
      caps: (object["caps"] as? [String: Any] ?? [:]).keys.sorted(),
      unexplained: payload["unexplained"] as? Int ?? -1)
  }
}

extension Flood {
  var size: Int {
    switch self {
    case .halfOpen: 1_000_000
    case .openConnections, .holes: 200_000
    case .hole: 207_000
    case .oneByteSegments, .fragments: 500_000
    case .openHeads: 3000
    case .waiting: 100_000
    }
  }

  /// What a flood of its whole size reaches.
  var cap: String? {
    switch self {
    case .halfOpen, .openConnections: "connections"
    case .hole: "held_bytes"
    case .holes: "held_segments"
    case .fragments: "ip_fragments"
    case .openHeads: "open_head_bytes"
    case .oneByteSegments, .waiting: nil
    }
  }

  var code: Int32 {
    switch self {
    case .halfOpen: 5
    case .oneByteSegments: 1
    case .waiting: 0
    default: 4
    }
  }

  var timeLimit: Double { 15 }
  var memoryLimit: Int { self == .halfOpen ? 300 << 20 : 512 << 20 }
}
