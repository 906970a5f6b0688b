import TestSupport
import Testing

/// What a policy changes in `check`.
@Suite("A policy decides what is right") struct PolicyBehaviourTests {
  private static let other = "sk-team-8Hn3Vb6Kp0"

  /// `check` on these requests, with a policy of this text.
  private func check(
    _ policy: String, _ dialogue: Dialogue, _ arguments: [String] = [],
    environment: [String: String] = [:]
  ) throws -> Executable.Result {
    let folder = try Folder()
    let file = try folder.file("policy.yml", policy)
    return try Executable.run(
      ["check", "--policy", file] + arguments + [try dialogue.file().path],
      environment: environment)
  }

  private var right: Dialogue {
    var dialogue = Dialogue()
    dialogue.askRightly()
    return dialogue
  }

  private var broken: Dialogue {
    var dialogue = Dialogue()
    dialogue.ask(answer: Dialogue.noKey)
    return dialogue
  }

  // MARK: Finding it

  @Test func policyOfTheWorkingFolderIsFoundAndNamed() throws {
    let folder = try Folder()
    try folder.file("keywitness.yml", "require: [POST /chat/completions]\n")
    let result = try Executable.run(["check", try right.file().path], folder: folder.path)
    #expect(result.code == 1)
    #expect(result.output.contains("\(folder.path)/keywitness.yml"))
  }

  @Test func policyAboveTheWorkingFolderIsFound() throws {
    let folder = try Folder()
    try folder.file("keywitness.yml", "require: [POST /chat/completions]\n")
    let script = #"mkdir -p "$P/a/b" && cd "$P/a/b" && "$KW" check "$FILE""#
    let result = try Script.run(
      script, environment: ["P": folder.path, "FILE": try right.file().path])
    #expect(result.code == 1)
  }

  @Test func givenPolicyTakesTheFoundOnesPlace() throws {
    let folder = try Folder()
    try folder.file("keywitness.yml", "require: [POST /chat/completions]\n")
    let given = try folder.file("other.yml", "require: [GET /model/info]\n")
    let result = try Executable.run(
      ["check", "--policy", given, try right.file().path], folder: folder.path)
    #expect(result.code == 0)
  }

  // MARK: The short form

  @Test func shortForm() throws {
    var dialogue = Dialogue()
    dialogue.askRightly()
    dialogue.askRightly("POST", "/chat/completions")
    dialogue.ask("GET", "/status")
    let policy = """
      proxy: http://10.0.0.2:4000
      expect: env:LITELLM_MASTER_KEY
      require: [GET /model/info, POST /chat/completions]
      exempt: [GET /status]
      """
    let result = try check(
      policy, dialogue, environment: ["LITELLM_MASTER_KEY": Dialogue.key])
    #expect(result.code == 0, "\(result.output)\(result.errors)")
  }

  @Test func proxyByName() throws {
    var dialogue = Dialogue()
    dialogue.ask("GET", "/index.html", host: "litellm.example.com:4000")
    #expect(try check("proxy: litellm.example.com\n", dialogue).code == 1)
    #expect(try check("proxy: other.example.com\n", dialogue).code == 5)
  }

  @Test func proxyOfTheCommandLineTakesThePolicysPlace() throws {
    #expect(try check("proxy: other.example.com\n", broken, ["--proxy", ":4000"]).code == 1)
  }

  @Test func expectedKey() throws {
    let result = try check("expect: env:K\n", right, environment: ["K": Self.other])
    #expect(result.code == 1)
    #expect(result.output.contains("wrong-key"))
  }

  @Test func expectedKeyOfTheCommandLineTakesThePolicysPlace() throws {
    let result = try check(
      "expect: env:K\n", right, ["--expect-key", "env:L"],
      environment: ["K": Self.other, "L": Dialogue.key])
    #expect(result.code == 0)
  }

  @Test func expectedKeysFileIsRelativeToThePolicy() throws {
    let folder = try Folder()
    try folder.file("key.txt", Dialogue.key + "\n")
    let policy = try folder.file("policy.yml", "expect: file:key.txt\n")
    let result = try Executable.run(["check", "--policy", policy, try right.file().path])
    #expect(result.code == 0, "\(result.errors)")
  }

