import TestSupport
import Testing

/// Traffic of real clients with the real LiteLLM. It lies outside of the repository: where
/// KEYWITNESS_CORPORA names no folder, these tests are skipped, and say so.
@Suite(
  "Real captures are judged rightly",
  .enabled(
    if: Executable.corpora != nil, "KEYWITNESS_CORPORA isn't set: the real captures are absent")
)
struct RealCapturesTests {
  private func check(_ name: String, _ arguments: [String] = []) throws -> Executable.Result {
    try Executable.run(
      ["check"] + arguments + ["\(Executable.corpora ?? "")/captures/\(name).pcap"],
      environment: ["EXPECTED": "sk-bytebot-master-0123456789abcdef"])
  }

  @Test(arguments: [
    ("bytebot-broken", 1), ("bytebot-broken-nodb", 1), ("bytebot-mixed-models-fixed", 1),
    ("bytebot-mixed-chat-fixed", 1), ("bytebot-fixed-wrong-key", 1),
    ("bytebot-fixed-undefined-key", 1), ("bytebot-fixed-doubled-bearer", 1),
    ("bytebot-fixed", 0), ("bytebot-fixed-both-legs", 0), ("bytebot-fixed-big-screenshot", 0),
    ("ipv6", 1), ("any-sll2", 0), ("empty", 5), ("tls13-bytebot-fixed", 4), ("zero-bytes", 3),
  ])
  func checkEndsWith(_ name: String, _ code: Int32) throws {
    let result = try check(name, ["--expect-key", "env:EXPECTED"])
    #expect(result.code == code, "\(result.output)\(result.errors)")
  }

  @Test func aDatagramThatLacksAFragmentIsADoubt() throws {
    let file = "\(Executable.corpora ?? "")/corpora/semantics/pcap/ipfrag-interleaved-ids.pcap"
    #expect(try Executable.run(["check", "--proxy", "any", file]).code == 4)
  }

  @Test func tlsWithoutKeysIsNoVerdict() throws {
    // What the corpus calls tls13-nokeys: this capture, without its key log.
    #expect(try check("tls13-bytebot-fixed").code == 4)
  }

  @Test(arguments: ["gap-request-head", "snap96"])
  func whatIsNotSeenDoesNotPass(_ name: String) throws {
    #expect(try check(name, ["--expect-key", "env:EXPECTED"]).code != 0)
  }

  @Test func theBrokenAgentsReportNamesBothClients() throws {
    let report = try check("bytebot-broken").output
    #expect(report.contains("2 clients at fault"))
    #expect(report.contains("fetch built into node"))
    #expect(report.contains("OpenAI/JS 5.8.2"))
  }

  @Test func theBrokenAgentsReportNamesBothFaults() throws {
    let lines = try check("bytebot-broken").output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("A  missing") && $0.contains("2 × GET /model/info") })
    #expect(
      lines.contains { $0.hasPrefix("B  placeholder") && $0.contains("1 × POST /chat/completions") }
    )
  }

  @Test func theBrokenAgentsReportNamesBothPlaces() throws {
    let report = try check("bytebot-broken").output
    #expect(report.contains("packages/bytebot-agent/src/tasks/tasks.controller.ts"))
    #expect(report.contains("getModels()"))
    #expect(report.contains("packages/bytebot-agent/src/proxy/proxy.service.ts"))
    #expect(report.contains("constructor"))
  }

  @Test func theBrokenAgentsReportSaysWhatToChange() throws {
    let report = try check("bytebot-broken").output
    #expect(report.contains("Change: give this fetch  headers: { Authorization: `Bearer ${key}` }"))
    #expect(report.contains("Change: new OpenAI({ apiKey:"))
  }

  @Test func theBrokenAgentsReportShowsWhatTheProxyAnswered() throws {
    let report = try check("bytebot-broken").output
    #expect(report.contains("401 No api key passed in."))
    #expect(report.contains("Bearer dummy-key-for-proxy"))
  }

  @Test func ofAHalfCuredAgentOnlyTheOtherClientIsNamed() throws {
    let report = try check("bytebot-mixed-models-fixed").output
    #expect(report.contains("1 client at fault"))
    #expect(!report.contains("tasks.controller.ts"))
    #expect(report.contains("proxy.service.ts"))
  }

  @Test func listJoinsBothLegs() throws {
    let file = "\(Executable.corpora ?? "")/captures/bytebot-fixed-both-legs.pcap"
    let result = try Executable.run(["list", file])
    let lines = result.output.split(separator: "\n")
    for (upstream, request) in [(3, 2), (5, 4), (7, 6)] {
      #expect(lines[upstream].contains(":4999"))
      #expect(lines[upstream].hasSuffix("[upstream of \(request)]"))
    }
    #expect(lines.count { $0.contains("upstream of") } == 3)
    #expect(
      lines.last == "4 requests, 4 calls, 33+21 tokens in 3 answers, 3 upstream requests")
  }

  @Test func eventsOfHTTP2HaveTheirTimes() throws {
    let file = "\(Executable.corpora ?? "")/captures/h2c-curl.pcap"
    let streams = try Executable.export([file]).requests.filter { $0.llm?.stream == true }
    #expect(!streams.isEmpty)
    for record in streams {
      #expect(record.llm?.timeToFirstEvent ?? 0 > 0)
      #expect(record.llm?.eventGaps?.count == (record.response?.events ?? 0) - 1)
    }
  }

  @Test func listTellsRetries() throws {
    let file = "\(Executable.corpora ?? "")/captures/node-openai-stream-retry.pcap"
    let records = try Executable.export([file]).requests
    #expect(records.map(\.llm?.attempt) == [1, 1, 2, 3, 1, 2, 3, 1, 1])
    #expect(records.map(\.llm?.call) == [1, 2, 2, 2, 3, 3, 3, 4, 5])
  }
}
