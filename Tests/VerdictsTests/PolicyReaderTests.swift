import Testing

@testable import Verdicts

@Suite struct PolicyReaderTests {
  // MARK: - What is read

  @Test func shortForm() throws {
    let policy = try read(
      """
      proxy: https://litellm.example.com
      expect: env:LITELLM_MASTER_KEY
      require: [GET /model/info, POST /chat/completions]
      exempt: [GET /health/liveliness]
      """)
    #expect(policy.schema == "keywitness-policy/1")
    #expect(policy.proxies == [Marked("https://litellm.example.com", at: mark(1, 8))])
    #expect(policy.expect == Marked(.variable("LITELLM_MASTER_KEY"), at: mark(2, 9)))
    #expect(
      policy.requires.map(\.pattern.description) == ["GET /model/info", "POST /chat/completions"])
    #expect(policy.requires.map(\.mark) == [mark(3, 11), mark(3, 28)])
    #expect(policy.exemptions.map(\.pattern.description) == ["GET /health/liveliness"])
    #expect(policy.exemptions.first?.reason == nil)
    #expect(policy.credential == CredentialRule(headers: ["authorization"], scheme: .bearer))
    #expect(policy.rules == [])
  }

  @Test func longForm() throws {
    let policy = try read(
      """
      schema: keywitness-policy/1
      proxy: [litellm:4000, ":4001", any]
      credential: {header: [Authorization, X-Api-Key], scheme: none, placeholders: [mine, 1234]}
      require:
        - path: /model/info
        - {request: POST /chat/completions}
      exempt:
        - request: "* /health/**"
          reason: probes
        - {method: OPTIONS, path: "*"}
      rules:
        - id: team-key-on-chat
          match: {path: /chat/completions, user_agent: "OpenAI/*"}
          credential: {expect: "file:.env#TEAM_KEY", header: x-api-key, scheme: Bearer}
        - id: no-auth-failures
          match: {path: "/**"}
          response: {status: {not: [401, 403]}}
      """)
    #expect(policy.proxies.map(\.value) == ["litellm:4000", ":4001", "any"])
    #expect(
      policy.credential
        == CredentialRule(
          headers: ["authorization", "x-api-key"], scheme: .none, placeholders: ["mine", "1234"]))
    #expect(
      policy.requires.map(\.pattern.description) == ["* /model/info", "POST /chat/completions"])
    #expect(policy.exemptions.map(\.pattern.description) == ["* /health/**", "OPTIONS *"])
    #expect(policy.exemptions.map(\.reason) == ["probes", nil])
    #expect(policy.exemptions.map(\.mark.line) == [8, 10])

    try #require(policy.rules.count == 2)
    let team = policy.rules[0]
    #expect(team.id == "team-key-on-chat")
    #expect(team.mark == mark(12, 5))
    #expect(team.match.userAgent?.matches("openai/js") == true)
    #expect(team.credential?.expect?.value == .dotenv(path: ".env", name: "TEAM_KEY"))
    #expect(team.credential?.headers == ["x-api-key"])
    #expect(team.credential?.scheme == .bearer)
    #expect(team.response == nil)
    #expect(policy.rules[1].response?.status?.value == StatusTest(forbidden: [401, 403]))
  }

  @Test(arguments: [
    ("401", [401]), ("[401, 403]", [401, 403]), ("{is: 401}", [401]),
    ("{min: 401, max: 403}", [401, 402, 403]), ("{min: 401, max: 403, not: 402}", [401, 403]),
  ])
  func status(_ text: String, _ accepted: [Int]) throws {
    let policy = try read("rules: [{id: a, response: {status: \(text)}}]")
    let test = try #require(policy.rules.first?.response?.status?.value)
    #expect((100...999).filter(test.accepts) == accepted)
  }

  @Test func rulesAboutCalls() throws {
    let policy = try read(
      """
      rules:
        - id: calls
          match: {stream: true, model: GPT-4*, operation: chat}
          response:
            time_to_first_event: {max: 1.5s}
            usage: {total_tokens: {max: 100}, prompt_tokens: {min: 1, max: 90}}
            model: gpt-4o-*
      """)
    let rule = try #require(policy.rules.first)
    #expect(rule.match.stream == true)
    #expect(rule.match.model?.matches("gpt-4o") == true)
    #expect(rule.match.operation == "chat")
    #expect(rule.match.readsCall)
    #expect(rule.response?.status == nil)
    #expect(rule.response?.timeToFirstEvent?.value == 1_500_000_000)
    let limits = try #require(rule.response?.usage?.value.limits)
    #expect(limits.map(\.count) == [.total, .prompt])
    #expect(limits[1].accepts(90) && !limits[1].accepts(91) && !limits[1].accepts(0))
    #expect(rule.response?.model?.value.matches("gpt-4o-mini") == true)
    #expect(policy.readsCalls)
    #expect(try !read("rules: [{id: a, response: {status: 200}}]").readsCalls)
  }

  @Test func aliasesAreRead() throws {
    let policy = try read(
      """
      rules:
        - {id: a, match: &chat {path: "/chat/**"}, response: {status: &ok {max: 399}}}
        - {id: b, match: *chat, response: {status: *ok}}
      """)
    try #require(policy.rules.count == 2)
    #expect(policy.rules[0].match == policy.rules[1].match)
  }

  @Test func globsAreNoAliases() throws {
    let policy = try read("exempt: [GET /a/*b, \"GET /*x/*x\"]")
    #expect(policy.exemptions.map(\.pattern.description) == ["GET /a/*b", "GET /*x/*x"])
  }

  @Test func byteOrderMarkAndWindowsLineEndsAreNoColumns() throws {
    let policy = try read("\u{FEFF}proxy: any\r\nrequire: [GET /a]\r\n")
    #expect(policy.requires.first?.mark == mark(2, 11))
  }

  // MARK: - What is refused

  @Test(arguments: [
    ("", PolicyError.Code.empty, 1, 1),
    ("# nothing\n", .empty, 1, 1),
    ("---\n", .empty, 1, 1),
    ("{}", .empty, 1, 1),
    ("a", .wrongType, 1, 1),
    ("[a]", .wrongType, 1, 1),
    ("proxy: [a", .syntax, 1, 10),
    ("proxy: a\n  b: c", .syntax, 2, 4),
    ("proxy: \"a", .syntax, 1, 10),
    ("proxy: a\n---\nproxy: b", .syntax, 2, 1),
    ("exempt: [* /health]", .syntax, 1, 10),
    ("exempt: [*x]", .syntax, 1, 10),
    ("proxy: a\u{1}b", .controlCharacter, 1, 9),
    ("proxy: a\nproxy: b", .duplicateKey, 1, 1),
    ("requre: [GET /a]", .unknownField, 1, 1),
    ("proxy: a\nrules:\n  - id: a\n    mach: {}", .unknownField, 4, 5),
    ("? [a]\n: b", .wrongType, 1, 3),
    ("schema: keywitness-policy/2\nproxy: a", .badSchema, 1, 9),
    ("schema: 1", .wrongType, 1, 9),
    ("proxy: 4000", .wrongType, 1, 8),
    ("proxy:", .wrongType, 1, 7),
    ("proxy: {a: b}", .wrongType, 1, 8),
    ("proxy: \"a b\"", .badValue, 1, 8),
    ("proxy: \"\"", .badValue, 1, 8),
    ("require: GET /a", .wrongType, 1, 10),
    ("require: [GET]", .badPattern, 1, 11),
    ("require: [/a]", .badPattern, 1, 11),
    ("require: [get /a]", .badPattern, 1, 11),
    ("require: [GET a]", .badPattern, 1, 11),
    ("require: [GET /a b]", .badPattern, 1, 11),
    ("require: [GET https://host/a]", .badPattern, 1, 11),
    ("require: [\"GET /a?b=1\"]", .badPattern, 1, 11),
    ("require: [\"GET /[a\"]", .badPattern, 1, 11),
    ("require: [{method: get, path: /a}]", .badPattern, 1, 20),
    ("require: [{path: a}]", .badPattern, 1, 18),
    ("require: [{method: GET}]", .missingField, 1, 11),
    ("require: [{request: GET /a, path: /b}]", .badValue, 1, 29),
    ("require: [{path: /a, reason: x}]", .unknownField, 1, 22),
    ("expect: sk-1234", .badKeySource, 1, 9),
    ("expect: 1234", .badKeySource, 1, 9),
    ("expect: [env:A]", .badKeySource, 1, 9),
    ("credential: {}", .missingField, 1, 13),
    ("credential: {header: []}", .badValue, 1, 22),
    ("credential: {header: \"a b\"}", .badValue, 1, 22),
    ("credential: {scheme: baerer}", .badValue, 1, 22),
    ("credential: {placeholders: x}", .wrongType, 1, 28),
    ("rules: [{match: {path: /a}}]", .missingField, 1, 9),
    ("rules: [{id: \"a b\"}]", .badValue, 1, 14),
    ("rules: [{id: a}]", .testsNothing, 1, 9),
    ("rules: [{id: a, match: {}}]", .missingField, 1, 24),
    ("rules: [{id: a, credential: {}}]", .testsNothing, 1, 29),
    ("rules: [{id: a, response: {}}]", .testsNothing, 1, 27),
    ("rules: [{id: a, response: {status: {}}}]", .testsNothing, 1, 36),
    ("rules: [{id: a, response: {status: {min: 100}}}]", .testsNothing, 1, 36),
    ("rules: [{id: a, response: {status: {min: 500, max: 400}}}]", .badValue, 1, 36),
    ("rules: [{id: a, response: {status: {is: 401, not: 401}}}]", .badValue, 1, 36),
    ("rules: [{id: a, response: {status: []}}]", .badValue, 1, 36),
    ("rules: [{id: a, response: {status: 99}}]", .badValue, 1, 36),
    ("rules: [{id: a, response: {status: 4xx}}]", .wrongType, 1, 36),
    ("rules: [{id: a, response: {status: \"401\"}}]", .wrongType, 1, 36),
    ("rules: [{id: a, response: {status: 99999999999999999999999}}]", .badValue, 1, 36),
    ("rules: [{id: a, response: {status: 1.5}}]", .badValue, 1, 36),
    ("rules: [{id: a, match: {user_agent: \"[a\"}}]", .badPattern, 1, 37),
    (
      "rules: [{id: a, response: {status: 200}}, {id: a, response: {status: 200}}]", .badValue, 1,
      43
    ),
    ("rules: [{id: a, match: {model: x}}]", .testsNothing, 1, 9),
    ("rules: [{id: a, match: {stream: yes}}]", .wrongType, 1, 33),
    ("rules: [{id: a, match: {operation: chatt}}]", .badValue, 1, 36),
    ("rules: [{id: a, match: {model: \"[a\"}}]", .badPattern, 1, 32),
    ("rules: [{id: a, usage: {}}]", .unknownField, 1, 17),
    ("rules: [{id: a, response: {usage: {}}}]", .testsNothing, 1, 35),
    ("rules: [{id: a, response: {usage: {total_tokens: {}}}}]", .testsNothing, 1, 50),
    ("rules: [{id: a, response: {usage: {total_tokens: 5}}}]", .wrongType, 1, 50),
    ("rules: [{id: a, response: {usage: {total_tokens: {max: x}}}}]", .wrongType, 1, 56),
    ("rules: [{id: a, response: {usage: {total_tokens: {max: -1}}}}]", .badValue, 1, 56),
    ("rules: [{id: a, response: {usage: {total_tokens: {min: 5, max: 4}}}}]", .badValue, 1, 50),
    ("rules: [{id: a, response: {model: 4}}]", .wrongType, 1, 35),
    ("rules: [{id: a, response: {time_to_first_event: {max: 5x}}}]", .badDuration, 1, 55),
    ("rules: [{id: a, response: {time_to_first_event: {max: 5}}}]", .badDuration, 1, 55),
    ("rules: [{id: a, response: {time_to_first_event: {max: 99999999999h}}}]", .badDuration, 1, 55),
    ("rules: [{id: a, response: {time_to_first_event: {}}}]", .missingField, 1, 49),
  ])
  func refusal(_ text: String, _ code: PolicyError.Code, _ line: Int, _ column: Int) {
    let error = failure(text)
    #expect(error?.code == code)
    #expect(error?.mark == mark(line, column))
    #expect(error?.caretExcerpt != nil)
  }

  @Test(arguments: [
    ("requre: [GET /a]", "require"), ("proxys: a", "proxy"), ("exmept: []", "exempt"),
    ("schema: keywitnes-policy/1", "keywitness-policy/1"),
    ("credential: {scheme: baerer}", "bearer"),
    ("require: [get /a]", "GET"), ("require: [/model/info]", "GET /model/info"),
    ("rules: [{id: a, match: {user-agent: x}}]", "user_agent"),
    ("rules: [{id: a, match: {operation: chatt}}]", "chat"),
    ("rules: [{id: a, response: {time_to_first_evnt: {max: 5s}}}]", "time_to_first_event"),
    ("rules: [{id: a, response: {usage: {totl_tokens: {max: 5}}}}]", "total_tokens"),
  ])
  func suggestion(_ text: String, _ suggestion: String) {
    #expect(failure(text)?.suggestion == suggestion)
  }

  @Test func oneLineSaysItAll() {
    #expect(
      failure("proxy: any\nrequre: [GET /a]")?.description
        == "keywitness.yml:2:1: unknown field \"requre\"; did you mean \"require\"? "
        + "(expected one of schema, proxy, expect, require, exempt, credential, rules)")
  }

  @Test func excerptHasACaret() {
    #expect(
      failure("proxy: any\nrequre: [GET /a]")?.caretExcerpt == """
          --> keywitness.yml:2:1
           |
         2 | requre: [GET /a]
           | ^^^^^^ did you mean "require"?
           |
        """)
  }

  @Test func starAtTheStartOfAValueIsExplained() {
    #expect(
      failure("exempt: [* /health]")?.expected == "the value in quotes, such as \"* /health\"")
  }

  // MARK: - Secrets

  @Test(arguments: [
    "expect: hunter2hunter2", "expect: sk-hunter2", "expect: \"hunter2 x\"",
    "expect: env:sk-hunter2",
    "expect: 'sha256:hunter2'", "expect: {key: hunter2}",
    "rules: [{id: a, credential: {expect: hunter2}}]",
    "rules: [{id: a, credential: {\"expect\" : hunter2, header: b}}]",
    // Faults elsewhere on a key's line.
    "{requre: [], expect: hunter2}", "{expect: hunter2, requre: []}", "expect: \"hunter2",
    "expect: hunter2: x", "proxy: [sk-hunter2a", "sk-hunter2: x", "proxy: \"sk-hunter2 x\"",
    "schema: sk-hunter2", "require: [sk-hunter2]", "require: [GET sk-hunter2]",
    "credential: {scheme: sk-hunter2}", "rules: sk-hunter2",
    "sk-hunter2: 1\nsk-hunter2: 2", "expect:\n  hunter2", "expect:\n  hunter2: x: y",
    "expect: |\n  hunter2", "expect: \"\n  hunter2 x\": y: z", "proxy: \"KEY=sk-hunter2 x\"",
    "expect:\thunter2\u{1}",
  ])
  func keysAreNeverRepeated(_ text: String) throws {
    let error = try #require(failure(text))
    let shown = error.description + (error.caretExcerpt ?? "")
    #expect(!shown.contains("hunter2"), "\(shown)")
  }

  @Test func plainKeyIsRefusedWithTheReason() {
    let error = failure("expect: sk-1234")
    #expect(error?.description.contains("CI logs would show it") == true)
    #expect(error?.description.contains(ExpectedKeySource.forms) == true)
    #expect(error?.caretExcerpt?.contains("| expect: <key>") == true)
  }

  @Test(arguments: ["env:A", "\"env:A\"", "'env:A' # x"])
  func linesBelowASourceAreShown(_ source: String) {
    let excerpt = failure("expect: \(source)\nrequre: [GET /a]")?.caretExcerpt
    #expect(excerpt?.contains("2 | requre: [GET /a]") == true)
  }

  @Test func controlCharactersAreShownEscaped() {
    let error = failure("\"a\\e[2Jb\": x")
    #expect(error?.description.contains("\"a\\u{1b}[2Jb\"") == true)
    #expect(failure("\"\u{202E}x\": y")?.caretExcerpt?.contains("\u{202E}") == false)
  }

  // MARK: - Hostile text

  @Test func notUTF8() {
    let bytes = Array("proxy: any\nrequire: ".utf8) + [0xFF, 0x0A]
    let error = #expect(throws: PolicyError.self) {
      try PolicyReader.read(bytes: bytes, file: "keywitness.yml")
    }
    #expect(error?.code == .notUTF8)
    #expect(error?.mark == mark(2, 10))
  }

  @Test func tooLarge() {
    let text = "proxy: any\n" + String(repeating: "#", count: PolicyDocument.largestText)
    #expect(failure(text)?.code == .fileTooLarge)
  }

  @Test func absentFileAndFolder() {
    for (path, code) in [
      ("/nonexistent/keywitness.yml", PolicyError.Code.fileAbsent), ("/tmp", .fileUnreadable),
      ("/dev/zero", .fileTooLarge),
    ] {
      let error = #expect(throws: PolicyError.self) { try PolicyReader.read(contentsOf: path) }
      #expect(error?.code == code)
    }
  }

  /// Nine times nine times nine … nodes.
  private func bomb(levels: Int, _ last: String) -> String {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...levels {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    return text + last
  }

  @Test(.timeLimit(.minutes(30)), arguments: ["", "? *a12\n: x", "b: {*a12 : x}", "\"*a0\": x"])
  func aliasBomb(_ last: String) {
    #expect(failure(bomb(levels: 12, last))?.code == .aliasesTooLarge)
  }

  @Test(.timeLimit(.minutes(30)))
  func aliasBombBehindFalseAliases() {
    // The words in quotes and comments look like aliases and are none.
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...12 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
      text += "a\(level): &a\(level) [\"*a\(level)\", # *a\(level)\n \(aliases)]\n"
    }
    #expect(failure(text + "? *a12\n: x")?.code == .aliasesTooLarge)
  }

  @Test(.timeLimit(.minutes(30)))
  func aliasBombOfOneName() {
    var text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...20 { text += "a\(level): &a [*a, *a, *a, *a]\n" }
    #expect(failure(text + "? *a\n: x")?.code == .aliasesTooLarge)
  }

  @Test func fewAliasesAreNoBomb() {
    #expect(failure(bomb(levels: 2, ""))?.code == .unknownField)
  }

  @Test(
    .timeLimit(.minutes(30)),
    arguments: [
      String(repeating: "[", count: 100_000), String(repeating: "{", count: 100_000),
      String(repeating: "- ", count: 60_000), String(repeating: "? ", count: 60_000),
      String(repeating: "{[", count: 50_000), String(repeating: "a: {", count: 30_000),
      "proxy: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900),
      String(repeating: "!!str ", count: 10_000), "!<x> a", "%YAML 9.9\n---\na", "%FOO\n---\n{}",
      "&a &b c", "*", "&", "!", "@", "`", "|", ">", "\t", "--- |\n a\n...\n---\n", "\u{FEFF}",
      "a: !!binary x",
      "<<: {proxy: a}", "proxy: !!int a", "? ? ? a", ": a", "- : - :", "...", "--- ---",
    ])
  func anyTextIsReadOrRefusedWithoutATrap(_ text: String) {
    do {
      _ = try PolicyReader.read(text: text, file: "keywitness.yml")
    } catch {
      #expect(!error.description.contains("\n"))
    }
  }

  @Test(.timeLimit(.minutes(30)))
  func nestedKeysStayBounded() {
    let depth = 990
    let text =
      String(repeating: "{", count: depth) + String(repeating: "x, y, z, ", count: 10_000) + "w"
      + String(repeating: "}: 1", count: depth)
    _ = failure(text)
  }

  @Test(.timeLimit(.minutes(30)))
  func anyTextOfPiecesIsReadOrRefused() {
    let pieces = [
      "proxy", ":", " ", "\n", "-", "[", "]", "{", "}", "\"", "'", "&a", "*a", "?", "|", "#",
      "rules",
      "id", "match", "expect", "\u{1F600}", "!", ",", "  ", "\\", "1", "~",
    ]
    var seed: UInt64 = 7
    for _ in 0..<3_000 {
      var text = ""
      for _ in 0..<16 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += pieces[Int(seed >> 33) % pieces.count]
      }
      do {
        _ = try PolicyReader.read(text: text, file: "keywitness.yml")
      } catch {
        #expect(!error.description.contains("\n"))
      }
    }
  }

  // MARK: -

  private func read(_ text: String) throws -> Policy {
    try PolicyReader.read(text: text, file: "keywitness.yml")
  }

  private func failure(_ text: String) -> PolicyError? {
    #expect(throws: PolicyError.self) { try read(text) }
  }

  private func mark(_ line: Int, _ column: Int) -> SourceMark {
    SourceMark(file: "keywitness.yml", line: line, column: column)
  }
}
