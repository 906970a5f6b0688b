import Testing

@testable import Verdicts

@Suite struct GlobTests {
  @Test(arguments: [
    ("/model/info", "/model/info", true),
    ("/model/info", "/model/info/", false),
    ("/model/*", "/model/info", true),
    ("/model/*", "/model/", true),
    ("/model/*", "/model/a/b", false),
    ("/model/**", "/model/a/b", true),
    ("/**", "/", true),
    ("/**", "/a/b", true),
    ("**", "", true),
    ("/v1/**/chat", "/v1/chat", true),
    ("/v1/**/chat", "/v1/a/b/chat", true),
    ("/v1/**/chat", "/v1/achat", false),
    ("/v1/**/chat", "/v1/a/xchat", false),
    ("/v?/chat", "/v1/chat", true),
    ("/v?/chat", "/v/chat", false),
    ("/a?b", "/a/b", false),
    ("/[ab]c", "/bc", true),
    ("/[ab]c", "/cc", false),
    ("/[a-c]", "/b", true),
    ("/[!a]", "/a", false),
    ("/[!a]", "/b", true),
    ("/[!a]", "//", false),
    ("/[^a]", "/b", true),
    ("/[]x]", "/]", true),
    ("/[*]", "/*", true),
    ("/[*]", "/a", false),
    ("/*/*", "/a/b", true),
    ("*.json", "a.json", true),
    ("*.json", "a/b.json", false),
  ])
  func pathPattern(_ pattern: String, _ path: String, _ matches: Bool) throws {
    #expect(try Glob(pattern, mode: .path).matches(path) == matches)
  }

  @Test(arguments: [
    ("OpenAI/*", "openai/js 5.8.2", true),
    ("OpenAI/*", "OpenAI/JS/5", true),
    ("openai/[J]S*", "OpenAI/js", true),
    ("OpenAI", "OpenAI/JS", false),
    ("*", "", true),
  ])
  func userAgentPatternIgnoresCase(_ pattern: String, _ text: String, _ matches: Bool) throws {
    #expect(try Glob(pattern, mode: .text, ignoringCase: true).matches(text) == matches)
  }

  @Test func caseCountsUnlessIgnored() throws {
    #expect(try !Glob("/Model/*", mode: .path).matches("/model/x"))
    #expect(try !Glob("GET", mode: .text).matches("get"))
  }

  @Test func questionMarkTakesOneWholeCharacter() throws {
    let pattern = try Glob("/?x", mode: .path)
    #expect(pattern.matches("/éx"))
    #expect(pattern.matches("/日x"))
    #expect(!pattern.matches("/éex"))
    #expect(try !Glob("/??", mode: .path).matches("/é"))
  }

  @Test func bytesThatAreNoUTF8MatchRunsOnly() throws {
    let bytes: [UInt8] = [0x2F, 0xFF, 0x80, 0x61]
    #expect(try Glob("/*a", mode: .path).matches(bytes))
    #expect(try !Glob("/b*", mode: .path).matches(bytes))
  }

  @Test func overlongSlashIsNoSlash() throws {
    #expect(try !Glob("/a/b", mode: .path).matches([0x2F, 0x61, 0xC0, 0xAF, 0x62]))
  }

  @Test func bracketsCanBeOrdinary() throws {
    #expect(try Glob("[::1]:*", mode: .text, classes: false).matches("[::1]:4000"))
  }

  @Test(arguments: [
    ("", GlobError.Code.empty), ("/[a", .openClass), ("[", .openClass), ("[]", .openClass),
    ("[z-a]", .emptyRange), ("[é]", .classBeyondASCII), ("[a-é]", .classBeyondASCII),
  ])
  func brokenPattern(_ pattern: String, _ code: GlobError.Code) {
    let error = #expect(throws: GlobError.self) { try Glob(pattern, mode: .path) }
    #expect(error?.code == code)
  }

  @Test func overlongPatternIsRefused() {
    let longest = String(repeating: "a", count: Glob.longestPattern)
    #expect(throws: Never.self) { try Glob(longest, mode: .text) }
    #expect(throws: GlobError.self) { try Glob(longest + "a", mode: .text) }
  }

  @Test(.timeLimit(.minutes(30)), arguments: [Glob.Mode.path, .text])
  func manyStarsStayLinear(_ mode: Glob.Mode) throws {
    let pattern = try Glob(String(repeating: "*a", count: 200) + "b", mode: mode)
    let text = String(repeating: "a", count: 20_000)
    let time = ContinuousClock().measure { #expect(!pattern.matches(text)) }
    #expect(time < .seconds(20))
  }

  @Test func manyDoubleStarsStayLinear() throws {
    let pattern = try Glob("/" + String(repeating: "**/", count: 100) + "b", mode: .path)
    #expect(!pattern.matches(String(repeating: "/a", count: 2_000)))
    #expect(pattern.matches("/b"))
  }
}
