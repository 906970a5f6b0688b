import Testing

@testable import LiteLLM

/// orjson's own words, as measured with it.
@Suite struct RequestJSONTests {
  @Test(arguments: [
    ("{", "unexpected end of data: line 1 column 2 (char 1)"),
    (#"{"a""#, "unexpected end of data: line 1 column 5 (char 4)"),
    (#"{"a": 1,}"#, "trailing comma is not allowed: line 1 column 8 (char 7)"),
    ("[1,]", "trailing comma is not allowed: line 1 column 3 (char 2)"),
    ("[1 2]", "unexpected character, expected ',' or ']': line 1 column 4 (char 3)"),
    (#"{"a" 1}"#, "unexpected character, expected ':' after key: line 1 column 6 (char 5)"),
    ("{a:1}", "unexpected character, expected a string key: line 1 column 2 (char 1)"),
    (#"{"a":1} x"#, "unexpected content after document: line 1 column 9 (char 8)"),
    ("nul", "unexpected end of data: line 1 column 4 (char 3)"),
    ("01", "number with leading zero is not allowed: line 1 column 1 (char 0)"),
    (#""\x""#, "invalid escaped sequence in string: line 1 column 2 (char 1)"),
    ("\"\n\"", "unexpected control character in string: line 1 column 2 (char 1)"),
    (#"{"a":tru}"#, "invalid literal, expected 'true': line 1 column 6 (char 5)"),
    (#"{"a":NaN}"#, "unexpected character, expected a JSON value: line 1 column 6 (char 5)"),
    ("\u{FEFF}{}", "UTF-8 byte order mark (BOM) is not supported: line 1 column 1 (char 0)"),
    ("  ", "input data is empty: line 1 column 1 (char 0)"),
    ("{\n \"é\": x}", "unexpected character, expected a JSON value: line 2 column 7 (char 8)"),
  ])
  func failures(_ text: String, _ message: String) {
    #expect(throws: RequestJSON.Failure(message: message)) {
      try RequestJSON.parse(Array(text.utf8))
    }
  }

  @Test func values() throws {
    let value = try RequestJSON.parse(
      Array(#" {"a":[1,-2.5e3,true,null],"b":"\u00e9\ud83d\ude00\n"} "#.utf8))
    #expect(
      value
        == .object([
          "a": .array([.integer(1), .number(-2500), .boolean(true), .null]), "b": .string("é😀\n"),
        ]))
  }

  @Test func aDeepNestIsRefused() {
    #expect(throws: RequestJSON.Failure.self) {
      try RequestJSON.parse(Array(String(repeating: "[", count: 100_000).utf8))
    }
  }
}
