import TestSupport
import Testing

/// What Scripts/bench measures on: captures that hold what is said of them.
@Suite("Captures of the benchmark are what they are said to be") struct BenchmarkCapturesTests {
  private struct Truth: Decodable {
    var packets: Int
    var exchanges: Int
    var missing: Int
    var placeholder: Int
  }

  private static let none: Set = [
    "placeholder", "stringified", "unexpanded", "scheme-only", "empty",
  ]

  private func make(_ options: [String], in folder: Folder) throws -> String {
    let path = folder.path + "/out"
    let result = try Executable.run(
      ["make", options[0], path] + options.dropFirst(), tool: Executable.built("benchmark-captures")
    )
    #expect(result.code == 0, "\(result.errors)")
    return path
  }

  @Test(arguments: [
    "llm --size 1M --connections 8", "small --size 200K",
    "llm --size 1M --connections 8 --disorder 2 --retransmit 1",
    "llm --size 1M --connections 8 --format pcapng --link sll2",
  ])
  func areJudgedAsTheirTruth(_ options: String) throws {
    let options = options.split(separator: " ").map(String.init)
    let path = try make(options, in: Folder())
    let truth = try Decoding.json(Truth.self, Folder.bytes(path + ".truth.json"))
    let records = try Executable.export(["--proxy", "any", path])
    #expect(records.requests.count == truth.exchanges)
    #expect(records.verdicts.count { $0 == "missing" } == truth.missing)
    #expect(records.verdicts.count { Self.none.contains($0) } == truth.placeholder)
    #expect(records.kind("ledger").first?.payloadBytes?.unexplained == 0)

    let counted = try Executable.run(["count", path], tool: Executable.built("benchmark-captures"))
    #expect(counted.output.hasPrefix("\(truth.packets) packets, "))
    #expect(try Folder.bytes(make(options, in: Folder())) == Folder.bytes(path))
  }
}
