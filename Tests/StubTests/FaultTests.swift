import LiteLLM
import NIOCore
import Testing

@testable import Stub

/// Each fault as a client sees it, over a socket.
@Suite struct FaultTests {
  private static func duration(_ text: String) -> Int64? {
    text.hasSuffix("ms") ? Int64(text.dropLast(2)).map { $0 * 1_000_000 } : nil
  }

  private static let chat = #"{"model":"mock-gpt","messages":[{"role":"user","content":"hi"}]}"#
  private static let stream =
    #"{"model":"mock-gpt","messages":[{"role":"user","content":"hi"}],"stream":true}"#

  /// What comes back from a stub with these faults, one connection a request.
  private func received(
    _ faults: [String], _ body: String = Self.chat, count: Int = 1, seconds: Int64 = 60,
    asking field: String = "", allowsFaultHeader: Bool = false
  ) async throws -> [WireClient.Received] {
    var configuration = ProxyConfiguration()
    configuration.masterKey = "sk-stand-in-for-tests"
    configuration.models = [
      .init(
        name: "mock-gpt", deployment: "openai/mock-gpt", mockResponse: "This is a mock response")
    ]
    var options = StubOptions(
      proxy: Proxy(profile: .v106, configuration: configuration))
    options.port = 0
    options.faults = try faults.map { try FaultRule.parse($0, nanoseconds: Self.duration) }
    if allowsFaultHeader { options.faultDurations = Self.duration }
    let server = try StubServer(options)
    defer { server.stop(grace: 0) }
    var answers: [WireClient.Received] = []
    for _ in 0..<count {
      answers.append(
        try await WireClient.exchange(
          server.port,
          "POST /chat/completions HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
            + "Authorization: Bearer sk-stand-in-for-tests\r\nContent-Type: application/json\r\n\(field)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)", seconds: seconds))
    }
    return answers
  }

  @Test func withoutAFaultTheAnswerIsWhole() async throws {
    let plain = try await received([])[0]
    #expect(plain.status == 200 && plain.content.contains("This is a mock response"))
    let stream = try await received([], Self.stream)[0]
    #expect(stream.status == 200 && stream.content.hasSuffix("data: [DONE]\n\n\r\n0\r\n\r\n"))
  }

  @Test(arguments: [401, 429, 500, 503])
  func statuses(_ status: Int) async throws {
    let answer = try await received(["\(status)"])[0]
    #expect(answer.status == status)
    #expect(answer.text.contains("\r\nretry-after: 1\r\n") == (status == 429))
    #expect(answer.content.contains(#""code":"\#(status)""#))
  }

  @Test func resets() async throws {
    let before = try await received(["reset-before"])[0]
    #expect(before.wasReset && before.bytes.isEmpty)
    let midway = try await received(["reset-midway"], Self.stream)[0]
    #expect(!midway.text.contains("[DONE]"))
    #expect(midway.wasReset || midway.status == 200)
  }

  @Test func aRefusedConnectionIsResetBeforeAnything() async throws {
    let answers = try await received(["refuse nth=2"], count: 3)
    #expect(answers.map(\.status) == [200, nil, 200])
    #expect(answers[1].wasReset && answers[1].bytes.isEmpty)
  }

  @Test func aRequestAsksForItsOwnFault() async throws {
    let field = "x-keywitness-fault: 429 retry-after=2000ms\r\n"
    let asked = try await received([], asking: field, allowsFaultHeader: true)[0]
    #expect(asked.status == 429 && asked.text.contains("\r\nretry-after: 2\r\n"))
    // Only where that is allowed.
    #expect(try await received([], asking: field)[0].status == 200)
    let wrong = try await received(
      [], asking: "x-keywitness-fault: explode\r\n", allowsFaultHeader: true)[0]
    #expect(wrong.status == 400 && wrong.content.contains("explode is no fault"))
  }

