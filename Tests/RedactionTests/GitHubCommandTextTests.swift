import Redaction
import Testing

@Suite struct GitHubCommandTextTests {
  @Test func dataAndProperties() {
    #expect(GitHubCommandText.data("100% a\nb:c,d") == "100%25 a%0Ab:c,d")
    #expect(GitHubCommandText.property("a:b,c%\n") == "a%3Ab%2Cc%25%0A")
    #expect(GitHubCommandText.data("\u{1B}[1m\rx") == #"\x1b[1m\x0dx"#)
  }

  @Test(arguments: [
    ("::error::x", #"\x3a:error::x"#), ("  ::stop-commands::t", #"  \x3a:stop-commands::t"#),
    ("a\n::set-env::b", "a\n\\x3a:set-env::b"), ("a::b", "a::b"), ("a: b", "a: b"),
    ("##[error]x", #"#\x23[error]x"#), ("a ##[command]x", #"a #\x23[command]x"#),
    ("##teamcity[x]", #"#\x23teamcity[x]"#), ("##vso[task]", #"#\x23vso[task]"#), ("## a", "## a"),
    ("\u{3000}::x", "\u{3000}\\x3a:x"), ("\r::x", "\r\\x3a:x"), (":::", #"\x3a::"#),
  ])
  func noLineIsACommand(text: String, shown: String) {
    #expect(GitHubCommandText.neutralized(text) == shown)
  }
}
