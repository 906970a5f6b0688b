import Redaction
import Testing

@Suite struct RedactorTests {
  static let key = "sk-Kw7mMadeUp0123456789"

  // MARK: - Headers

  @Test(arguments: [
    ("Authorization", "Bearer \(key)", "Bearer key#1"),
    ("authorization", "bearer \(key)", "bearer key#1"),
    ("AUTHORIZATION", "BEARER  \(key)", "BEARER  key#1"),
    ("Authorization", "Bearer Bearer \(key)", "Bearer Bearer key#1"),
    ("Authorization", "Token \(key)", "Token key#1"),
    ("Authorization", "Bearer: \(key)", "Bearer: key#1"),
    ("Authorization", key, "key#1"),
    ("Authorization", "Bearer \"\(key)\"", "Bearer \"key#1\""),
    ("Authorization", "Bearer \(key), Bearer other-9key", "Bearer key#1, Bearer key#2"),
    ("Authorization", "Bearer {'api_key': '\(key)'}", "Bearer {'api_key': 'key#1'}"),
    ("Proxy-Authorization", "Bearer pq", "Bearer key#1"),
    ("x-api-key", "hand-typed", "key#1"),
    ("api-key", "hand-typed", "key#1"),
    ("X-Goog-Api-Key", "hand-typed", "key#1"),
    ("x-litellm-api-key", "Bearer hand-typed", "Bearer key#1"),
    ("Ocp-Apim-Subscription-Key", "hand-typed", "key#1"),
    ("X-Vault-Token", "hand-typed", "key#1"),
    ("X-Client-Secret", "hand-typed", "key#1"),
    ("X-Custom-Key", "hand-typed", "key#1"),
    ("Authorization", "Digest username=\"u\", response=\"0123\"", "Digest key#1"),
    ("Cookie", "session=abc123; theme=dark", "session=key#1; theme=key#2"),
    (" cookie ", "session=abc123; theme=dark", "session=key#1; theme=key#2"),
    ("Set-Cookie", "sid=abc; Path=/; HttpOnly", "sid=key#1; Path=/; HttpOnly"),
    ("Referer", "http://a/b?api_key=hand-typed&x=1", "http://a/b?api_key=key#1&x=1"),
    ("Location", "https://bob:hunter22@a/b", "https://bob:key#1@a/b"),
    ("X-Note", "see \(key).", "see key#1."),
    (
      "Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.hand-typed",
      "realtime, openai-insecure-api-key.key#1"
    ),
    (":authority", "bob:hunter22@a", "bob:key#1@a"),
  ])
  func replacesOnlyTheKey(name: String, value: String, shown: String) {
    var redactor = Redactor()
    #expect(redactor.header(name, value) == shown)
    #expect(redactor.header(name, shown) == shown)
  }

  @Test(arguments: [
    ("Authorization", "Bearer dummy-key-for-proxy"), ("Authorization", "Bearer"),
    ("Authorization", ""), ("Authorization", "Bearer undefined"),
    ("Authorization", "Bearer ${LITELLM_MASTER_KEY}"), ("Authorization", "Bearer $KEY"),
    ("Authorization", "Bearer %KEY%"), ("Authorization", "Bearer {{ key }}"),
    ("x-api-key", "os.environ/KEY"), ("Authorization", "Bearer [object Object]"),
    ("User-Agent", "OpenAI/JS 5.8.2"), ("Content-Type", "application/json"),
    ("X-Key-Word", "a word"), ("X-RateLimit-Remaining-Tokens", "149987"),
    ("WWW-Authenticate", "Bearer realm=\"x\""),
  ])
  func leavesTheDiagnosis(name: String, value: String) {
    var redactor = Redactor()
    #expect(redactor.header(name, value) == value)
  }

  @Test func aKeyIsFoundInFrontOfThePlaceThatShowsItToBeOne() {
    var redactor = Redactor()
    let text = "note: hand-typed-9 {\"api_key\": \"hand-typed-9\"}"
    let shown: String = redactor.text(text)
    #expect(shown == "note: key#1 {\"api_key\": \"key#1\"}")
    var another = Redactor()
    #expect(another.target("/hand-typed-9?api_key=hand-typed-9") == "/key#1?api_key=key#1")
  }