  @Test func everyFaultIsReadByItsName() throws {
    for fault in Fault.all {
      let rule = try FaultRule.parse(fault.name, nanoseconds: Self.duration)
      #expect(rule.fault.name == fault.name)
    }
  }

  @Test func aCutAnswerEndsInItsMiddle() async throws {
    let plain = try await received(["cut"])[0]
    #expect(plain.status == 200 && !plain.wasReset && !plain.isOpen)
    #expect(!plain.content.isEmpty && !plain.content.hasSuffix("}"))
    let stream = try await received(["cut"], Self.stream)[0]
    #expect(stream.content.contains("data: ") && !stream.content.hasSuffix("0\r\n\r\n"))
  }

  @Test func aStalledAnswerStaysOpen() async throws {
    let answer = try await received(["stall"], Self.stream, seconds: 10)[0]
    #expect(answer.isOpen && answer.status == 200 && !answer.text.contains("[DONE]"))
  }

  @Test func slowness() async throws {
    let late = try await received(["slow-first-byte by=300ms"])[0]
    #expect(late.times.first ?? 0 >= 290_000_000)
    let drip = try await received(["drip by=1ms"])[0]
    #expect(drip.times.count > 100 && drip.content.hasSuffix("}"))
  }

  @Test func brokenStreams() async throws {
    let missing = try await received(["missing-done"], Self.stream)[0]
    #expect(!missing.text.contains("[DONE]") && missing.content.hasSuffix("0\r\n\r\n"))
    let malformed = try await received(["malformed-event"], Self.stream)[0]
    #expect(
      malformed.text.contains("data: {\"choices\": [\n\n") && malformed.text.contains("[DONE]"))
    let error = try await received(["error-event"], Self.stream)[0]
    #expect(error.status == 200 && error.text.contains(#"data: {"error": {"message""#))
    #expect(!error.text.contains("[DONE]"))
  }

  @Test func wrongLabels() async throws {
    let html = try await received(["wrong-content-type"])[0]
    #expect(html.text.contains("content-type: text/html; charset=utf-8\r\n"))
    #expect(!html.text.contains("application/json"))
    let gzip = try await received(["truncated-gzip"])[0]
    #expect(gzip.text.contains("content-encoding: gzip\r\n"))
    #expect(gzip.bytes.suffix(4) != [0x7D, 0, 0, 0])
  }

  @Test func theNthRequestOnly() async throws {
    let answers = try await received(["429 nth=1,3"], count: 4)
    #expect(answers.map(\.status) == [429, 200, 429, 200])
  }

  @Test func otherPathsAndMethodsAreSpared() async throws {
    #expect(try await received(["500 path=/model/*"])[0].status == 200)
    #expect(try await received(["500 method=GET"])[0].status == 200)
    #expect(try await received(["500 path=/chat/* method=POST"])[0].status == 500)
  }

  @Test func aRateIsSeeded() {
    func hits(_ seed: UInt64) -> [Bool] {
      var rule = FaultRule(.cut)
      rule.rate = 0.2
      var plan = FaultPlan([rule], seed: seed)
      return (0..<1000).map { _ in plan.fault(method: "GET", path: "/") != nil }
    }
    #expect(hits(1) == hits(1))
    #expect(hits(1) != hits(2))
    #expect(150...250 ~= hits(1).count { $0 })
  }

  @Test(arguments: [
    ("", "an empty fault"), ("explode", "explode is no fault"), ("cut nth=0", "nth=0"),
    ("cut rate=2", "rate=2"), ("cut now", "now: write NAME=VALUE"),
    ("429 retry-after=soon", "retry-after=soon"), ("cut by=1ms", "by= is unknown to cut"),
  ])
  func mistakesAreNamed(_ text: String, _ message: String) {
    #expect {
      try FaultRule.parse(text, nanoseconds: Self.duration)
    } throws: {
      "\($0)".contains(message)
    }
  }
}
