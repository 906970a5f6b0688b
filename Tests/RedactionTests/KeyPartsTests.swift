import Redaction
import Testing

/// What is left of a key, and what stands around one.
@Suite struct KeyPartsTests {
  static let key = "Qx7Rm2Lw9Tz4Vb6Nk3Hs8Jd5"

  static func redactor() -> Redactor {
    var redactor = Redactor()
    redactor.keys.registerExpected(bytes(key))
    return redactor
  }

  @Test func anyEightBytesOfAKeyAreFound() {
    for start in 0...(Self.key.count - 8) {
      for length in 8...(Self.key.count - start) {
        let part = Self.key.dropFirst(start).prefix(length)
        var redactor = Self.redactor()
        #expect(redactor.text("a \(part) z") == "a key#1 z")
      }
    }
  }

  @Test func partOfItsBase64IsFound() {
    let encoded = base64(bytes("ab" + Self.key))
    var redactor = Self.redactor()
    let shown: String = redactor.text("x " + encoded.dropFirst(9).prefix(14))
    #expect(shown == "x key#1")
  }

  @Test func hexadecimalIsFound() {
    let digits = bytes(Self.key).map { CanaryTests.hex($0, "") }.joined()
    var redactor = Self.redactor()
    #expect(redactor.text("id \(digits).") == "id key#1.")
    #expect(redactor.text("id 0\(digits.lowercased())") == "id key#1")
    #expect(redactor.text("id 0123456789abcdef0123") == "id 0123456789abcdef0123")
  }

  /// A key made of words must not shred what is written in words.
  @Test func wordsAreNoParts() {
    var redactor = Redactor()
    #expect(redactor.header("Authorization", "Bearer my-development-key-2026") == "Bearer key#1")
    let prose = "the development-key of 2026 and key-2026"
    #expect(redactor.text(prose) == prose)
  }

  @Test func keyInPiecesOfAStreamIsFound() {
    for size in 1...Self.key.count {
      var redactor = Self.redactor()
      var stream = ""
      var rest = Self.key[...]
      while !rest.isEmpty {
        stream += #"data: {"choices":[{"delta":{"content":"\#(rest.prefix(size))"}}]}"# + "\n\n"
        rest = rest.dropFirst(size)
      }
      stream += "data: [DONE]\n\n"
      let shown: String = redactor.text(stream)
      #expect(shown.contains("key#1"))
      let joined = shown.split(separator: #""content":""#).dropFirst().map {
        String($0.prefix { $0 != "\"" })
      }
      #expect(joined.joined() == "key#1")
    }
  }

  @Test func messagesOfOneConversationAreNotJoined() {
    var redactor = Self.redactor()
    let text = #"{"messages":[{"content":"sk-abcdef"},{"content":"012345678"}]}"#
    #expect(redactor.text(text) == text)
  }

  @Test(arguments: [
    ("Authori\u{0}zation", "Bearer Zq8hunter2", "Bearer key#1"),
    ("Authorization\u{0}", "Bearer Zq8hunter2", "Bearer key#1"),
    ("X-Forwarded-Authorization", "Bearer Zq8hunter2", "Bearer key#1"),
    ("Cookie", "Zq8hunter2", "key#1"), ("Host", "u:hunter2@a.example", "u:key#1@a.example"),
    ("Host", "Zq8hunter2@a.example", "key#1@a.example"), ("Host", "a.example:80", "a.example:80"),
    ("X-Note", "Bearer authentication is asked for", "Bearer authentication is asked for"),
    ("X-Note", "got Bearer Zq8hunter2", "got Bearer key#1"),
    ("X-Note", "https://git@a.example/x", "https://git@a.example/x"),
    ("X-Note", "https://Zq8hunter2@a.example/x", "https://key#1@a.example/x"),
  ])
  func field(_ name: String, _ value: String, _ shown: String) {
    var redactor = Redactor()
    #expect(redactor.header(name, value) == shown)
  }

  @Test(arguments: [
    ("u:hunter2@a.example:443", "u:key#1@a.example:443"),
    ("//u:hunter2@a.example/x", "//u:key#1@a.example/x"),
    ("http://a.example/x?q=a@b", "http://a.example/x?q=a@b"), ("a.example:443", "a.example:443"),
    ("/x#key=hunter2", "/x#key=key#1"), ("/x#Zq8hunter2Zq8hunter2", "/x#key#1"),
    ("/x#section-2", "/x#section-2"), ("/x;key=Zq8hunter2", "/x;key=key#1"),
  ])
  func target(_ target: String, _ shown: String) {
    var redactor = Redactor()
    #expect(redactor.target(target) == shown)
  }

  @Test(arguments: [
    (#"{"api_key":["hunter2","hunter3"],"a":["b"]}"#, #"{"api_key":["key#1","key#2"],"a":["b"]}"#),
    (
      "--b\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\nhunter2\r\n--b",
      "--b\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\nkey#1\r\n--b"
    ),
    ("cut at sk-Zq8hunt", "cut at key#1"), ("sk-learn", "sk-learn"),
    ("/x/eyJhbGciOiJI.eyJzdWIi", "/x/key#1"),
  ])
  func content(_ text: String, _ shown: String) {
    var redactor = Redactor()
    #expect(redactor.text(text) == shown)
  }

  /// A line that was written before its key was known as one.
  @Test func linesAreReadAgain() {
    var redactor = Redactor()
    let line = redactor.target("/x/\(Self.key)")
    #expect(line.contains(Self.key))
    _ = redactor.header("Authorization", "Bearer \(Self.key)")
    #expect(redactor.knownKeys(in: line) == "/x/key#1")
    #expect(redactor.knownKeys(in: "password=hunter22") == "password=hunter22")
  }

  @Test func unknownSchemeMayBeTheKey() {
    var redactor = Redactor()
    #expect(redactor.scheme("Token") == "Token")
    #expect(redactor.scheme("Zq8hunter2") == "key#1")
  }
}
