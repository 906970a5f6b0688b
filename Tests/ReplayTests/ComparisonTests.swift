import Testing
import Verdicts

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
    Comparison(.content, ComparisonRules(ignoring: paths.compactMap(JSONPath.init)))
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

  // MARK: Rules

  private func differences(
    rules: String, _ then: String, _ now: String, _ type: String = "application/json"
  ) throws -> [String] {
    let read = try ComparisonRulesReader.read(text: rules, file: "rules.yaml")
    return Comparison(.content, read).differences(answer(then, type), answer(now, type))
  }

  @Test func aRuleLetsAPlaceDifferAndNoOther() throws {
    let then = #"{"u":{"n":100},"t":"chatcmpl-a","list":[1,2,3],"x":1}"#
    let now = #"{"u":{"n":104},"t":"chatcmpl-b","list":[3,1,2],"x":"one"}"#
    let all = try differences(rules: "ignore: []", then, now)
    #expect(all.count == 6)
    for (rule, left) in [
      ("tolerance: {$.u.n: 5%}", "$.u.n"), ("tolerance: {$.u.n: 4}", "$.u.n"),
      ("match: {$.t: 'chatcmpl-*'}", "$.t"), ("type-only: [$.t]", "$.t"),
      ("unordered: [$.list]", "$.list"), ("ignore: [$.x]", "$.x"),
    ] {
      let found = try differences(rules: rule, then, now)
      #expect(found == all.filter { !$0.hasPrefix(left) }, "\(rule)")
    }
    #expect(
      try differences(rules: "tolerance: {$.u.n: 3%}", then, now).contains {
        $0.contains("too far")
      })
    #expect(
      try differences(rules: "type-only: [$.x]", then, now).contains("$.x: a number, now a text"))
    #expect(
      try differences(rules: "match: {$.t: 'msg_*'}", then, now)
        .contains { $0.contains("doesn't match msg_*") })
    #expect(
      try differences(rules: "unordered: [$.list]", #"{"list":[1,2]}"#, #"{"list":[2,4]}"#)
        == ["$.list[0]: 1, now absent", "$.list: absent, now 4"])
  }

  @Test func fieldsOfTheHeadMayHaveToBeTheSame() throws {
    var then = answer("{}")
    then.head = Array("HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\n".utf8)
    var now = answer("{}")
    now.head = Array("HTTP/1.1 200 OK\r\nx-a: 2\r\nX-B: 1\r\n\r\n".utf8)
    let rules = try ComparisonRulesReader.read(text: "headers: [x-a, x-b, x-c]", file: "r")
    #expect(
      Comparison(.content, rules).differences(then, now)
        == [#"x-a: "1", now "2""#, #"x-b: absent, now "1""#])
    #expect(Comparison().differences(then, now) == [])
  }

  @Test func aStreamMayHaveToComeInTime() throws {
    let rules = try ComparisonRulesReader.read(
      text: "first-event: 1s\nevent-gap: 500ms", file: "r")
    var now = answer("{}")
    now.timeToFirstEvent = 2_000_000_000
    now.longestGap = 400_000_000
    #expect(
      Comparison(.content, rules).differences(answer("{}"), now)
        == ["first event: 2000 ms, at most 1000 ms are allowed"])
  }

  @Test func usageAndToolCallsOfAStreamAreCompared() {
    func stream(_ tokens: Int, _ arguments: String) -> String {
      let call =
        #"data: {"object":"c","choices":[{"delta":{"tool_calls":[{"function":{"arguments":"#
      return "\(call)\(arguments)}}]}}]}\n\n"
        + "data: {\"object\":\"c\",\"choices\":[],\"usage\":{\"total_tokens\":\(tokens)}}\n\n"
    }
    let type = "text/event-stream"
    let then = stream(7, #""{\"x\": 1}""#)
    #expect(differences(then, stream(7, #""{\"x\":1.0}""#), type) == [])
    #expect(
      differences(then, stream(9, #""{\"x\":2}""#), type)
        == ["$.arguments.x: 1, now 2", "$.usage.total_tokens: 7, now 9"])
  }

  @Test(arguments: [
    "ignore: [usage]", "tolerance: {$.a: much}", "match: {$.a: '[x'}", "first-event: soon",
    "unknown: 1", "schema: keywitness-compare/9", "tolerance: [1]",
  ]) func whatIsNoRuleIsRefused(_ text: String) {
    #expect(throws: PolicyError.self) {
      try ComparisonRulesReader.read(text: text, file: "rules.yaml")
    }
  }
}
