import Foundation
import TestSupport
import Testing

/// Damaged captures: whatever they hold, the tool ends, in time, with an exit code of the contract and
/// with records that can be read. The mutator belongs to the corpora: where KEYWITNESS_CORPORA names no
/// folder, these tests are skipped, and say so.
@Suite(
  "Damaged captures end in time, with a code of the contract",
  .enabled(
    if: Executable.corpora != nil, "KEYWITNESS_CORPORA isn't set: the mutator of captures is absent"
  )
)
struct MutantTests {
  static let isLong = ProcessInfo.processInfo.environment["KEYWITNESS_LONG"] == "1"
  /// 300 mutants, or 10 000.
  static let seeds = Array(1...(isLong ? 20 : 6))
  static let mutantsOfSeed = isLong ? 500 : 50

  static let timeLimit = 10.0
  static let memoryLimit = 512 << 20

  /// Small captures: of the corpora, and those of the project.
  static let sources: [String] = {
    guard let corpora = Executable.corpora else { return [] }
    let folders = [
      corpora + "/corpora/synthetic", corpora + "/corpora/semantics/pcap", corpora + "/captures",
      Executable.root + "/Captures",
    ]
    return folders.flatMap { folder in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return names.filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }
        .map { folder + "/" + $0 }
        .filter { size(of: $0) <= 256 << 10 }
    }.sorted()
  }()

  private static func size(of path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? .max
  }

  /// A damaged capture, and how to make it again.
  private struct Mutant {
    var path: String
    var description: String
  }

  private func mutants(seed: Int, in folder: Folder) throws -> [Mutant] {
    let mutator = "\(Executable.corpora ?? "")/corpora/tools/mutate.py"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["python3", mutator, folder.path, "\(Self.mutantsOfSeed)", "\(seed)"] + Self.sources
    // The names and what was done: a table.
    let table = try folder.file(".table", "")
    process.standardOutput = FileHandle(forWritingAtPath: table)
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "the mutator failed")
    return try Folder.text(table).split(separator: "\n").map { line in
      let fields = line.split(separator: "\t")
      let facts = fields.dropFirst().joined(separator: ": ")
      return Mutant(
        path: "\(folder.path)/\(fields[0])",
        description: "\(fields[0]) of seed \(seed), \(Self.mutantsOfSeed) mutants (\(facts))")
    }
  }

  @Test(arguments: seeds) func mutantsOfASeed(_ seed: Int) throws {
    let folder = try Folder()
    let mutants = try mutants(seed: seed, in: folder)
    #expect(mutants.count == Self.mutantsOfSeed)
    var slowest = (seconds: 0.0, mutant: "")
    var largest = (memory: 0, mutant: "")
    for mutant in mutants {
      let runs = [
        try check(mutant.path, mutant.description, folder),
        try export(mutant.path, mutant.description, folder),
      ]
      for run in runs {
        if run.seconds > slowest.seconds { slowest = (run.seconds, mutant.description) }
        if run.memory > largest.memory { largest = (run.memory, mutant.description) }
      }
      try FileManager.default.removeItem(atPath: mutant.path)
    }
    if Self.isLong {
      print("mutants of seed \(seed): slowest \(slowest), most memory \(largest)")
    }
  }

  private func check(
    _ path: String, _ mutant: String, _ folder: Folder
  ) throws -> Executable.Measured {
    let run = try Executable.measure(
      ["check", "--proxy", "any", path], in: folder, limit: Self.timeLimit)
    expectBounds(run, "check", mutant)
    let control = run.output.first { $0 < 0x20 && $0 != 0x0A || $0 == 0x7F }
    #expect(control == nil, "a raw control byte in the report: \(mutant)")
    #expect(String(validating: run.output, as: UTF8.self) != nil, "not UTF-8: \(mutant)")
    return run
  }

  private func export(
    _ path: String, _ mutant: String, _ folder: Folder
  ) throws -> Executable.Measured {
    let run = try Executable.measure(
      ["export", "--format", "ndjson", "--proxy", "any", path], in: folder, limit: Self.timeLimit)
    expectBounds(run, "export", mutant)
    #expect(run.output.last == 0x0A, "the last line isn't whole: \(mutant)")
    var ledgers = 0
    for line in run.output.split(separator: 0x0A) {
      let record = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      guard let record else {
        Issue.record("a line that isn't JSON: \(String(decoding: line, as: UTF8.self)): \(mutant)")
        continue
      }
      guard record["kind"] as? String == "ledger" else { continue }
      ledgers += 1
      let payload = record["payload_bytes"] as? [String: Any]
      #expect(payload?["unexplained"] as? Int == 0, "bytes have vanished: \(mutant)")
    }
    #expect(ledgers == 1, "\(ledgers) ledgers: \(mutant)")
    return run
  }

  private func expectBounds(_ run: Executable.Measured, _ command: String, _ mutant: String) {
    #expect(
      [0, 1, 3, 4, 5].contains(run.code),
      "\(command) ended with \(run.code), \(String(decoding: run.errors, as: UTF8.self)): \(mutant)"
    )
    #expect(!run.isOverTime, "\(command) took over \(Self.timeLimit) s: \(mutant)")
    #expect(run.memory < Self.memoryLimit, "\(command) took \(run.memory) bytes: \(mutant)")
  }
}
