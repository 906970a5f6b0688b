import Redaction
import Testing

/// One secret in every form of safety rule 1: none survives.
@Suite struct CanaryTests {
  /// No known shape: found only because it was seen. With characters that each notation escapes.
  static let canary = #"Cnry/7+q"Z9~v~ÿ&w=x?K"#

  static func forms() -> [String] {
    let plain = bytes(canary)
    var forms = [canary]
    for pad in ["", "a", "ab", "abc", "user:"] {
      for urlSafe in [false, true] {
        forms.append(base64(bytes(pad) + plain, urlSafe: urlSafe))
        forms.append(base64(bytes(pad) + plain + bytes("tail"), urlSafe: urlSafe))
      }
    }
    forms.append(plain.map { hex($0, "%") }.joined())
    forms.append(plain.map { hex($0, "%").lowercased() }.joined())
    forms.append(plain.map { Self.isPlain($0) ? string([$0]) : hex($0, "%") }.joined())
    forms.append(canary.replacing("\"", with: "\\\""))
    forms.append(canary.replacing("\"", with: "\\\"").replacing("/", with: "\\/"))
    forms.append(canary.unicodeScalars.map { unicode($0.value) }.joined())
    let once = canary.replacing("\"", with: "\\\"")
    forms.append(once.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))
    forms.append(base64(plain).replacing("/", with: "\\/").replacing("+", with: "%2B"))
    forms.append(
      canary.unicodeScalars.map { unicode($0.value) }.joined().replacing("\\", with: "%5C"))
    return forms
  }

  static func isPlain(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  static func hex(_ byte: UInt8, _ prefix: String) -> String {
    prefix + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }

  static func unicode(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// What would still tell of the secret: any four bytes of a form in a row.
  static func survives(_ form: String, in shown: String) -> Bool {
    let parts = bytes(form)
    let text = bytes(shown)
    guard parts.count >= 8 else { return false }
    // What stands around the secret in a form is no secret.
    for start in 8..<max(9, parts.count - 14) where start + 6 <= parts.count {
      if text.contains(Array(parts[start..<(start + 6)])) { return true }
    }
    return false
  }

  static let frames: [(String, String)] = [
    ("", ""), (" ", " "), ("{\"a\":\"", "\"}"), ("before-", "."),
    (
      #"{"error":{"message":"Authentication Error, Invalid: "#,
      #".","type":"auth_error","code":"401"}}"#
    ),
    ("data: {\"delta\":\"", "\"}\n\n"),
  ]

  @Test func noFormSurvives() {
    for form in Self.forms() {
      for (before, after) in Self.frames {
        var redactor = Redactor()
        redactor.keys.registerExpected(bytes(Self.canary))
        let shown: String = redactor.text(before + form + after)
        #expect(shown.contains("key#1"), "\(form)")
        #expect(!Self.survives(form, in: shown), "\(form) in \(shown)")
        #expect(shown.hasPrefix(before) && shown.hasSuffix(after), "\(shown)")
        #expect(redactor.text(shown) == shown)
      }
    }
  }

  @Test func noFormSurvivesInTwoPieces() {
    for form in Self.forms() {
      let whole = bytes("event: x\n" + form + " end")
      for cut in stride(from: 0, through: whole.count, by: 3) {
        var redactor = Redactor()
        redactor.keys.registerExpected(bytes(Self.canary))
        var stream = StreamRedactor()
        var output = stream.feed(whole[..<cut], through: &redactor)
        output += stream.feed(whole[cut...], through: &redactor)
        output += stream.finish(through: &redactor)
        #expect(string(output).contains("key#1"))
        #expect(!Self.survives(form, in: string(output)))
      }
    }
  }

  @Test func aKeySeenInAHeaderIsFoundInItsAnswer() {
    var redactor = Redactor()
    #expect(redactor.header("Authorization", "Bearer sk-1234") == "Bearer key#1")
    #expect(
      redactor.text(#"{"error":{"message":"Invalid","param":"sk-1234"}}"#)
        == #"{"error":{"message":"Invalid","param":"key#1"}}"#)
    #expect(redactor.target("/echo/sk%2D1234") == "/echo/key#1")
    #expect(redactor.header("X-Echo", "<sk-1234>") == "<key#1>")
  }
}

extension [UInt8] {
  fileprivate func contains(_ part: [UInt8]) -> Bool {
    guard part.count <= count else { return false }
    return (0...(count - part.count)).contains { self[$0..<($0 + part.count)].elementsEqual(part) }
  }
}