  @Test func expectedKeyInADotenvFile() throws {
    let folder = try Folder()
    try folder.file(".env", "OTHER=x\nexport KEY=\"\(Dialogue.key)\"\n")
    let policy = try folder.file("policy.yml", "expect: file:.env#KEY\n")
    let result = try Executable.run(["check", "--policy", policy, try right.file().path])
    #expect(result.code == 0, "\(result.errors)")
  }

  @Test func requiredRequestThatIsAbsentIsNamedWithItsLine() throws {
    let result = try check("require:\n  - GET /model/info\n  - POST /chat/completions\n", right)
    #expect(result.code == 1)
    #expect(result.output.contains("POST /chat/completions"))
    #expect(result.output.contains("policy.yml:3:"))
  }

  @Test func requirementsOfBothSourcesHold() throws {
    let result = try check(
      "require: [GET /model/info]\n", right, ["--require", "POST /chat/completions"])
    #expect(result.code == 1)
  }

  // MARK: Exemptions

  @Test func exemptRequestNeedsNoKey() throws {
    var dialogue = right
    dialogue.ask("GET", "/models")
    #expect(try check("proxy: any\n", dialogue).code == 1)
    #expect(try check("exempt: [GET /models]\n", dialogue).code == 0)
  }

  @Test func exemptionIsOfOneMethodOnly() throws {
    var dialogue = right
    dialogue.ask("POST", "/models")
    #expect(try check("exempt: [GET /models]\n", dialogue).code == 1)
  }

  @Test(arguments: [
    "/health/liveliness", "/health/liveness", "/health/readiness", "/", "/routes",
    "/public/model_hub", "/openapi.json",
  ])
  func litellmsPublicRoutesNeedNoKey(_ path: String) throws {
    var dialogue = right
    dialogue.ask("GET", path)
    #expect(try Executable.run(["check", try dialogue.file().path]).code == 0)
  }

  @Test(arguments: ["/health", "/model/info", "/v1/models", "/metrics", "/healthx/liveliness"])
  func otherRoutesNeedOne(_ path: String) throws {
    var dialogue = right
    dialogue.ask("GET", path)
    #expect(try Executable.run(["check", try dialogue.file().path]).code == 1)
  }

  @Test func corsPreflightNeedsNoKey() throws {
    var dialogue = right
    dialogue.ask(
      "OPTIONS", "/chat/completions",
      fields: ["Origin: http://a", "Access-Control-Request-Method: POST"])
    #expect(try Executable.run(["check", try dialogue.file().path]).code == 0)
  }

  // MARK: The long form

  @Test func longForm() throws {
    var dialogue = Dialogue()
    dialogue.ask("GET", "/model/info", fields: ["x-api-key: \(Dialogue.key)"])
    dialogue.ask("GET", "/status")
    let policy = """
      schema: keywitness-policy/1
      credential: {header: [authorization, x-api-key], scheme: bearer}
      exempt:
        - request: GET /status
          reason: asked by the load balancer
      rules:
        - id: models-answer
          match: {path: /model/info}
          response: {status: 200}
      """
    let result = try check(policy, dialogue, ["--strict"])
    #expect(result.code == 0, "\(result.output)\(result.errors)")
  }

