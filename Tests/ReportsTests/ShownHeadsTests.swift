import HTTP
import Testing

@testable import Redaction
@testable import Reports

/// Heads that come again are shown as they were, but never with what has become a secret since.
@Suite struct ShownHeadsTests {
  private func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

  private func head(_ target: String, _ fields: String) -> FramedHead {
    let text = "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    return FramedHead(MessageHead(Array(text.utf8)[...], isComplete: true))
  }

  private func header(_ name: String, _ value: String, _ redactor: inout Redactor) {
    _ = redactor.headerValue(name: Array(name.utf8), value: Array(value.utf8))
  }

  @Test func aCookieThatTurnsOutToBeAKeyIsHidden() {
    var redactor = Redactor()
    var heads = ShownHeads()
    let head = head("/r/abcdef123456", "Cookie: sid=abcdef123456\r\n")
    for _ in 0..<3 { _ = heads.shown(head, &redactor) }
    header("Authorization", "Bearer abcdef123456", &redactor)
    let shown = heads.shown(head, &redactor)
    #expect(!text(shown.target).contains("abcdef123456"))
    #expect(shown.target == ShownHead(head.head, &redactor).target)
  }

  @Test func thePasswordOfBasicIsHiddenInItsBase64Too() {
    var redactor = Redactor()
    var heads = ShownHeads()
    header("x-api-key", "hunter2", &redactor)
    let head = head("/r?y=YWRtaW46aHVudGVyMg==", "")
    for _ in 0..<3 { _ = heads.shown(head, &redactor) }
    header("Authorization", "Basic YWRtaW46aHVudGVyMg==", &redactor)
    let shown = heads.shown(head, &redactor)
    #expect(!text(shown.target).contains("aHVudGVyMg"))
    #expect(shown.target == ShownHead(head.head, &redactor).target)
  }

  /// Where its own key is met only behind the target that holds it.
  @Test func aHeadThatTellsItsKeyLateIsHiddenTheNextTime() {
    var redactor = Redactor()
    var heads = ShownHeads()
    let head = head("/r/sk-made-up-key-1", "Authorization: Bearer sk-made-up-key-1\r\n")
    for _ in 0..<3 { _ = heads.shown(head, &redactor) }
    let shown = heads.shown(head, &redactor)
    #expect(!text(shown.target).contains("made-up-key"))
    #expect(text(shown.headers).contains("key#1"))
  }
}
