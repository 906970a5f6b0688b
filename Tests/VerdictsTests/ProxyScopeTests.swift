import Exchanges
import Redaction
import TestSupport
import Testing
import Wire

@testable import Verdicts

/// Which servers count as the proxy, when nobody says and when somebody does.
@Suite("The proxy is recognised in three steps") struct ProxyScopeTests {
  private struct Sink: ExchangeSink {
    var judge: CaptureJudge
    var redactor = Redactor()

    mutating func began(_ source: CaptureSource) {}

    mutating func take(_ exchange: Exchange, in store: CaptureStore) {
      _ = judge.take(exchange, in: store, &redactor)
    }
  }

  private func judgement(_ packets: [Packet], _ selectors: [String] = []) throws -> Judgement {
    let file = try ScratchFile(packets: packets)
    let options = CheckOptions(selectors: try selectors.map { try ProxySelector($0) })
    var sink = Sink(judge: CaptureJudge(options))
    var reconstructor = try Reconstructor(files: [file.path])
    let ledger = reconstructor.run(into: &sink)
    return sink.judge.finish(file: "test.pcap", ledger, &sink.redactor)
  }

  private func servers(_ packets: [Packet], _ selectors: [String] = []) throws -> [String] {
    try judgement(packets, selectors).scope.servers.map(\.server.description)
  }

  /// A proxy by its answer, one by its paths, and a web server.
  private func mixed(marks: Bool, paths: Bool) -> [Packet] {
    var dialogue = Dialogue()
    if marks {
      dialogue.ask(
        "GET", "/x", answer: Dialogue.answer(fields: ["x-litellm-version: 1"]), server: "10.0.0.2",
        port: 4000)
    }
    if paths { dialogue.ask("POST", "/v1/chat/completions", server: "10.0.0.3", port: 8000) }
    dialogue.ask("GET", "/index.html", server: "10.0.0.4", port: 80)
    return dialogue.packets
  }

  private func tls(_ server: String, port: UInt16 = 443) -> [Packet] {
    var talk = Conversation(
      clientPort: 45_000, server: server, serverPort: port,
      startingAt: 1_700_000_500_000_000_000)
    let hello: [UInt8] =
      [1, 0, 0, 41, 3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 2, 0x13, 1, 1, 0]
    talk.client([22, 3, 1, 0, UInt8(hello.count)] + hello)
    talk.server([22, 3, 3, 0, 4, 2, 0, 0, 0])
    talk.client([23, 3, 3, 0, 8] + [UInt8](repeating: 0x55, count: 8))
    talk.close()
    return talk.packets()
  }

  // MARK: Nobody says

  @Test func marksComeFirst() throws {
    #expect(try servers(mixed(marks: true, paths: true)) == ["10.0.0.2:4000"])
  }

  @Test func pathsOfModelAPIsComeSecond() throws {
    #expect(try servers(mixed(marks: false, paths: true)) == ["10.0.0.3:8000"])
  }

  @Test func otherServersAreNoProxy() throws {
    #expect(try servers(mixed(marks: false, paths: false)).isEmpty)
  }

