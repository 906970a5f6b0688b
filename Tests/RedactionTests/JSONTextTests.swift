import Foundation
import Redaction
import Testing

@Suite struct JSONTextTests {
  static func json(_ bytes: [UInt8], escapingMarkup: Bool = false) -> String {
    var output: [UInt8] = []
    JSONText.append(bytes, to: &output, escapingMarkup: escapingMarkup)
    return string(output)
  }

  @Test func escapes() {
    #expect(Self.json(bytes("a\"b\\c/d")) == #""a\"b\\c/d""#)
    #expect(Self.json(bytes("\n\r\t\u{8}\u{C}\0\u{1B}")) == #""\n\r\t\b\f\u0000\u001b""#)
    #expect(Self.json(bytes("\u{7F}\u{9B}\u{202E}\u{FEFF}")) == #""\u007f\u009b\u202e\ufeff""#)
    #expect(Self.json(bytes("\u{E0041}")) == #""\udb40\udc41""#)
    #expect(Self.json([0x61, 0xFF, 0x62]) == "\"a\u{FFFD}b\"")
    #expect(Self.json(bytes("Grüße 你好 🙂")) == "\"Grüße 你好 🙂\"")
    #expect(Self.json([]) == "\"\"")
    #expect(Self.json(bytes("</script>&"), escapingMarkup: true) == #""\u003c/script\u003e\u0026""#)
  }

  /// Short texts are looked through at once, long ones byte by byte.
  @Test func aShortTextIsWrittenAsPartOfALongOne() {
    let rest = String(repeating: "-", count: 300)
    for value in UInt32(0)..<0x300 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      for text in ["\(scalar)", "ab\(scalar)", "\(scalar)cd", "abcdefghijk\(scalar)lmnopqrstuv"] {
        let long = Self.json(bytes(text + rest))
        #expect(Self.json(bytes(text)) == long.replacing(rest, with: ""))
        #expect(JSONText.quoted(text) == Self.json(bytes(text)))
      }
    }
    for byte in UInt8.min...UInt8.max {
      let long = Self.json([0x61, byte, 0x62] + bytes(rest))
      #expect(Self.json([0x61, byte, 0x62]) == long.replacing(rest, with: ""))
    }
  }

  @Test func everyScalarComesBack() throws {
    var all = ""
    for value in stride(from: UInt32(0), through: 0x10FFFF, by: 37) {
      if let scalar = Unicode.Scalar(value) { all.unicodeScalars.append(scalar) }
    }
    for value in UInt32(0)..<0x300 {
      if let scalar = Unicode.Scalar(value) { all.unicodeScalars.append(scalar) }
    }
    let back = try JSONDecoder().decode(
      [String].self, from: Data("[\(Self.json(bytes(all)))]".utf8))
    #expect(back.first.map { Array($0.unicodeScalars) } == Array(all.unicodeScalars))
  }
}
