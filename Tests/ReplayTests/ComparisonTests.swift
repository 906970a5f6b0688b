import Testing

@testable import Replay

/// Which answers are the same, and where others differ.
@Suite struct ComparisonTests {
  private func answer(
    _ content: String, _ type: String = "application/json", status: Int = 200
  ) -> RecordedRequest.Answer {
    RecordedRequest.Answer(status: status, mediaType: type, content: Array(content.utf8))
  }

  private func differences(
    _ then: String, _ now: String, ignoring paths: [String] = [],
    _ type: String = "application/json"
  ) -> [String] {
    Comparison(ignoring: paths.compactMap(JSONPath.init))
      .differences(answer(then, type), answer(now, type))
  }

  @Test func anObjectsMembersHaveNoOrder() {
    #expect(differences(#"{"a":1,"b":[1,2]}"#, #"{ "b" : [1,2], "a" : 1.0 }"#) == [])
    #expect(differences(#"{"b":[1,2]}"#, #"{"b":[2,1]}"#).count == 2)
  }

  @Test func aDifferenceNamesItsPlace() {
    let then = #"{"choices":[{"message":{"content":"yes"}}]}"#
    let now = #"{"choices":[{"message":{"content":"no"}}],"more":1}"#
    #expect(
      differences(then, now) == [
        #"$.choices[0].message.content: "yes", now "no""#, "$.more: absent, now 1",
      ])
  }

  @Test(arguments: [
    "$.choices[0].message.content", "$.choices[*].message.content", "$..content",
    "$.choices[0].*.content", "$.choices",
  ])
  func whatIsIgnoredMayDiffer(_ path: String) {
    let then = #"{"choices":[{"message":{"content":"yes"}}]}"#
    let now = #"{"choices":[{"message":{"content":"no"}}]}"#
    #expect(differences(then, now, ignoring: [path]) == [])
    #expect(differences(then, now, ignoring: ["$.choices[1]", "$.content"]).count == 1)
  }

  @Test(arguments: ["", "choices", "$choices", "$.", "$[x]", "$[0"])
  func whatIsNoPathIsRefused(_ text: String) { #expect(JSONPath(text) == nil) }

  @Test func idsAndTimesAreOthersEachTime() {
    let comparison = Comparison()
    #expect(
      comparison.differences(
        answer(#"{"id":"a","created":1,"n":{"id":"b"}}"#),
        answer(#"{"id":"c","created":2,"n":{"id":"d"}}"#)) == [])
  }

  @Test func theStatusComesFirst() {
    let comparison = Comparison(.status)
    #expect(comparison.differences(answer("{}"), answer("[]", "text/html")) == [])
    #expect(
      comparison.differences(answer("{}", status: 401), answer("{}"))
        == ["status: 401, now 200"])
  }

  private func stream(_ pieces: [String], done: Bool = true, finish: String = "stop") -> String {
    let chunk = #"data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"#
    return pieces.map { "\(chunk)\"\($0)\"}}]}\n\n" }.joined()
      + #"data: {"object":"chat.completion.chunk","choices":[{"delta":{},"finish_reason":"\#(finish)"}]}"#
      + "\n\n" + (done ? "data: [DONE]\n\n" : "")
  }

  @Test func aStreamIsWhatItsEventsSayTogether() {
    let type = "text/event-stream"
    #expect(differences(stream(["He", "llo"]), stream(["Hell", "o"]), type) == [])
    #expect(
      differences(stream(["Hello"]), stream(["Help"]), type)
        == [#"content, joined: "Hello", now "Help""#])
    #expect(
      differences(stream(["a"]), stream(["a"], done: false), type)
        == ["events: [DONE] there, now absent"])
    #expect(
      differences(stream(["a"]), stream(["a"], finish: "length"), type)
        == [#"finish_reason, joined: "stop", now "length""#])
    let error = stream(["a"]) + "event: error\ndata: {\"error\":{\"message\":\"no\"}}\n\n"
    #expect(differences(stream(["a"]), error, type).contains("events: absent, now error"))
    #expect(differences(stream(["Hello"]), stream(["Help"]), ignoring: ["$.content"], type) == [])
  }

  private func differences(_ then: String, _ now: String, _ type: String) -> [String] {
    differences(then, now, ignoring: [], type)
  }
}
