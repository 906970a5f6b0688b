import Foundation
import TestSupport
import Testing

/// The captures that come with the project, against what their clients wrote down.
@Suite("Recorded captures give what their clients noted") struct RecordedCapturesTests {
  struct Expectation: Decodable {
    struct Exchange: Decodable, Hashable {
      var method: String
      var target: String
      var status: Int?
      var verdict: String?
      var userAgentPrefix: String?
    }

    struct Server: Decodable {
      var server: String
      var exchanges: [Exchange]
    }

    var expectKey: String?
    var checkExit: Int32
    var unordered: Bool?
    var exchanges: [Exchange]
    var otherServers: [Server]?
  }

  static let folder = Executable.root + "/Captures"

  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".expect.json") }.map { String($0.dropLast(12)) }.sorted()

  let variable = "KEYWITNESS_TEST_KEY"

  private func expectation(_ name: String) throws -> Expectation {
    try Decoding.json(Expectation.self, Folder.bytes("\(Self.folder)/\(name).expect.json"))
  }

  private func arguments(_ name: String, _ expectation: Expectation) -> [String] {
    (expectation.expectKey == nil ? [] : ["--expect-key", "env:\(variable)"])
      + ["\(Self.folder)/\(name).pcap"]
  }

  private func environment(_ expectation: Expectation) -> [String: String] {
    expectation.expectKey.map { [variable: $0] } ?? [:]
  }

  private func told(_ record: Record, withVerdict: Bool) -> Expectation.Exchange {
    Expectation.Exchange(
      method: record.request?.method ?? "?", target: record.request?.target ?? "?",
      status: record.response?.status,
      verdict: withVerdict ? record.credential?.verdict : nil)
  }

  private func plain(_ exchange: Expectation.Exchange) -> Expectation.Exchange {
    var exchange = exchange
    exchange.userAgentPrefix = nil
    return exchange
  }

  private func sorted(_ exchanges: [Expectation.Exchange]) -> [Expectation.Exchange] {
    exchanges.sorted {
      ($0.method, $0.target, $0.status ?? 0, $0.verdict ?? "")
        < ($1.method, $1.target, $1.status ?? 0, $1.verdict ?? "")
    }
  }

  @Test func atLeastEightScenariosAreThere() {
    #expect(Self.names.count >= 8)
  }

  @Test(arguments: names) func checkEndsWithTheNotedCode(_ name: String) throws {
    let expectation = try expectation(name)
    let result = try Executable.run(
      ["check"] + arguments(name, expectation), environment: environment(expectation))
    #expect(result.code == expectation.checkExit, "\(result.output)\(result.errors)")
  }

  @Test(arguments: names) func exportTellsTheProxysExchanges(_ name: String) throws {
    let expectation = try expectation(name)
    let records = try Executable.export(
      arguments(name, expectation), environment: environment(expectation))
    let proxies = records.kind("ledger").first?.proxies ?? []
    let seen = records.requests.filter { proxies.contains($0.server ?? "") }
      .map { told($0, withVerdict: true) }
    let noted = expectation.exchanges.map(plain)
    if expectation.unordered == true {
      #expect(sorted(seen) == sorted(noted))
    } else {
      #expect(seen == noted)
    }
  }

  @Test(arguments: names) func exchangesOfOtherServersAreLeftOut(_ name: String) throws {
    let expectation = try expectation(name)
    let records = try Executable.export(
      arguments(name, expectation), environment: environment(expectation))
    let proxies = records.kind("ledger").first?.proxies ?? []
    let others = records.requests.filter { !proxies.contains($0.server ?? "") }
    let noted = expectation.otherServers ?? []
    #expect(Set(others.compactMap(\.server)) == Set(noted.map(\.server)))
    for server in noted {
      #expect(
        others.filter { $0.server == server.server }.map { told($0, withVerdict: false) }
          == server.exchanges.map(plain))
    }
  }

  @Test(arguments: names) func clientsAreTheNotedOnes(_ name: String) throws {
    let expectation = try expectation(name)
    guard expectation.unordered != true else { return }
    let records = try Executable.export(
      arguments(name, expectation), environment: environment(expectation))
    let proxies = records.kind("ledger").first?.proxies ?? []
    let agents = records.requests.filter { proxies.contains($0.server ?? "") }
      .map { $0.request?.header("user-agent") ?? "" }
    try #require(agents.count == expectation.exchanges.count)
    for (agent, exchange) in zip(agents, expectation.exchanges) {
      #expect(agent.hasPrefix(exchange.userAgentPrefix ?? ""))
    }
  }

  @Test(arguments: names) func everyByteIsAccountedFor(_ name: String) throws {
    let ledger = try #require(
      try Executable.export(["\(Self.folder)/\(name).pcap"]).kind("ledger").first)
    #expect(ledger.payloadBytes?.unexplained == 0)
  }

  @Test func namingTheProxysPortGivesTheSameVerdict() throws {
    let expectation = try expectation("both-legs")
    let result = try Executable.run(
      ["check", "--proxy", ":4000"] + arguments("both-legs", expectation),
      environment: environment(expectation))
    #expect(result.code == 0)
  }

  @Test func theProvidersSideIsAViolationWhereEveryServerCounts() throws {
    let expectation = try expectation("both-legs")
    let result = try Executable.run(
      ["check", "--proxy", "any"] + arguments("both-legs", expectation),
      environment: environment(expectation))
    #expect(result.code == 1)
    #expect(result.output.contains("wrong-key"))
  }
}
