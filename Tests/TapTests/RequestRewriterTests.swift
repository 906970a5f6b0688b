import Testing

@testable import Tap

/// What names the server is changed; every other byte passes as it came.
@Suite struct RequestRewriterTests {
  private struct Passed {
    var output = ""
    var asked: [String] = []
    var lengths: [[Int]] = []
  }

  /// - Parameter size: how many bytes come at once.
  private func pass(
    _ text: String, by size: Int, host: String? = "llm.example", prefix: String = ""
  ) -> Passed {
    var rewriter = RequestRewriter(host: host, prefix: prefix)
    var passed = Passed()
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      let part = Array(bytes[start..<min(bytes.count, start + size)])
      let output = rewriter.take(
        part,
        asked: {
          passed.asked.append(
            String(decoding: $0.method, as: UTF8.self) + " "
              + String(decoding: $0.target, as: UTF8.self))
        },
        whole: { passed.lengths.append([$0.length, $0.head]) })
      passed.output += String(decoding: output, as: UTF8.self)
    }
    return passed
  }

  private static let first =
    "POST /chat/completions HTTP/1.1\r\nhOST:  127.0.0.1:4000 \r\nX-A: 1\r\n"
    + "content-length: 4\r\n\r\nhost"
  private static let second = "GET /model/info?x=1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"
  private static let chunked =
    "POST /v1/messages HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    + "5;x=Host: a\r\nHost:\r\n0\r\nHost: a\r\n\r\n"

  @Test(arguments: [1, 2, 3, 7, 64, 4096]) func hostAndPathAreTheTargets(_ size: Int) {
    let passed = pass(Self.first + Self.second + Self.chunked, by: size, prefix: "/team")
    #expect(
      passed.output
        == "POST /team/chat/completions HTTP/1.1\r\nhOST:  llm.example \r\nX-A: 1\r\n"
        + "content-length: 4\r\n\r\nhost"
        + "GET /team/model/info?x=1 HTTP/1.1\r\nHost: llm.example\r\nHost: llm.example\r\n\r\n"
        + "POST /team/v1/messages HTTP/1.1\r\nHost: llm.example\r\nTransfer-Encoding: chunked\r\n"
        + "\r\n5;x=Host: a\r\nHost:\r\n0\r\nHost: a\r\n\r\n")
    #expect(
      passed.asked == ["POST /chat/completions", "GET /model/info?x=1", "POST /v1/messages"])
    let lengths = [Self.first, Self.second, Self.chunked].map(\.utf8.count)
    #expect(passed.lengths.map { $0[0] } == lengths)
    #expect(passed.lengths[1] == [lengths[1], lengths[1]])
  }

  @Test(arguments: [1, 5, 4096]) func everythingElsePassesAsItIs(_ size: Int) {
    for text in [
      Self.first + Self.second, "\u{16}\u{3}\u{1} no HTTP at all", "GET / HTTP/1.1\nHost: x\n\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nframes",
    ] {
      let passed = pass(text, by: size, host: nil)
      #expect(text.hasPrefix(passed.output))
    }
  }

  /// A body that comes slowly isn't held back.
  @Test func contentPassesWhenItComes() {
    var rewriter = RequestRewriter(host: "h", prefix: "")
    func take(_ text: String) -> String {
      String(
        decoding: rewriter.take(Array(text.utf8), asked: { _ in }, whole: { _ in }), as: UTF8.self)
    }
    #expect(take("POST / HTTP/1.1\r\nHost: a\r\ncontent-") == "")
    #expect(
      take("length: 6\r\n\r\nab") == "POST / HTTP/1.1\r\nHost: h\r\ncontent-length: 6\r\n\r\nab")
    #expect(take("c") == "c")
    #expect(take("def") == "def")
  }
}

/// Where an answer ends, while it passes.
@Suite struct AnswerTrackerTests {
  private func asked(_ method: String) -> RequestRewriter.Asked {
    .init(method: Array(method.utf8), target: [0x2F])
  }

  @Test(arguments: [1, 3, 1000]) func eachAnswerEndsWithItsRequest(_ size: Int) {
    var tracker = AnswerTracker()
    for method in ["POST", "HEAD", "GET"] { tracker.expect(asked(method)) }
    let answers = [
      "HTTP/1.1 100 Continue\r\n\r\n",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
      "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
    ]
    var ended: [String] = []
    let bytes = Array(answers.joined().utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      tracker.take(Array(bytes[start..<min(bytes.count, start + size)])) {
        ended.append(
          "\($0.length) \($0.asked.map { String(decoding: $0.method, as: UTF8.self) } ?? "-")")
      }
    }
    let lengths = answers.map(\.utf8.count)
    #expect(
      ended == ["\(lengths[0]) -", "\(lengths[1]) POST", "\(lengths[2]) HEAD", "\(lengths[3]) GET"])
    #expect(!tracker.isWaiting)
  }

  @Test func theEndOfTheConnectionMayBeAnAnswers() {
    var tracker = AnswerTracker()
    tracker.expect(asked("GET"))
    var ended = 0
    tracker.take(Array("HTTP/1.1 200 OK\r\n\r\ntext".utf8)) { _ in ended += 1 }
    #expect(ended == 0 && tracker.isWaiting)
    tracker.finish { _ in ended += 1 }
    #expect(ended == 1 && !tracker.isWaiting)
  }

  @Test func anotherProtocolIsATunnel() {
    var tracker = AnswerTracker()
    tracker.expect(asked("GET"))
    tracker.take(
      Array("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\u{1}\u{2}".utf8)
    ) { _ in }
    #expect(tracker.isTunnel)
  }
}
