import Redaction
import Testing

/// Anyone may have made the capture: no trap, and linear time.
@Suite(.serialized) struct HostileInputTests {
  /// Seconds that a megabyte may take in a debug build on a busy machine; quadratic time takes hours.
  static let limit = 8.0

  @Test(arguments: [
    "sk-", "eyJ.eyJ.", "eyJ-", "eyJaaaaaaaa.", "://", ":", "\"api_key\":\"", "\"api_key\":'", "\\",
    "\\u",
    "%", "%25", "*", "a****", "...", "sk-...", "key=", "?key=", "Authorization: ", "\nCookie: a=",
    "Bearer ", "\"", "aaaaaaaaa", "key#1", "\\\"", "?key==", "?token=", "password: ",
    "\\\\\"api_key\\\\\":", "@:", "http://a:",
  ])
  func aMegabyteOf(text piece: String) {
    var redactor = Redactor()
    redactor.keys.registerExpected(bytes(String(repeating: "a", count: 999) + "b"))
    let size = piece == "sk-" || piece == "eyJ.eyJ." ? 1_000_000 : 250_000
    let count = size / piece.utf8.count
    let input = bytes(String(repeating: piece, count: count))
    let time = ContinuousClock().measure { _ = redactor.text(input) }
    #expect(time < .seconds(Self.limit), "\(piece): \(time)")
    let header = ContinuousClock().measure {
      _ = redactor.headerValue(name: bytes("authorization"), value: Array(input.prefix(100_000)))
      _ = redactor.headerValue(name: bytes("cookie"), value: Array(input.prefix(100_000)))
      _ = redactor.target(Array(input.prefix(100_000)))
    }
    #expect(header < .seconds(Self.limit), "\(piece): \(header)")
  }

  @Test func aJWTWithEndlessParts() {
    var redactor = Redactor()
    let input = bytes(
      String(repeating: "eyJ-", count: 25_000) + "." + String(repeating: "a", count: 100_000))
    let time = ContinuousClock().measure { _ = redactor.text(input) }
    #expect(time < .seconds(Self.limit), "\(time)")
  }

  @Test func thousandsOfKeys() {
    var redactor = Redactor()
    let time = ContinuousClock().measure {
      for number in 0..<1000 {
        _ = redactor.header("authorization", "Bearer made-up-\(number)-key")
      }
    }
    #expect(time < .seconds(4 * Self.limit), "\(time)")
    #expect(redactor.text("made-up-999-key") == "key#1000")
  }

  /// Bytes without sense, the same in every run.
  @Test func anyBytes() {
    var state: UInt64 = 42
    let special = bytes("\"'\\:=&?%#*.-_ sk-key@/\n\r{}[]<>u0x;,`|$")
    for _ in 0..<300 {
      var input: [UInt8] = []
      for _ in 0..<200 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let random = Int(state >> 33)
        input.append(
          random % 3 == 0 ? UInt8(truncatingIfNeeded: random >> 8) : special[random % special.count]
        )
      }
      var redactor = Redactor()
      let once: [UInt8] = redactor.text(input)
      let twice: [UInt8] = redactor.text(once)
      #expect(once == twice, "\(string(input))")
      for name in ["authorization", "cookie", "set-cookie", "x-token", "other"] {
        _ = redactor.headerValue(name: bytes(name), value: input)
      }
      _ = redactor.target(input)
      _ = TerminalText.escape(input)
      _ = XMLText.attribute(input)
      _ = MarkdownText.inline(input)
      _ = GitHubCommandText.data(input)
      _ = ShellText.quote(input)
      var json: [UInt8] = []
      JSONText.append(input, to: &json)
    }
  }
}