  @Test func theSchemeIsNoPartOfTheKey() {
    var redactor = Redactor()
    #expect(redactor.header("Authorization", "Bearer hand-typed") == "Bearer key#1")
    #expect(redactor.header("x-api-key", "hand-typed") == "key#1")
    #expect(redactor.keys.fingerprint(of: bytes("hand-typed")) == "key#1")
  }

  @Test func basicHidesItsPassword() {
    var redactor = Redactor()
    let value = base64(bytes("bob:hunter22"))
    #expect(redactor.header("Authorization", "Basic \(value)") == "Basic key#1")
    #expect(redactor.text("hunter22, \(value)") == "key#1, key#1")
    #expect(redactor.header("Authorization", "Basic !!!") == "Basic key#2")
    let user = base64(bytes("only-a-user:"))
    #expect(redactor.header("Authorization", "Basic \(user)") == "Basic key#3")
    let none = base64(bytes("admin:changeme"))
    #expect(redactor.header("Authorization", "Basic \(none)") == "Basic \(none)")
  }

  @Test func aURLBehindTheHostOfAnotherHasAPasswordToo() {
    var redactor = Redactor()
    let text: String = redactor.text("https://user:7890abcdef@lost://user:5780abcdef@lost;")
    #expect(text == "https://user:key#1@lost://user:key#2@lost;")
  }

  // MARK: - Targets

  @Test(arguments: [
    ("/v1/models?key=AIzaMadeUp", "/v1/models?key=key#1"),
    ("/a?api_key=x1&b=2&token=y2", "/a?api_key=key#1&b=2&token=key#2"),
    ("/a?api%5Fkey=x1y2", "/a?api%5Fkey=key#1"),
    ("/a?%61pi%5fkey=x1y2", "/a?%61pi%5fkey=key#1"),
    (
      "/a?access_token=x&apikey=y&x-api-key=z", "/a?access_token=key#1&apikey=key#2&x-api-key=key#3"
    ),
    ("/a?my_secret=x&my_key=y&password=z", "/a?my_secret=key#1&my_key=key#2&password=key#3"),
    ("http://bob:pass%40word@h/a?b=c", "http://bob:key#1@h/a?b=c"),
    ("/a?key=&token=${T}", "/a?key=&token=${T}"),
    ("/a?max_tokens=5&keyboard=x&monkey=y", "/a?max_tokens=5&keyboard=x&monkey=y"),
    ("/bot/\(key)/send", "/bot/key#1/send"),
  ])
  func targets(target: String, shown: String) {
    var redactor = Redactor()
    let result = redactor.target(target)
    #expect(result == shown)
    #expect(redactor.target(result) == result)
  }

  // MARK: - Texts

