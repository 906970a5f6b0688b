import Redaction
import Testing

@testable import Verdicts

/// Values that come again are shown as they were, but never with what has become a secret since.
@Suite struct ShownValuesTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func aFieldSaysWhatItsValueIs() {
    var redactor = Redactor()
    var values = ShownValues()
    // The same value, and names of one length: only one of them holds a credential.
    let value = bytes("correct-horse-battery")
    for _ in 0..<3 {
      let shown = values.headerValue(name: bytes("x-about-a"), value: value, &redactor)
      #expect(shown == value)
    }
    for _ in 0..<3 {
      let shown = values.headerValue(name: bytes("x-api-key"), value: value, &redactor)
      #expect(shown != value)
    }
  }

  @Test func whatBecameASecretIsHidden() {
    var redactor = Redactor()
    var values = ShownValues()
    let agent = bytes("agent/abcdef123456")
    for _ in 0..<3 { #expect(values.text(agent, &redactor) == agent) }
    _ = values.headerValue(
      name: bytes("authorization"), value: bytes("Bearer abcdef123456"), &redactor)
    #expect(values.text(agent, &redactor) != agent)
  }

  @Test func theSameBytesAsATextAreNoFieldsValue() {
    var redactor = Redactor()
    var values = ShownValues()
    let cookie = bytes("sid=abcdef123456; theme=dark")
    let shown = values.headerValue(name: bytes("cookie"), value: cookie, &redactor)
    for _ in 0..<3 {
      #expect(values.headerValue(name: bytes("cookie"), value: cookie, &redactor) == shown)
      #expect(values.text(cookie, &redactor) == redactor.text(cookie))
    }
  }
}
