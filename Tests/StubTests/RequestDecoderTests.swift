import LiteLLM
import Testing

@testable import Stub

/// What LiteLLM's server takes for a request, and what it refuses.
@Suite struct RequestDecoderTests {
  private func decode(_ text: String) -> [RequestDecoder.Step] {
    var decoder = RequestDecoder()
    decoder.feed(text.utf8)
    var steps: [RequestDecoder.Step] = []
    while steps.count < 100 {
      let step = decoder.next()
      if case .needsMore = step { return steps }
      steps.append(step)
    }
    return steps
  }

  private func requests(_ text: String) -> [ServedRequest] {
    var requests: [ServedRequest] = []
    for step in decode(text) {
      switch step {
      case .request(let request): requests.append(request)
      case .repeated: requests.append(requests[requests.count - 1])
      default: break
      }
    }
    return requests
  }

  private func isRefused(_ text: String) -> Bool {
    if case .refused? = decode(text).last { true } else { false }
  }

  @Test func aRequestWithContent() throws {
    let request = try #require(
      requests("POST /v1/x?y=1 HTTP/1.1\r\nHost: a\r\nX-Key:  b \r\nContent-Length: 2\r\n\r\n{}")
        .first)
    #expect(request.request.method == "POST")
    #expect(request.request.target == "/v1/x?y=1")
    #expect(request.request.path == "/v1/x")
    #expect(request.request["x-key"] == "b")
    #expect(request.request.body == Array("{}".utf8))
    #expect(request.keepsAlive)
  }

  @Test func splitAtEveryByte() {
    let text =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      + "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: t\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n"
    var decoder = RequestDecoder()
    var found: [ServedRequest] = []
    for byte in text.utf8 {
      decoder.feed([byte])
      while case .request(let request) = decoder.next() { found.append(request) }
    }
    #expect(found.map(\.request.target) == ["/", "/next"])
    #expect(found.first?.request.body == Array("abcde".utf8))
  }

  @Test func requestsBehindEachOther() {
    let text = String(repeating: "GET /a HTTP/1.1\r\nHost: a\r\n\r\n", count: 5)
    #expect(requests(text).count == 5)
  }

  @Test func onlyTheSameBytesAreARepetition() {
    let request = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n"
    let steps = decode(request + "{}" + request + "{}" + request + "[]" + request + "[]")
    let isRepeated = steps.map { if case .repeated = $0 { true } else { false } }
    #expect(isRepeated == [false, true, false, true])
  }

  @Test func aRequestThatBeginsLikeTheOneBeforeIsAnother() {
    let found = requests(
      "GET /a HTTP/1.1\r\nHost: a\r\n\r\n" + "GET /a HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n")
    #expect(found.count == 2 && found[1].request["x"] == "y")
  }

  @Test func bareLineFeedsAreTaken() {
    #expect(requests("GET /a HTTP/1.1\nHost: a\n\n").count == 1)
  }

  @Test func aFoldedFieldIsJoinedWithOneBlank() {
    let found = requests("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer\r\n \t sk-1\r\n\r\n")
    #expect(found.first?.request["authorization"] == "Bearer sk-1")
  }

  @Test(arguments: [
    "GET / HTTP/1.1\r\nHost: a\r\nAuthorization : x\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n",
    "GET / HTTP/1.1\r\n folded: first\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/11\r\nHost: a\r\n\r\n",
    "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc",
    "\u{16}\u{3}\u{1}",
  ])
  func refused(_ text: String) { #expect(isRefused(text)) }

  @Test func aHeadWithoutEndIsRefusedAtItsLimit() {
    #expect(!isRefused("GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 16_000)))
    #expect(isRefused("GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 17_000)))
  }

  @Test(arguments: ["99999999999999999999", "67108865"])
  func contentBeyondTheLimitIsRefused(_ length: String) {
    let steps = decode("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n")
    guard case .tooLarge? = steps.last else {
      Issue.record("\(steps)")
      return
    }
  }

  @Test func whoWaitsForContinueIsTold() {
    let steps = decode(
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    guard steps.count == 1, case .expectsContinue = steps[0] else {
      Issue.record("\(steps)")
      return
    }
  }

  @Test func connectionsOfHTTP10AndOfCloseEnd() {
    #expect(requests("GET / HTTP/1.0\r\n\r\n").first?.keepsAlive == false)
    #expect(
      requests("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").first?.keepsAlive == false)
  }
}
