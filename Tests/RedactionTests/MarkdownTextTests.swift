import Redaction
import Testing

@Suite struct MarkdownTextTests {
  @Test func isNoMarkup() {
    #expect(MarkdownText.inline("a|b*c_`d`") == #"a\|b\*c\_\`d\`"#)
    #expect(MarkdownText.inline("[x](http://y)") == #"\[x\]\(http\://y\)"#)
    #expect(MarkdownText.inline("<img src=x>&amp;") == #"&lt;img src\=x&gt;&amp;amp;"#)
    #expect(MarkdownText.inline("# a\n- b") == ##"\# a\\x0a\- b"##)
    #expect(MarkdownText.inline("@all www.x.y") == #"@<!-- -->all www\.x\.y"#)
    #expect(MarkdownText.inline("~~a~~ ![b] \\") == #"\~\~a\~\~ \!\[b\] \\"#)
  }

  @Test func codeSpans() {
    #expect(MarkdownText.code(bytes("a")) == "` a `")
    #expect(MarkdownText.code(bytes("a``b|c")) == "``` a``b\\|c ```")
    #expect(MarkdownText.code(bytes("a\nb")) == #"` a\x0ab `"#)
  }

  @Test func fences() {
    #expect(MarkdownText.fence(for: bytes("a")) == "```")
    #expect(MarkdownText.fence(for: bytes("```` a ``")) == "`````")
  }
}
