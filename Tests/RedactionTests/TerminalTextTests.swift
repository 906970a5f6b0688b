import Redaction
import Testing

@Suite struct TerminalTextTests {
  @Test func nothingReachesTheTerminal() {
    #expect(TerminalText.escape("\u{1B}[31mred\u{07}") == #"\x1b[31mred\x07"#)
    #expect(TerminalText.escape("a\u{9B}31m\u{85}") == #"a\u{9b}31m\u{85}"#)
    #expect(TerminalText.escape([0x9B, 0x41, 0xFF, 0xC0, 0x80]) == #"\x9bA\xff\xc0\x80"#)
    #expect(TerminalText.escape("\u{7F}\0") == #"\x7f\x00"#)
    #expect(
      TerminalText.escape("a\u{202E}b\u{2066}\u{200B}\u{FEFF}\u{061C}")
        == #"a\u{202e}b\u{2066}\u{200b}\u{feff}\u{61c}"#)
    #expect(TerminalText.escape([0xED, 0xA0, 0x80]) == #"\xed\xa0\x80"#)
    #expect(TerminalText.escape([0xE2, 0x82]) == #"\xe2\x82"#)
  }

  @Test func whatCanBeReadStays() {
    #expect(TerminalText.escape("plain \\ text") == "plain \\ text")
    #expect(TerminalText.escape("Grüße 你好 🙂") == "Grüße 你好 🙂")
  }

  @Test func oneLineOrSeveral() {
    #expect(TerminalText.escape("a\tb\r\nc\rd") == #"a\x09b\x0d\x0ac\x0dd"#)
    #expect(TerminalText.escape("a\tb\r\nc\rd", keepingNewlines: true) == "a\tb\nc\\x0dd")
  }
}
