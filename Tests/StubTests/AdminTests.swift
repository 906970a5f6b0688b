import LiteLLM
import Redaction
import Synchronization
import Testing

@testable import Stub

/// What the admin listener tells, and whom.
@Suite struct AdminTests {
  private static let key = "sk-stand-in-for-tests"
  private static let ask = "GET /v1/models HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"

  private func stub(
    judgedBy verdict: StubOptions.Verdict? = nil, _ body: (StubServer) async throws -> Void
  ) async throws {
    var configuration = ProxyConfiguration()
    configuration.masterKey = Self.key
    var options = StubOptions(proxy: Proxy(profile: .v106, configuration: configuration))
    options.port = 0
    options.adminToken = "token-of-the-tests"
    options.verdict = verdict
    let server = try StubServer(options)
    defer { server.stop(grace: 0) }
    try await body(server)
  }

  private func admin(
    _ server: StubServer, _ request: String, token: String? = "token-of-the-tests"
  ) async throws -> WireClient.Received {
    let field = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
    return try await WireClient.exchange(
      server.adminPort, "\(request) HTTP/1.1\r\nHost: a\r\n\(field)\r\n")
  }

  private func sendTwo(_ server: StubServer) async throws {
    _ = try await WireClient.exchange(
      server.port, Self.ask + "Authorization: Bearer \(Self.key)\r\n\r\n")
    _ = try await WireClient.exchange(server.port, Self.ask + "\r\n")
  }

  @Test func itTellsWhatCameWithoutAnyKey() async throws {
    try await stub { server in
      try await sendTwo(server)
      let told = try await admin(server, "GET /__keywitness/requests")
      #expect(told.status == 200 && told.content.contains(#"["authorization","Bearer key#1"]"#))
      #expect(told.content.contains(#""status":200"#) && told.content.contains(#""status":401"#))
      #expect(!told.text.contains(Self.key))
    }
  }

  @Test func nobodyWithoutTheToken() async throws {
    try await stub { server in
      for path in ["requests", "counts", "metrics", "verdict"] {
        #expect(try await admin(server, "GET /__keywitness/\(path)", token: nil).status == 401)
        #expect(try await admin(server, "GET /__keywitness/\(path)", token: "x").status == 401)
      }
      #expect(try await admin(server, "GET /__keywitness/health", token: nil).status == 200)
      // An agent's port has none of it.
      let there = try await WireClient.exchange(
        server.port, "GET /__keywitness/requests HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      #expect(there.status == 404)
    }
  }

  @Test func countsAndMetrics() async throws {
    try await stub { server in
      try await sendTwo(server)
      let counts = try await admin(server, "GET /__keywitness/counts")
      #expect(counts.content.contains(#""requests":2,"faults":0"#))
      let metrics = try await admin(server, "GET /__keywitness/metrics")
      #expect(
        metrics.content.contains(
          #"keywitness_stub_requests_total{method="GET",path="/v1/models",status="401"} 1"#))
      #expect(try await admin(server, "POST /__keywitness/reset").status == 200)
      let reset = try await admin(server, "GET /__keywitness/counts")
      #expect(reset.content.contains(#""requests":0"#))
    }
  }

  @Test func requestsThatComeAgainAreCountedEachTime() async throws {
    try await stub { server in
      let one = "GET /v1/models HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(Self.key)\r\n\r\n"
      let last = one.replacing("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n")
      let answers = try await WireClient.exchange(server.port, one + one + one + last)
      #expect(answers.text.split(separator: "HTTP/1.1 200 OK").count == 4)
      let told = try await admin(server, "GET /__keywitness/counts")
      #expect(told.content.contains(#""path":"/v1/models","status":200,"requests":4"#))
    }
  }

  @Test func aVerdictIsWaitedFor() async throws {
    // Three times not all is judged yet.
    let asked = Mutex(0)
    let verdict: StubOptions.Verdict = { answered, waits in
      let times = asked.withLock {
        $0 += 1
        return $0
      }
      return times <= 3
        ? nil
        : StubOptions.Told(
          passes: false, json: Array(#"{"answered":\#(answered),"waits":\#(waits)}"#.utf8))
    }
    try await stub(judgedBy: verdict) { server in
      try await sendTwo(server)
      let told = try await admin(server, "GET /__keywitness/verdict")
      #expect(told.status == 409 && told.content == #"{"answered":2,"waits":true}"#)
      #expect(asked.withLock { $0 } == 4)
    }
  }

  @Test func aResetBeginsAnotherEra() {
    var options = StubOptions(
      proxy: Proxy(profile: .v106, configuration: ProxyConfiguration()))
    options.clock = .fixed(1)
    let service = StubService(options)
    let before = service.era
    #expect(before != nil && before == service.era)
    // What was counted at a place isn't any more.
    service.journal.reset()
    #expect(service.era != before)
  }

  @Test func withoutAJudgeThereIsNoVerdict() async throws {
    try await stub { server in
      let verdict = try await admin(server, "GET /__keywitness/verdict")
      #expect(verdict.status == 409 && verdict.content.contains("--policy"))
    }
  }
}