  @Test func shutTLSComesThird() throws {
    #expect(
      try servers(mixed(marks: false, paths: false) + tls("10.0.0.5")) == ["10.0.0.5:443"])
  }

  @Test func shutTLSOfAnotherServerDoesNotMatterBesideAProxy() throws {
    #expect(
      try servers(mixed(marks: true, paths: false) + tls("10.0.0.5")) == ["10.0.0.2:4000"])
  }

  @Test func shutTLSToTheProxyDoesMatter() throws {
    let judgement = try judgement(
      mixed(marks: true, paths: false) + tls("10.0.0.2", port: 4000))
    #expect(judgement.result != .passed)
    #expect(!judgement.doubts.isEmpty)
  }

  @Test(arguments: ["/model/info", "/v1/model/info", "/model_group/info"])
  func pathThatOnlyLiteLLMHasIsAMark(_ path: String) throws {
    var dialogue = Dialogue()
    dialogue.ask("GET", path)
    dialogue.ask("POST", "/v1/chat/completions", server: "10.0.0.3", port: 8000)
    #expect(try servers(dialogue.packets) == ["10.0.0.2:4000"])
  }

  @Test func errorBodyOfLiteLLMIsAMark() throws {
    var dialogue = Dialogue()
    dialogue.ask("GET", "/x", answer: Dialogue.noKey)
    dialogue.ask("POST", "/v1/chat/completions", server: "10.0.0.3", port: 8000)
    #expect(try servers(dialogue.packets) == ["10.0.0.2:4000"])
  }

  @Test func errorBodyOfAWebServerIsNoMark() throws {
    var dialogue = Dialogue()
    dialogue.ask(
      "GET", "/x", answer: Dialogue.answer("404 Not Found", body: #"{"detail":"Not Found"}"#))
    #expect(try servers(dialogue.packets).isEmpty)
  }

  @Test func openAIsOwnRefusalIsNoMark() throws {
    var dialogue = Dialogue()
    dialogue.ask("GET", "/model/info")
    dialogue.ask(
      "POST", "/v1/chat/completions",
      answer: Dialogue.answer(
        "401 Unauthorized",
        body: #"{"error":{"message":"Incorrect API key provided: sk-x.","#
          + #""type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#),
      server: "10.0.0.3", port: 8000)
    #expect(try servers(dialogue.packets) == ["10.0.0.2:4000"])
  }

  @Test(arguments: [
    "/v1/chat/completions", "/chat/completions", "/v1/messages", "/v1/embeddings", "/v1/responses",
    "/v1/models", "/models",
  ])
  func pathsOfOpenAIsAndAnthropicsKind(_ path: String) throws {
    var dialogue = Dialogue()
    dialogue.ask("POST", path, server: "10.0.0.3", port: 8000)
    #expect(try servers(dialogue.packets) == ["10.0.0.3:8000"])
  }

  @Test func serversLeftOutAreKept() throws {
    let scope = try judgement(mixed(marks: true, paths: true)).scope
    #expect(scope.others.map(\.server.description) == ["10.0.0.3:8000", "10.0.0.4:80"])
    #expect(scope.others.allSatisfy { $0.requests == 1 })
  }

  @Test func noWebServerIsAccused() throws {
    let judgement = try judgement(mixed(marks: true, paths: true))
    #expect(judgement.exchanges.allSatisfy { $0.server.description == "10.0.0.2:4000" })
    #expect(judgement.faults.flatMap(\.exchanges) == [1])
  }

  // MARK: Somebody says

  private static let named: [(selectors: [String], servers: [String])] = [
    (["10.0.0.4"], ["10.0.0.4:80"]), ([":8000"], ["10.0.0.3:8000"]),
    (["http://10.0.0.4"], ["10.0.0.4:80"]),
    (["10.0.0.3:8000", ":80"], ["10.0.0.3:8000", "10.0.0.4:80"]),
    (["any"], ["10.0.0.2:4000", "10.0.0.3:8000", "10.0.0.4:80"]), (["10.0.0.9"], []),
    ([":9999"], []),
  ]

  @Test(arguments: named)
  func namedServers(_ selectors: [String], _ expected: [String]) throws {
    #expect(try servers(mixed(marks: true, paths: true), selectors) == expected)
  }

  @Test func nameInTheHostHeader() throws {
    var dialogue = Dialogue()
    dialogue.ask("GET", "/a", host: "litellm.example.com:4000")
    dialogue.ask("GET", "/b", server: "10.0.0.3", host: "other.example.com:4000")
    #expect(try servers(dialogue.packets, ["litellm.example.com"]) == ["10.0.0.2:4000"])
  }

  @Test func nothingNamedIsThereTestsNothing() throws {
    let judgement = try judgement(mixed(marks: true, paths: true), ["10.0.0.9"])
    #expect(judgement.result == .nothingTested)
  }
}
