import Foundation
import TestSupport
import Testing

/// The captures that come with the project, against what their clients wrote down.
@Suite("Recorded captures give what their clients noted") struct RecordedCapturesTests {
  struct Expectation: Decodable {
    struct WebSocket: Decodable, Hashable {
      var fromClient: Int?
      var fromServer: Int?
      var closedBy: String?
      var closeCode: Int?
    }

    struct Exchange: Decodable, Hashable {
      var method: String
      var target: String
      var status: Int?
      var verdict: String?
      var userAgentPrefix: String?
      // What not every client notes.
      var `protocol`: String?
      var events: Int?
      var decodedSha256: String?
      var websocket: WebSocket?

      /// What every client notes.
      var plain: Exchange {
        Exchange(method: method, target: target, status: status, verdict: verdict)
      }
    }

    /// Where the keys of TLS are.
    enum Keys: String, Decodable {
      case beside, inside
    }

    struct Server: Decodable {
      var server: String
      var exchanges: [Exchange]
    }

    var expectKey: String?
    var checkExit: Int32
    var keys: Keys?
    var unordered: Bool?
    var exchanges: [Exchange]
    var otherServers: [Server]?
  }

  static let folder = Executable.root + "/Captures"

  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".expect.json") }.map { String($0.dropLast(12)) }.sorted()

  /// Those that open with keys.
  static let sealed: [String] = names.filter { (try? expectation($0).keys) != nil }

  let variable = "KEYWITNESS_TEST_KEY"

  private func expectation(_ name: String) throws -> Expectation { try Self.expectation(name) }

  private static func expectation(_ name: String) throws -> Expectation {
    try Decoding.json(Expectation.self, Folder.bytes("\(folder)/\(name).expect.json"))
  }

  private func path(_ name: String, _ expectation: Expectation) -> String {
    let pcap = "\(Self.folder)/\(name).pcap"
    return FileManager.default.fileExists(atPath: pcap) ? pcap : "\(pcap)ng"
  }

  private func key(_ expectation: Expectation) -> [String] {
    expectation.expectKey == nil ? [] : ["--expect-key", "env:\(variable)"]
  }

  private func opened(_ name: String, _ expectation: Expectation) -> [String] {
    (expectation.keys == .beside ? ["--keylog", "\(Self.folder)/\(name).keylog"] : [])
      + [path(name, expectation)]
  }

  private func arguments(_ name: String, _ expectation: Expectation) -> [String] {
    key(expectation) + opened(name, expectation)
  }

  private func environment(_ expectation: Expectation) -> [String: String] {
    expectation.expectKey.map { [variable: $0] } ?? [:]
  }

  /// The proxy's requests, in the order of their words where they ran at once.
  private func proxied(_ records: [Record], _ expectation: Expectation) -> [Record] {
    let proxies = records.kind("ledger").first?.proxies ?? []
    let seen = records.requests.filter { proxies.contains($0.server ?? "") }
    guard expectation.unordered == true else { return seen }
    return seen.sorted { isBefore(told($0, withVerdict: true), told($1, withVerdict: true)) }
  }

  private func told(_ record: Record, withVerdict: Bool) -> Expectation.Exchange {
    Expectation.Exchange(
      method: record.request?.method ?? "?", target: record.request?.target ?? "?",
      status: record.response?.status,
      verdict: withVerdict ? record.credential?.verdict : nil)
  }

  private func noted(_ expectation: Expectation) -> [Expectation.Exchange] {
    guard expectation.unordered == true else { return expectation.exchanges }
    return expectation.exchanges.sorted(by: isBefore)
  }

  private func isBefore(_ first: Expectation.Exchange, _ second: Expectation.Exchange) -> Bool {
    (first.method, first.target, first.status ?? 0, first.verdict ?? "")
      < (second.method, second.target, second.status ?? 0, second.verdict ?? "")
  }

  /// A pcapng without its decryption secrets blocks (type 0x0a).
  private func withoutSecrets(_ bytes: [UInt8]) throws -> [UInt8] {
    func word(_ offset: Int) -> Int {
      bytes[offset..<(offset + 4)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    try #require(bytes.count >= 12 && word(8) == 0x1a2b_3c4d, "a little-endian pcapng")
    var rest: [UInt8] = []
    var offset = 0
    while offset + 12 <= bytes.count {
      let end = offset + word(offset + 4)
      try #require(end >= offset + 12 && end <= bytes.count)
      if word(offset) != 0x0a { rest += bytes[offset..<end] }
      offset = end
    }
    return rest
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
    let seen = proxied(records, expectation).map { told($0, withVerdict: true) }
    #expect(seen == noted(expectation).map(\.plain))
  }

  @Test(arguments: names) func contentsAreTheNotedOnes(_ name: String) throws {
    let expectation = try expectation(name)
    let records = try Executable.export(
      arguments(name, expectation), environment: environment(expectation))
    let seen = proxied(records, expectation)
    try #require(seen.count == expectation.exchanges.count)
    for (record, noted) in zip(seen, noted(expectation)) {
      #expect(record.tls == (expectation.keys != nil))
      if let version = noted.protocol { #expect(record.protocol == version) }
      if let events = noted.events { #expect(record.response?.events == events) }
      if let digest = noted.decodedSha256 {
        #expect(record.response?.body.decodedSha256 == digest)
      }
      let webSocket = record.websocket.map {
        Expectation.WebSocket(
          fromClient: $0.fromClient, fromServer: $0.fromServer, closedBy: $0.closedBy,
          closeCode: $0.closeCode)
      }
      #expect(webSocket == noted.websocket)
    }
  }

  @Test func someClientsNotedWhatIsInside() throws {
    let noted = try Self.names.flatMap { try expectation($0).exchanges }
    #expect(noted.contains { $0.protocol == "HTTP/2" })
    #expect(noted.contains { $0.events ?? 0 > 0 })
    #expect(noted.contains { $0.websocket?.fromServer ?? 0 > 0 })
    #expect(Self.sealed.count >= 4)
  }

  @Test(arguments: sealed) func withoutTheKeysNothingIsJudged(_ name: String) throws {
    let expectation = try expectation(name)
    var bytes = try Folder.bytes(path(name, expectation))
    if expectation.keys == .inside { bytes = try withoutSecrets(bytes) }
    let shut = try TemporaryFile(bytes)
    let result = try Executable.run(
      ["check"] + key(expectation) + [shut.path], environment: environment(expectation))
    #expect(result.code == 4, "\(result.output)\(result.errors)")
    #expect(try Executable.export([shut.path]).requests.isEmpty)
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
          == server.exchanges.map(\.plain))
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
    let arguments = try opened(name, expectation(name))
    let ledger = try #require(try Executable.export(arguments).kind("ledger").first)
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
