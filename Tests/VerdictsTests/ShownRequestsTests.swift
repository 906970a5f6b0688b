import HTTP
import Redaction
import Testing

@testable import Verdicts

/// Requests that come again are shown as they were, but never with what has become a secret since.
@Suite struct ShownRequestsTests {
  private let head = FramedHead(
    MessageHead(
      Array(
        "GET /r/abcdef123456 HTTP/1.1\r\nHost: a\r\nCookie: sid=abcdef123456\r\n\r\n".utf8)[...],
      isComplete: true))

  @Test func whatBecameASecretIsHidden() {
    var redactor = Redactor()
    var requests = ShownRequests()
    let credential = Credential(.missing)
    _ = redactor.headerValue(name: Array("Cookie".utf8), value: Array("sid=abcdef123456".utf8))
    for _ in 0..<3 {
      let shown = requests.shown(head, credential, expected: nil, &redactor)
      #expect(shown.target == "/r/abcdef123456" && shown.sent == "none")
    }
    _ = redactor.headerValue(
      name: Array("Authorization".utf8), value: Array("Bearer abcdef123456".utf8))
    let shown = requests.shown(head, credential, expected: nil, &redactor)
    #expect(!shown.target.contains("abcdef123456") && !shown.path.contains("abcdef123456"))
  }

  @Test func anotherVerdictIsShownAsSuch() {
    var redactor = Redactor()
    var requests = ShownRequests()
    for _ in 0..<3 {
      let missing = requests.shown(head, Credential(.missing), expected: nil, &redactor)
      #expect(missing.sent == "none")
      let unknown = requests.shown(
        head, Credential(.unknown, reason: .hole), expected: nil, &redactor)
      #expect(unknown.sent == "?")
    }
  }
}
