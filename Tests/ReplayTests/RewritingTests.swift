import Testing

@testable import Replay

/// What is changed on purpose, and nothing beside it.
@Suite struct RewritingTests {
  private func rewritten(
    _ rewriting: Rewriting, _ content: String = ""
  ) -> (text: String, changed: [String]) {
    var request = RecordedRequest.made(1)
    request.head = Array(
      ("POST /chat/completions HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nx-two: 2\r\n"
        + "content-length: \(content.utf8.count)\r\n\r\n").utf8)
    request.content = Array(content.utf8)
    let (result, changed) = rewriting.applied(to: request)
    return (String(decoding: result.head + result.content, as: UTF8.self), changed)
  }

  @Test func fieldsAreSetAndRemoved() {
    var rewriting = Rewriting()
    rewriting.fields = [("X-Two", "zwei"), ("x-new", "n")]
    rewriting.removed = ["x-one"]
    let (text, changed) = rewritten(rewriting)
    #expect(
      text
        == "POST /chat/completions HTTP/1.1\r\nHost: a\r\ncontent-length: 0\r\n"
        + "X-Two: zwei\r\nx-new: n\r\n\r\n")
    #expect(changed == ["x-one", "x-two", "x-new"])
  }

  @Test func aMemberIsChangedWhereItStands() {
    var rewriting = Rewriting()
    rewriting.members = [
      (["model"], #""gpt-4o-mini""#), (["options", "n"], "2"), (["new"], "true"),
    ]
    let (text, changed) = rewritten(
      rewriting, #"{ "a":[1, {"model":"x"}], "model" : "gpt-4o", "options": {"n":1,"k":"\""} }"#)
    #expect(
      text.hasSuffix(
        #"{ "a":[1, {"model":"x"}], "model" : "gpt-4o-mini", "options": {"n":2,"k":"\""} ,"new":true}"#
      ), "\(text)")
    #expect(text.contains("content-length: 91\r\n"), "\(text)")
    #expect(changed == ["body.model", "body.options.n", "body.new"])
  }

  @Test(arguments: [
    "", "no JSON", "[1]", #"{"model"#, #"{"model":"#, #"{"a":{"b":1}"#, #"{"abc\"#, #"{"a":"\"#,
  ])
  func whatHasNoMembersStays(_ content: String) {
    var rewriting = Rewriting()
    rewriting.members = [(["model", "x"], "1")]
    #expect(rewritten(rewriting, content).text.hasSuffix("\r\n\r\n\(content)"))
  }

  @Test func aNameThatBreaksOffIsNoTrap() {
    var rewriting = Rewriting()
    rewriting.members = [(["model"], "1")]
    for content in [#"{"abc\"#, #"{"a"#, #"{"a":"\"#, "{", #"{"a":1"#] {
      #expect(rewritten(rewriting, content).text.hasSuffix("\r\n\r\n\(content)"))
    }
  }

  @Test func thePrefixStandsInFront() {
    var rewriting = Rewriting()
    rewriting.prefix = "/v1"
    #expect(rewritten(rewriting).text.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n"))
  }
}
