import Exchanges
import HTTP
import Testing

@testable import Redaction
@testable import Reports

/// Heads that come again are shown as they were, but never with what has become a secret since.
@Suite struct ShownHeadsTests {
  /// As a record shows it that comes behind others of the same head.
  private func shown(
    _ head: FramedHead, _ heads: inout ShownHeads, _ redactor: inout Redactor
  ) -> String {
    String(decoding: heads.shown(head, .request, .complete, &redactor).members, as: UTF8.self)
  }

  private func head(_ target: String, _ fields: String) -> FramedHead {
    let text = "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    return FramedHead(MessageHead(Array(text.utf8)[...], isComplete: true))
  }

  private func header(_ name: String, _ value: String, _ redactor: inout Redactor) {
    _ = redactor.headerValue(name: Array(name.utf8), value: Array(value.utf8))
  }

  struct Case: Sendable {
    /// What is shown again and again.
    var target: String
    var fields = ""
    /// What was sent before it, and what is sent behind it: name and value.
    var before: [String] = ["Accept", "*/*"]
    var after: [String]
    /// What must not be read in it any more.
    var secret: String
  }

  @Test(arguments: [
    // A cookie that turns out to be a key.
    Case(
      target: "/r/abcdef123456", fields: "Cookie: sid=abcdef123456\r\n",
      after: ["Authorization", "Bearer abcdef123456"], secret: "abcdef123456"),
    // The base64 of a password that was known only by itself.
    Case(
      target: "/r?y=YWRtaW46aHVudGVyMg==", before: ["x-api-key", "hunter2"],
      after: ["Authorization", "Basic YWRtaW46aHVudGVyMg=="], secret: "aHVudGVyMg"),
  ])
  func whatBecameASecretIsHidden(_ one: Case) {
    var redactor = Redactor()
    var heads = ShownHeads()
    header(one.before[0], one.before[1], &redactor)
    let head = head(one.target, one.fields)
    for _ in 0..<3 { _ = shown(head, &heads, &redactor) }
    #expect(shown(head, &heads, &redactor).contains(one.secret))
    header(one.after[0], one.after[1], &redactor)
    let hidden = shown(head, &heads, &redactor)
    #expect(!hidden.contains(one.secret))
    let anew = ShownHead(head.head, .request, .complete, &redactor)
    #expect(hidden == String(decoding: anew.members, as: UTF8.self))
  }

  /// Where its own key is met only behind the target that holds it.
  @Test func aHeadThatTellsItsKeyLateIsHiddenTheNextTime() {
    var redactor = Redactor()
    var heads = ShownHeads()
    let head = head("/r/sk-made-up-key-1", "Authorization: Bearer sk-made-up-key-1\r\n")
    for _ in 0..<3 { _ = shown(head, &heads, &redactor) }
    let hidden = shown(head, &heads, &redactor)
    #expect(!hidden.contains("made-up-key"))
    #expect(hidden.contains("key#1"))
  }

  /// The same bytes may have been seen whole in one exchange, and cut in another.
  @Test func whatIsSaidOfAHeadIsThatOfItsMessage() {
    var redactor = Redactor()
    var heads = ShownHeads()
    let head = head("/r", "")
    // One behind the other, so that each pair of neighbours differs in one of the two.
    let roles: [(role: ShownHead.Role, first: String)] = [
      (.request, "method"), (.response, "status"),
    ]
    for (role, first) in roles {
      for state in [Message.HeadState.complete, .complete, .cut, .gap] {
        let members = heads.shown(head, role, state, &redactor).members
        let text = String(decoding: members, as: UTF8.self)
        #expect(text.hasPrefix("\"\(first)\":"))
        #expect(text.contains("\"head\":\"\(state.rawValue)\""))
      }
    }
    for (role, first) in roles {
      let members = heads.shown(head, role, .complete, &redactor).members
      #expect(String(decoding: members, as: UTF8.self).hasPrefix("\"\(first)\":"))
    }
  }
}
