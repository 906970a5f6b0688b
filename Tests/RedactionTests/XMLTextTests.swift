import Redaction
import Testing

@Suite struct XMLTextTests {
  @Test func markup() {
    #expect(XMLText.element("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;")
    #expect(XMLText.element("]]>") == "]]&gt;")
    #expect(XMLText.attribute("\" onload='x'") == "&quot; onload=&#39;x&#39;")
  }

  @Test func onlyCharactersOfXML() {
    #expect(
      XMLText.element("a\0\u{1B}[1m\u{85}\u{FFFF}\u{202E}")
        == #"a\x00\x1b[1m\u{85}\u{ffff}\u{202e}"#)
    #expect(XMLText.element([0xFF, 0x3C]) == #"\xff&lt;"#)
  }

  @Test func linesAndTabs() {
    #expect(XMLText.element("a\n\tb\r\n") == "a\n\tb&#13;\n")
    #expect(XMLText.attribute("a\n\tb\r\n") == "a&#10;&#9;b&#13;&#10;")
  }
}