  @Test func headerThatThePolicyAllows() throws {
    var dialogue = Dialogue()
    dialogue.ask(fields: ["x-api-key: \(Dialogue.key)"])
    #expect(try Executable.run(["check", try dialogue.file().path]).code == 1)
    #expect(
      try check("credential: {header: [authorization, x-api-key]}\n", dialogue).code == 0)
  }

  @Test func wrongHeadersReportPrintsTheLineThatWouldAllowIt() throws {
    var dialogue = Dialogue()
    dialogue.ask(fields: ["x-api-key: \(Dialogue.key)"])
    let result = try Executable.run(["check", try dialogue.file().path])
    #expect(result.output.contains("credential: {header: [authorization, x-api-key]}"))
  }

  @Test func placeholderOfThePolicysOwn() throws {
    var dialogue = Dialogue()
    dialogue.ask(fields: ["Authorization: Bearer fill-me-in-later"])
    #expect(try check("proxy: any\n", dialogue).code == 0)
    let result = try check("credential: {placeholders: [fill-me-in-later]}\n", dialogue)
    #expect(result.code == 1)
    #expect(result.output.contains("placeholder"))
  }

  // MARK: Rules

  private var teamRule: String {
    """
    expect: env:MASTER
    rules:
      - id: team-key-on-chat
        match: {path: /chat/completions, user_agent: "OpenAI/*"}
        credential: {expect: env:TEAM}
    """
  }

  private var environment: [String: String] { ["MASTER": Dialogue.key, "TEAM": Self.other] }

  private func chat(_ key: String, agent: String = "OpenAI/JS 5.8.2") -> Dialogue {
    var dialogue = Dialogue()
    dialogue.askRightly()
    dialogue.ask(
      "POST", "/chat/completions",
      fields: ["User-Agent: \(agent)", "Authorization: Bearer \(key)"])
    return dialogue
  }

  @Test func ruleExpectsAnotherKey() throws {
    #expect(try check(teamRule, chat(Self.other), environment: environment).code == 0)
  }

  @Test func rulesKeyIsTheOnlyRightOneThere() throws {
    #expect(try check(teamRule, chat(Dialogue.key), environment: environment).code == 1)
  }

  @Test func ruleOfAnotherClientDoesNotMatter() throws {
    let dialogue = chat(Dialogue.key, agent: "curl/8")
    #expect(try check(teamRule, dialogue, environment: environment).code == 0)
  }

  private let statusRule = """
    rules:
      - id: no-auth-failures
        match: {path: "/**"}
        response: {status: {not: [401, 403]}}
    """

  @Test func statusThatARuleForbidsFails() throws {
    var dialogue = Dialogue()
    dialogue.askRightly(
      "POST", "/chat/completions",
      answer: Dialogue.answer(
        "401 Unauthorized", fields: ["x-litellm-call-id: 7"],
        body: #"{"error":{"message":"litellm.AuthenticationError: no","type":null}}"#))
    let result = try check(statusRule, dialogue)
    #expect(result.code == 1)
    #expect(result.output.contains("no-auth-failures"))
    #expect(result.output.contains("status 401"))
  }

  @Test func statusThatARuleAllowsPasses() throws {
    #expect(try check(statusRule, right).code == 0)
  }

  @Test func ruleThatReadsAMissingResponseIsUndecided() throws {
    var talk = Conversation()
    talk.client(
      Dialogue.request(
        "GET", "/model/info", fields: ["Authorization: Bearer \(Dialogue.key)"]))
    talk.close()
    let folder = try Folder()
    let policy = try folder.file("policy.yml", statusRule)
    let file = try ScratchFile(packets: talk.packets())
    #expect(try Executable.run(["check", "--policy", policy, file.path]).code == 4)
    #expect(try Executable.run(["check", file.path]).code == 0)
  }

  @Test func ruleOfAnotherServerDoesNotMatter() throws {
    var dialogue = right
    dialogue.ask(
      "GET", "/page", answer: Dialogue.answer("403 Forbidden"), server: "192.0.2.1", port: 80)
    #expect(try check(statusRule, dialogue).code == 0)
  }

  // MARK: Unused lines

  private let unused = [
    "exempt: [GET /never]\n",
    "rules:\n  - id: never\n    match: {path: /never}\n    response: {status: 200}\n",
  ]

  @Test(arguments: 0..<2)
  func unusedLineIsAWarning(_ index: Int) throws {
    let result = try check(unused[index], right)
    #expect(result.code == 0)
    #expect(result.output.contains("matched no request"))
  }

  @Test(arguments: 0..<2)
  func unusedLineFailsWhereStrict(_ index: Int) throws {
    #expect(try check(unused[index], right, ["--strict"]).code == 1)
  }

  @Test(arguments: 0..<2)
  func unusedLineFailsInCI(_ index: Int) throws {
    #expect(try check(unused[index], right, environment: ["CI": "true"]).code == 1)
  }

  @Test(arguments: 0..<2)
  func unusedLineIsAWarningInCIWhereSomebodySaysSo(_ index: Int) throws {
    #expect(try check(unused[index], right, ["--no-strict"], environment: ["CI": "true"]).code == 0)
  }

  @Test func usedLinesAreNoWarningWhereStrict() throws {
    var dialogue = right
    dialogue.ask("GET", "/models")
    #expect(try check("exempt: [GET /models]\n", dialogue, ["--strict"]).code == 0)
  }
}
