import Redaction
import Testing

@Suite struct KeyRingTests {
  @Test func numbersByFirstAppearance() {
    var ring = KeyRing()
    #expect(ring.fingerprint(of: bytes("sk-made-up-one")) == "key#1")
    #expect(ring.fingerprint(of: bytes("sk-made-up-two")) == "key#2")
    #expect(ring.fingerprint(of: bytes("sk-made-up-one")) == "key#1")
  }

  /// What was written before may hold it: the number of keys alone doesn't tell.
  @Test func aKeyThatIsLookedForOnlyNowChangesTheGeneration() {
    var ring = KeyRing()
    _ = ring.fingerprint(of: bytes("abcdef123456"), as: .incidental)
    let (count, before) = (ring.count, ring.generation)
    _ = ring.fingerprint(of: bytes("abcdef123456"), as: .incidental)
    #expect(ring.generation == before)
    _ = ring.fingerprint(of: bytes("abcdef123456"), as: .credential)
    #expect(ring.count == count)
    #expect(ring.generation > before)
  }

  @Test func anExpectedKeyIsNumberedWhenItAppears() {
    var ring = KeyRing()
    ring.registerExpected(bytes("sk-the-right-one"))
    #expect(ring.fingerprint(of: bytes("sk-another")) == "key#1")
    #expect(ring.fingerprint(of: bytes("sk-the-right-one")) == "key#2")
    #expect(ring.isExpected(bytes("sk-the-right-one")))
    #expect(!ring.isExpected(bytes("sk-another")))
  }

  @Test func saltGivesTheSameEverywhere() {
    var one = KeyRing(salt: bytes("grain"))
    var two = KeyRing(salt: bytes("grain"))
    var other = KeyRing(salt: bytes("another grain"))
    _ = two.fingerprint(of: bytes("sk-first"))
    let label = one.fingerprint(of: bytes("sk-1234"))
    // printf sk-1234 | openssl dgst -sha256 -hmac grain
    #expect(label == "key#0ca7a317679a")
    #expect(label == two.fingerprint(of: bytes("sk-1234")))
    #expect(label != other.fingerprint(of: bytes("sk-1234")))
  }

  @Test(arguments: [
    "", "dummy-key-for-proxy", "sk-xxxx", "sk-XXXXXXXX", "YOUR_API_KEY", "changeme", "not-needed",
    "undefined", "null", "None", "[object Object]", "${LITELLM_MASTER_KEY}", "os.environ/KEY",
    "{{key}}", "{{ secrets.KEY }}", "${{ secrets.KEY }}", "$KEY", "%KEY%", "key#1",
    "key#012345abcdef",
  ])
  func whatIsNoSecretHasNoFingerprint(value: String) {
    var ring = KeyRing()
    #expect(ring.fingerprint(of: bytes(value)) == nil)
  }

  @Test(arguments: ["$ecret", "${X}y", "a%KEY%", "sk-xxxy", "changeme1", "${X:-default}", "key#x"])
  func onlyTheWholeValueCounts(value: String) {
    var ring = KeyRing()
    #expect(ring.fingerprint(of: bytes(value)) == "key#1")
  }

  @Test func anExpectedPlaceholderIsASecret() {
    var ring = KeyRing()
    ring.registerExpected(bytes("changeme"))
    #expect(ring.fingerprint(of: bytes("changeme")) == "key#1")
  }

  @Test func placeholdersOfAPolicy() {
    var ring = KeyRing(placeholders: .common.adding(["Ours-Is-None"]))
    #expect(ring.fingerprint(of: bytes("ours-is-none")) == nil)
    #expect(ring.fingerprint(of: bytes("dummy")) == nil)
  }

  @Test func aHashOfAKeyIsThatKey() {
    var ring = KeyRing()
    _ = ring.fingerprint(of: bytes("sk-1234"))
    let hash = "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b"
    #expect(ring.fingerprint(of: bytes(hash), as: .incidental) == "key#1")
  }

  @Test func expectedByHash() throws {
    var ring = KeyRing()
    let hex = bytes("88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b")
    let hash = try stride(from: 0, to: 64, by: 2).map {
      try #require(UInt8(string(Array(hex[$0...($0 + 1)])), radix: 16))
    }
    ring.registerExpected(sha256: hash)
    #expect(ring.isExpected(bytes("sk-1234")))
    #expect(!ring.isExpected(bytes("sk-12345")))
  }

  @Test func capsAreCounted() {
    var ring = KeyRing()
    let long = [UInt8](repeating: 0x61, count: KeyRing.longestSearched + 1)
    #expect(ring.fingerprint(of: long) == "key#1")
    #expect(ring.unsearched == 1)
  }
}
