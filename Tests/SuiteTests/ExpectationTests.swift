import Suite
import Testing
import Verdicts

import struct Suite.Expectation

/// What is written down is what is read.
@Suite struct ExpectationTests {
  private static func request(_ name: String) -> Expectation.Request {
    var request = Expectation.Request(name: name, verdict: "ok", outcome: "complete 200")
    request.replayed = "200 matched"
    request.sent.fields = ["host: a", "x: \"quoted\" \\ and: more", "empty:", "# no comment"]
    request.sent.content = "2 bytes, sha256 00"
    var answer = Expectation.Message()
    answer.events = ["00ff", "123456"]
    request.answered = answer
    return request
  }

  @Test(arguments: [
    "GET /", "GET /a: b", "GET /a #b", "GET /a:", "* /x", "GET /\"q\"", "GET /ä", "yes",
    "GET /a, b",
    "- x", "GET /%00?a={b}&c=[d]", "GET /\\x00",
  ]) func itIsReadAsItWasWritten(_ name: String) throws {
    var expectation = Expectation(exit: 4)
    expectation.because = "nobody has its keys: none was written down"
    var other = Self.request(name)
    other.verdict = "missing"
    other.because = "on purpose # really"
    expectation.requests = [Self.request(name), other]
    var finding = Expectation.Finding(rule: "team: key", isError: true, count: 3)
    finding.because = "yes"
    expectation.findings = [finding, .init(rule: "b", isError: false, count: 1)]
    #expect(
      try ExpectationReader.read(text: expectation.text, file: "a.expect.yaml") == expectation)
  }

  @Test func differencesReadLikeAReview() {
    var then = Expectation(exit: 1)
    then.requests = [Self.request("GET /model/info"), Self.request("POST /chat/completions")]
    var now = then
    now.requests[0].verdict = "missing"
    now.requests[1].sent.fields[0] = "host: b"
    now.requests[1].answered?.events[1] = "654321"
    #expect(
      then.differences(now: now) == [
        "- GET /model/info: ok → missing",
        "- POST /chat/completions (request 2), sent field host: a → b",
        "- POST /chat/completions (request 2), answered event 2: 123456 → 654321",
      ])
    now.requests.removeFirst()
    #expect(
      then.differences(now: now) == [
        "- GET /model/info (request 1): absent now, was ok, complete 200, replayed 200 matched"
      ])
    #expect(then.differences(now: then).isEmpty)
  }

  @Test(arguments: [
    "exit: 0", "schema: keywitness-expect/2\nexit: 0", "schema: keywitness-expect/1\nexit: nine",
    "schema: keywitness-expect/1\nexit: 0\nrequests:\n  - GET /: ok, complete 200",
    "schema: keywitness-expect/1\nexit: 0\nrequests:\n  - GET /: ok\nmessages:\n  - sent: {}",
    "schema: keywitness-expect/1\nexit: 0\nfindings:\n  - a: error",
    "schema: keywitness-expect/1\nexit: 0\nrequests: GET /", "",
  ]) func anythingElseIsRefused(_ text: String) {
    #expect(throws: PolicyError.self) {
      try ExpectationReader.read(text: text, file: "a.expect.yaml")
    }
  }
}
