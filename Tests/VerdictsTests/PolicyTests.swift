import Foundation
import Testing

@testable import Verdicts

@Suite struct PolicyTests {
  @Test func nearestPolicyAboveIsFound() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    let deep = root.appendingPathComponent("a/b/c")
    try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    let file = root.appendingPathComponent("a/keywitness.yml")
    try Data("proxy: any".utf8).write(to: file)
    // A folder of that name is no policy.
    try FileManager.default.createDirectory(
      at: deep.appendingPathComponent("keywitness.yml"), withIntermediateDirectories: true)

    let found = try #require(Policy.find(startingAt: deep.path))
    #expect(found == file.path)
    #expect(Policy.find(startingAt: deep.path + "/../../b/./c") == found)
    #expect(Policy.find(startingAt: root.path) == nil)
    #expect(try PolicyReader.read(contentsOf: found).file == found)
    #expect(try PolicyReader.read(contentsOf: found).folder == root.path + "/a")
  }

  @Test(arguments: [
    ("keywitness.yml", "."), ("a/keywitness.yml", "a"), ("/keywitness.yml", "/"),
    ("/a/b/keywitness.yml", "/a/b"),
  ])
  func folder(_ file: String, _ folder: String) {
    #expect(Policy(file: file).folder == folder)
  }

  @Test(
    arguments: [
      ("5s", 5_000_000_000), ("250ms", 250_000_000), ("2m", 120_000_000_000),
      ("1.5s", 1_500_000_000),
      ("0s", 0), ("1h", 3_600_000_000_000), ("7us", 7_000), ("9ns", 9), ("5", nil), ("s", nil),
      ("", nil),
      ("-5s", nil), ("5 s", nil), ("5S", nil), ("1.s", nil), (".5s", nil), ("1.2.3s", nil),
      ("٥s", nil),
      ("1e3s", nil), ("9223372036854775807s", nil), ("99999999999999999999ns", nil),
      ("2562047.999999999h", nil),
    ] as [(String, Int64?)])
  func duration(_ text: String, _ nanoseconds: Int64?) {
    #expect(DurationText.nanoseconds(text) == nanoseconds)
  }

  @Test(arguments: [
    ("GET /model/info", "GET", "/model/info", true),
    ("GET /model/info", "GET", "/model/info?litellm_model_id=1", true),
    ("GET /model/info", "GET", "/model/info#x", true),
    ("GET /model/info", "GET", "http://host:4000/model/info?x", true),
    ("GET /model/info", "POST", "/model/info", false),
    ("GET /model/info", "get", "/model/info", false),
    ("GET  /model/info", "GET", "/model/info", true),
    ("* /health/**", "HEAD", "/health/a/b", true),
    ("* /health/*", "HEAD", "/health/a/b", false),
    ("GET *", "GET", "/a/b", true),
    ("OPTIONS *", "OPTIONS", "*", true),
    ("GET /", "GET", "http://host", true),
    ("P* /a", "PUT", "/a", true),
    ("CONNECT *", "CONNECT", "host:443", true),
    // An unreserved character means the same with and without a code, any other may not.
    ("GET /a/b", "GET", "/%61/b", true), ("GET /a-1.b", "GET", "/a%2d1%2Eb", true),
    ("GET /a/b", "GET", "/a%2Fb", false), ("GET /a/b", "GET", "/%2561/b", false),
  ])
  func requestPattern(_ pattern: String, _ method: String, _ target: String, _ matches: Bool) throws
  {
    #expect(try RequestPattern(pattern).matches(method: method, target: target) == matches)
  }

  @Test(arguments: [
    ("", RequestPatternError.Code.form), ("GET", .form), ("GET /a /b", .form),
    ("G@T /a", .badMethod),
    ("get /a", .badMethod), ("GET a", .badPath), ("GET [a]", .badPath), ("GET /\u{7}", .badPath),
    ("GET /a?b=c", .badPath), ("GET /[a", .badGlob),
    ("GET /" + String(repeating: "a", count: 600), .badGlob),
  ])
  func brokenRequestPattern(_ text: String, _ code: RequestPatternError.Code) {
    let error = #expect(throws: RequestPatternError.self) { try RequestPattern(text) }
    #expect(error?.code == code)
  }

  @Test func ruleMatchIsUnknownWhereAnUnknownPartDecides() throws {
    let match = RuleMatch(
      request: try RequestPattern("GET /a"),
      userAgent: try Glob("node*", mode: .text, ignoringCase: true),
      status: StatusTest(minimum: 400))
    func includes(_ method: String, _ agent: WhereValue, _ status: WhereValue) -> Bool? {
      match.includes(method: method, target: "/a?x", userAgent: agent, status: status)
    }
    #expect(includes("GET", .text("Node"), .number(401)) == true)
    #expect(includes("GET", .text("curl"), .number(401)) == false)
    #expect(includes("GET", .absent, .number(401)) == false)
    #expect(includes("GET", .texts(["curl", "node"]), .number(401)) == true)
    #expect(includes("GET", .unknown, .number(401)) == nil)
    #expect(includes("GET", .unknown, .number(200)) == false)
    #expect(includes("GET", .text("node"), .unknown) == nil)
    #expect(includes("GET", .text("node"), .number(.infinity)) == false)
    #expect(includes("PUT", .unknown, .unknown) == false)
  }

  @Test func ruleIsAboutAPathHoweverItIsWritten() throws {
    let match = RuleMatch(request: try RequestPattern("POST /v1/chat/completions"))
    func includes(_ target: String) -> Bool? {
      match.includes(method: "POST", target: target, userAgent: .absent, status: .absent)
    }
    for target in ["/v1/chat/completions?x", "/v1/chat/%63ompletions", "/v1/chat%2fcompletions"] {
      #expect(includes(target) == true, "\(target)")
    }
    for target in ["/v1/chat%252Fcompletions", "/v1/chat/completions%3Fx"] {
      #expect(includes(target) == false, "\(target)")
    }
  }

  @Test func nearestWord() {
    #expect(NearestWord.find("requre", in: ["proxy", "require"]) == "require")
    #expect(NearestWord.find("xyz", in: ["proxy", "require"]) == nil)
    #expect(NearestWord.find("", in: ["a"]) == nil)
    #expect(NearestWord.find(String(repeating: "a", count: 100_000), in: ["a"]) == nil)
    #expect(NearestWord.distance(Array("exmept".utf8), Array("exempt".utf8)) == 1)
    #expect(NearestWord.distance([], Array("ab".utf8)) == 2)
  }

  @Test(arguments: [
    ("sk-1234", "<key>"), ("a sk-1234 b", "a <key> b"), ("task-1 ok", "task-1 ok"),
    ("Bearer abc", "Bearer abc"), ("a1b2c3d4e5f6g7h8i9j0", "<key>"),
    ("/chat/completions", "/chat/completions"),
    ("LITELLM_MASTER_KEY", "LITELLM_MASTER_KEY"),
    ("host.example.com:4000", "host.example.com:4000"),
  ])
  func likelyKeysAreMasked(_ text: String, _ shown: String) {
    #expect(KeyShape.masked(text).text == shown)
  }

  @Test func maskingMovesTheColumnAlong() {
    #expect(KeyShape.masked("sk-123456789 x", column: 14).column == 7)
    #expect(KeyShape.masked("a sk-123456789", column: 5).column == 3)
    #expect(KeyShape.masked("a sk-123456789", column: 1).column == 1)
  }
}