  @Test(arguments: [
    (#"{"api_key": "hand-typed", "n": 1}"#, #"{"api_key": "key#1", "n": 1}"#),
    (#"{"a":{"b":[{"apiKey":"hand-typed"}]}}"#, #"{"a":{"b":[{"apiKey":"key#1"}]}}"#),
    (#"{"a":"{\"api_key\":\"hand-typed\"}"}"#, #"{"a":"{\"api_key\":\"key#1\"}"}"#),
    (
      #"{"a":"{\\\"api_key\\\": \\\"hand-typed\\\"}"}"#,
      #"{"a":"{\\\"api_key\\\": \\\"key#1\\\"}"}"#
    ),
    (#"{"api\u005fkey":"hand-typed"}"#, #"{"api\u005fkey":"key#1"}"#),
    (#"{"api_key":"ab\"cd\"ef"}"#, #"{"api_key":"key#1"}"#),
    (#"{'api_key': 'hand-typed'}"#, #"{'api_key': 'key#1'}"#),
    (#"{"Authorization":"Bearer hand-typed"}"#, #"{"Authorization":"Bearer key#1"}"#),
    (#"{"password":"correct horse"}"#, #"{"password":"key#1"}"#),
    (#"{"key":"0123456789"}"#, #"{"key":"key#1"}"#),
    (#"{"api_key":"cut-off-he"#, #"{"api_key":"key#1"#),
    ("client_secret=hand-typed&grant=x", "client_secret=key#1&grant=x"),
    ("curl -H 'Authorization: Bearer hand-typed' -v", "curl -H 'Authorization: Bearer key#1' -v"),
    ("x-api-key: hand-typed\r\nhost: a", "x-api-key: key#1\r\nhost: a"),
    ("Cookie: a=bcd; e=fgh\r\nhost: a", "Cookie: a=key#1; e=key#2\r\nhost: a"),
    ("postgres://u:pw@db/x", "postgres://u:key#1@db/x"),
    ("Received API Key = sk-...1234, Key", "Received API Key = sk-..., Key"),
    ("Received=abcd****wxyz, expected", "Received=****, expected"),
    (
      "Key Hash (Token) =00000000000000000000000000000000000000000000000000000000000000ab. U",
      "Key Hash (Token) =key#1. U"
    ),
  ])
  func texts(text: String, shown: String) {
    var redactor = Redactor()
    #expect(redactor.text(text) == shown)
    #expect(redactor.text(shown) == shown)
  }

  @Test(arguments: [
    "Received=dumm****roxy, expected to start with 'sk-'.", "sk-learn, sk-...", "**bold** a****",
    #"{"token":"Hello","logprob":-0.1}"#, #"{"usage":{"total_tokens":12}}"#,
    #"{"api_key":null,"key":"name"}"#, "Password: must contain letters", "time 12:30:45 a=b",
    "disk-management-system-number-12345", "task-0123456789abcdef0123",
    "key = value; monkey=banana",
    "https://host:8080/a@b", #"{"api_key":"os.environ/KEY"}"#, "sk-learn-contrib-estimators",
  ])
  func leavesWhatIsNoSecret(text: String) {
    var redactor = Redactor()
    #expect(redactor.text(text) == text)
  }

  @Test func theHashOfASeenKeyIsItsFingerprint() {
    var redactor = Redactor()
    _ = redactor.header("Authorization", "Bearer sk-1234")
    let hash = "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b"
    #expect(redactor.text("hash \(hash).") == "hash key#1.")
  }

  @Test func shortKeysDoNotShredTheOutput() {
    var redactor = Redactor()
    #expect(redactor.header("Authorization", "Bearer he") == "Bearer key#1")
    #expect(redactor.text("he said: the") == "he said: the")
    #expect(redactor.header("Authorization", "Bearer test") == "Bearer key#2")
    #expect(redactor.text("the latest test, tested") == "the latest key#2, tested")
  }

  @Test func errorTextSentAsAKeyIsNotSearchedFor() {
    var redactor = Redactor()
    #expect(redactor.header("Authorization", "Bearer no key found") == "Bearer key#1 key key#2")
    #expect(redactor.text("nothing found") == "nothing found")
  }

  @Test func theLongestOfOverlappingKeysIsShown() {
    var redactor = Redactor()
    redactor.keys.registerExpected(bytes("abcdefgh"))
    redactor.keys.registerExpected(bytes("abcdefghijkl"))
    #expect(redactor.text("(abcdefghijkl) (abcdefgh)") == "(key#1) (key#2)")
    #expect(redactor.text("abcdefghabcdefgh") == "key#2key#2")
  }

  @Test func bytesThatAreNotUTF8Stay() {
    var redactor = Redactor()
    let input = [0xFF, 0xC3] + bytes(Self.key) + [0x80, 0x00]
    // 0xC3 and 0x80 are no letters: the key stands alone.
    #expect(redactor.text(input) == [0xFF, 0xC3] + bytes("key#1") + [0x80, 0x00])
  }

  @Test func showingSecretsChangesNothing() {
    var redactor = Redactor(showingSecrets: true)
    #expect(redactor.header("Authorization", "Bearer \(Self.key)") == "Bearer \(Self.key)")
    #expect(redactor.text(Self.key) == Self.key)
    #expect(redactor.target("/?key=\(Self.key)") == "/?key=\(Self.key)")
  }

  @Test func manyKeysAreAllFound() {
    var redactor = Redactor()
    for number in 0..<500 { redactor.keys.registerExpected(bytes("made-up-key-\(number)-end")) }
    let all = (0..<500).map { "made-up-key-\($0)-end" }.joined(separator: " ")
    #expect(!redactor.text(all).contains("made-up"))
  }
}
