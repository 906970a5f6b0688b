internal import ArgumentParser
internal import Foundation
internal import Trials

/// The trials in their long form: `Scripts/test --long` runs them on an optimised build.
@main
struct TrialRunner: ParsableCommand {
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case metamorphic, dropping, cutting
  }

  static let configuration = CommandConfiguration(
    commandName: "trial-runner",
    abstract:
      "Changes and damages clean captures, and holds what is said of them against the truth.")

  @Option(help: "Which: metamorphic, dropping, cutting (default: all).")
  var kind: Kind?

  @Option(help: "How many clean captures (default: 50 for metamorphic, 20 for the others).")
  var captures: Int?

  @Option(help: "Random pairs of packets that are dropped, for each capture.")
  var pairs = 2000

  @Option(help: "Places at which a large file is cut.")
  var places = 2000

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
      let clean = CleanCapture.find(in: folders, limit: limit)
      let result = try run(kind, clean)
      if lists {
        for capture in clean {
          print(
            "\(capture.name)  \(capture.packets.count) packets, \(capture.truth.exchanges.count) exchanges, \(capture.truth.result)"
          )
        }
      }
      for fault in result.faults.prefix(50) { print(fault) }
      print(
        "\(kind.rawValue): \(clean.count) captures, \(result.runs) runs, \(result.passes) "
          + "passed, \(result.faults.count) faults, \(Int(Date().timeIntervalSince(began))) s")
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
      }
    }
    return result
  }
}
