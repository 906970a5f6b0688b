import Exchanges
import HTTP
import Redaction
import TestSupport
import Testing
import Wire

@testable import Verdicts

/// Judges the credential of one request, sent over the wire with these header lines.
func judgedCredential(
  _ fields: [String], method: String = "GET", target: String = "/model/info",
  expected: String? = nil, policy: Policy = Policy()
) throws -> Credential {
  var talk = Conversation()
  talk.client(Dialogue.request(method, target, fields: fields))
  talk.server(Dialogue.answer())
  talk.close()
  return try judgedCredential(of: talk.packets(), expected: expected, policy: policy)
}

/// Judges the first request of these packets.
func judgedCredential(
  of packets: [Packet], expected: String? = nil, policy: Policy = Policy()
) throws -> Credential {
  let file = try ScratchFile(packets: packets)
  let key = expected.map { ExpectedKey.plain(Array($0.utf8)) }
  var sink = CredentialTestSink(
    judge: CaptureJudge(CheckOptions(policy: policy, expected: key)))
  var reconstructor = try Reconstructor(files: [file.path])
  _ = reconstructor.run(into: &sink)
  return try #require(sink.credentials.first)
}

private struct CredentialTestSink: ExchangeSink {
  var judge: CaptureJudge
  var redactor = Redactor()
  var credentials: [Credential] = []

  mutating func began(_ source: CaptureSource) {}

  mutating func take(_ exchange: Exchange, in store: CaptureStore) {
    if let judged = judge.take(exchange, in: store, &redactor) {
      credentials.append(judged.credential)
    }
  }
}

/// Every class of the contract, in its order, with its examples.
@Suite("A credential gets the first verdict that holds") struct CredentialJudgeTests {
  private static let key = "sk-test-4f9Qm2Xw7Lr1Tz8V"
  private let key = Self.key

  private func verdict(_ fields: String..., expected: String? = nil) throws -> Verdict {
    try judgedCredential(fields, expected: expected).verdict
  }

  private func policy(_ text: String) throws -> Policy {
    try PolicyReader.read(text: text, file: "policy.yml")
  }

  @Test func aKeyAmongTheSubprotocolsIsInTheWrongHeader() throws {
    let sent = "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.\(key)"
    let credential = try judgedCredential([sent], expected: key)
    #expect(credential.verdict == .wrongHeader)
    #expect(credential.header == "sec-websocket-protocol")
    #expect(try verdict(sent, "Authorization: Bearer \(key)", expected: key) == .ok)
  }

  // MARK: unknown

  @Test(arguments: [
    ["Authorization : Bearer \(key)"], ["Authorization: Bearer\r\n \(key)"],
    ["Authorization: Bearer \(key)", "Host: other"],
    ["Authorization: Bearer \(key)", "Content-Length: 0", "Transfer-Encoding: chunked"],
    ["Authorization: Bearer \(key)", "Content-Length: 0", "Content-Length: 1"],
    ["Authorization: Bearer \(key)", "no colon in here"],
    ["Authorization: Bearer \(key)\u{01}"],
  ])
  func headThatTwoParsersReadDifferently(_ fields: [String]) throws {
    let credential = try judgedCredential(fields)
    #expect(credential.verdict == .unknown)
    #expect(credential.reason == .ambiguousFraming)
  }

  @Test func bareLineFeeds() throws {
    var talk = Conversation()
    talk.client("GET /model/info HTTP/1.1\nHost: a\nAuthorization: Bearer \(key)\n\n")
    talk.close()
    #expect(try judgedCredential(of: talk.packets()).reason == .ambiguousFraming)
  }

  @Test func snaplen() throws {
    var talk = Conversation()
    talk.client(Dialogue.request("GET", "/model/info", fields: ["Authorization: Bearer \(key)"]))
    talk.close()
    var packets = talk.packets()
    for index in packets.indices { packets[index].snaplen = 96 }
    #expect(try judgedCredential(of: packets).reason == .snaplen)
  }

  @Test func captureThatEndsInsideTheHead() throws {
    var talk = Conversation()
    talk.client("GET /model/info HTTP/1.1\r\nHost: a\r\nAuthoriz")
    let credential = try judgedCredential(of: talk.packets())
    #expect(credential.verdict == .unknown)
    #expect(credential.reason == .cut)
  }

  @Test func headThatWasSentTwiceDifferently() throws {
    var talk = Conversation()
    talk.client(Dialogue.request("GET", "/model/info", fields: ["Authorization: Bearer \(key)"]))
    talk.server(Dialogue.answer())
    talk.close()
    var packets = talk.packets()
    var again = packets[3]
    again.time += 1
    again.payload = again.payload.map { $0 == UInt8(ascii: "4") ? UInt8(ascii: "5") : $0 }
    again.identification = 9999
    packets.insert(again, at: 4)
    let credential = try judgedCredential(of: packets)
    #expect(credential.verdict == .unknown)
    #expect(credential.reason == .overlap)
  }

  @Test func unknownComesBeforeExempt() throws {
    let credential = try judgedCredential(["X : y"], target: "/health/liveliness")
    #expect(credential.verdict == .unknown)
  }

  // MARK: exempt

  @Test(arguments: ["/health/liveliness", "/routes", "/public/model_hub", "/"])
  func publicRoute(_ target: String) throws {
    let credential = try judgedCredential([], target: target)
    #expect(credential.verdict == .exempt)
    #expect(credential.note == .publicRoute)
  }

  @Test func queryDoesNotMakeARouteAnother() throws {
    #expect(try judgedCredential([], target: "/health/liveliness?a=b").verdict == .exempt)
    #expect(
      try judgedCredential([], target: "/model/info?x=/health/liveliness").verdict == .missing)
  }

  @Test func preflight() throws {
    let credential = try judgedCredential(
      ["Origin: http://a", "Access-Control-Request-Method: POST"], method: "OPTIONS")
    #expect(credential.verdict == .exempt)
    #expect(credential.note == .preflight)
  }

  @Test func optionsWithoutOriginIsNoPreflight() throws {
    #expect(try judgedCredential([], method: "OPTIONS").verdict == .missing)
  }

  @Test func connect() throws {
    let credential = try judgedCredential([], method: "CONNECT", target: "api.example.com:443")
    #expect(credential.verdict == .exempt)
    #expect(credential.note == .connect)
  }

  @Test func exemptByPolicy() throws {
    let credential = try judgedCredential([], policy: policy("exempt: [GET /model/info]\n"))
    #expect(credential.verdict == .exempt)
    #expect(credential.note == .byPolicy)
  }

  @Test func exemptComesBeforeConflicting() throws {
    let credential = try judgedCredential(
      ["Authorization: Bearer a", "x-api-key: b"], target: "/health/liveliness")
    #expect(credential.verdict == .exempt)
  }

  // MARK: conflicting

  @Test func twoHeadersThatDiffer() throws {
    let credential = try judgedCredential(["Authorization: Bearer \(key)", "x-api-key: sk-other-1"])
    #expect(credential.verdict == .conflicting)
    #expect(credential.header == "authorization")
    #expect(credential.others == ["x-api-key"])
  }

  @Test func oneHeaderTwiceThatDiffers() throws {
    #expect(
      try verdict("Authorization: Bearer \(key)", "Authorization: Bearer sk-other-1")
        == .conflicting)
  }

  @Test func twoEqualHeadersAreJudgedOnce() throws {
    let credential = try judgedCredential([
      "Authorization: Bearer \(key)", "Authorization: Bearer \(key)",
    ])
    #expect(credential.verdict == .ok)
    #expect(credential.note == .repeated)
  }

  @Test func equalKeysInTwoHeadersAreJudgedOnce() throws {
    let credential = try judgedCredential(["Authorization: Bearer \(key)", "x-api-key: \(key)"])
    #expect(credential.verdict == .ok)
    #expect(credential.note == .repeated)
  }

  @Test func conflictingComesBeforeWrongHeader() throws {
    #expect(try verdict("x-api-key: \(key)", "api-key: sk-other-1") == .conflicting)
  }

  @Test func rightKeyBesideAPlaceholderIsAConflict() throws {
    #expect(
      try verdict("Authorization: Bearer dummy", "x-api-key: \(key)", expected: key) == .conflicting
    )
  }

  // MARK: wrong-header

  @Test(arguments: ["x-api-key", "api-key", "x-goog-api-key", "Ocp-Apim-Subscription-Key"])
  func keyInAnotherHeader(_ header: String) throws {
    let credential = try judgedCredential(["\(header): \(key)"])
    #expect(credential.verdict == .wrongHeader)
    #expect(credential.header == header.lowercased())
  }

  @Test(arguments: ["", "Bearer "])
  func litellmsOwnHeaderIsAnotherHeaderToo(_ scheme: String) throws {
    #expect(try verdict("x-litellm-api-key: \(scheme)\(key)") == .wrongHeader)
  }

  @Test func emptyAuthorizationBesideARightKeyCountsAsAbsent() throws {
    let credential = try judgedCredential(["Authorization:", "x-api-key: \(key)"])
    #expect(credential.verdict == .wrongHeader)
    #expect(credential.header == "x-api-key")
  }

  @Test func emptyAuthorizationBesideAKeyThatThePolicyAllows() throws {
    let credential = try judgedCredential(
      ["Authorization:", "x-api-key: \(key)"], expected: key,
      policy: policy("credential: {header: [authorization, x-api-key]}\n"))
    #expect(credential.verdict == .ok)
  }

  @Test func headerThatThePolicyAllows() throws {
    let credential = try judgedCredential(
      ["x-api-key: \(key)"], policy: policy("credential: {header: x-api-key}\n"))
    #expect(credential.verdict == .ok)
  }

  @Test func headerThatThePolicyDoesNotAllow() throws {
    let credential = try judgedCredential(
      ["Authorization: Bearer \(key)"], policy: policy("credential: {header: x-api-key}\n"))
    #expect(credential.verdict == .wrongHeader)
  }

  @Test(arguments: ["", "Bearer ", "bearer "])
  func litellmsOwnHeaderTakesAKeyWithAndWithoutScheme(_ scheme: String) throws {
    let credential = try judgedCredential(
      ["x-litellm-api-key: \(scheme)\(key)"], expected: key,
      policy: policy("credential: {header: x-litellm-api-key}\n"))
    #expect(credential.verdict == .ok)
  }

  @Test func schemeInAHeaderThatTakesNone() throws {
    let credential = try judgedCredential(
      ["x-api-key: Bearer \(key)"], policy: policy("credential: {header: x-api-key}\n"))
    #expect(credential.verdict == .wrongScheme)
  }

  // MARK: missing, empty, scheme-only

  @Test(arguments: [
    [], ["Cookie: key=\(key)"], ["Proxy-Authorization: Bearer \(key)"],
    ["X-Authorization: Bearer \(key)"], ["X-Note: Authorization: Bearer \(key)"],
    ["litellm_user_api_key: \(key)"],
  ])
  func noCredentialHeader(_ fields: [String]) throws {
    #expect(try judgedCredential(fields).verdict == .missing)
  }

  @Test(arguments: ["/model/info?key=\(key)", "/model/info?api_key=\(key)"])
  func keyInTheQueryIsNone(_ target: String) throws {
    #expect(try judgedCredential([], target: target).verdict == .missing)
  }

  @Test(arguments: ["Authorization:", "Authorization: ", "authorization:\t ", "x-api-key:"])
  func emptyHeader(_ field: String) throws {
    #expect(try judgedCredential([field]).verdict == .empty)
  }

  @Test(arguments: ["Bearer", "bearer", "Bearer ", "Bearer \t"])
  func schemeAlone(_ value: String) throws {
    #expect(try verdict("Authorization: \(value)") == .schemeOnly)
  }

  // MARK: Schemes

  @Test(arguments: ["Bearer Bearer \(key)", "Bearer bearer \(key)", "bearer Bearer \(key)"])
  func doubledScheme(_ value: String) throws {
    #expect(try verdict("Authorization: \(value)", expected: key) == .doubledScheme)
  }

  @Test(arguments: [key, "BearerK\(key)", "Bearer:\(key)", "Bearer\(key)", "hunter2"])
  func keyWithoutAScheme(_ value: String) throws {
    #expect(try verdict("Authorization: \(value)") == .noScheme)
  }

  @Test(arguments: [
    "BEARER \(key)", "BeArEr \(key)", "Token \(key)", "Key \(key)", "Basic dXNlcjpwYXNz",
    "Digest a=b", "Negotiate abc",
  ])
  func wrongScheme(_ value: String) throws {
    #expect(try verdict("Authorization: \(value)") == .wrongScheme)
  }

  @Test(arguments: ["Bearer \(key)", "bearer \(key)"])
  func schemesThatLiteLLMTakes(_ value: String) throws {
    #expect(try verdict("Authorization: \(value)", expected: key) == .ok)
  }

  @Test func schemeAsItWasSent() throws {
    #expect(try judgedCredential(["Authorization: BEARER \(key)"]).scheme == "BEARER")
  }

  // MARK: Values that are no keys

  @Test(arguments: [
    "${LITELLM_MASTER_KEY}", "$LITELLM_MASTER_KEY", "os.environ/KEY", "{{key}}",
    "{{ .Values.key }}",
    "%KEY%", "${{ secrets.KEY }}", "$(KEY)", "process.env.KEY",
  ])
  func unexpanded(_ value: String) throws {
    #expect(try verdict("Authorization: Bearer \(value)") == .unexpanded)
  }

  @Test(arguments: [
    "undefined", "null", "None", "NaN", "[object Object]", "[object Promise]",
    "{'api_key': 'sk-1'}", "true",
  ])
  func stringified(_ value: String) throws {
    #expect(try verdict("Authorization: Bearer \(value)") == .stringified)
  }

  @Test(arguments: [
    "dummy-key-for-proxy", "dummy-key-for-initialization", "not-needed", "sk-placeholder",
    "sk-xxxx",
    "YOUR_API_KEY", "changeme", "Dummy-Key-For-Proxy",
  ])
  func placeholder(_ value: String) throws {
    #expect(try verdict("Authorization: Bearer \(value)") == .placeholder)
  }

  @Test func placeholderIsOneWithAnExpectedKeyToo() throws {
    #expect(try verdict("Authorization: Bearer not-needed", expected: key) == .placeholder)
  }

  @Test func placeholderThatIsTheExpectedKeyIsWeak() throws {
    let credential = try judgedCredential(
      ["Authorization: Bearer changeme"], expected: "changeme")
    #expect(credential.verdict == .ok)
    #expect(credential.note == .weakKey)
  }

  @Test func placeholderOfThePolicy() throws {
    let credential = try judgedCredential(
      ["Authorization: Bearer fill-me-in"],
      policy: policy("credential: {placeholders: [fill-me-in]}\n"))
    #expect(credential.verdict == .placeholder)
  }

  @Test(arguments: [
    "\"\(key)\"", "'\(key)'", "`\(key)`", " \(key)", "sk-a b", "sk-a\tb", "\(key),\(key)",
    "\(key), Bearer sk-other", "sk-é",
  ])
  func malformed(_ value: String) throws {
    #expect(try verdict("Authorization: Bearer \(value)") == .malformed)
  }

  @Test func tabBehindTheSchemeIsMalformed() throws {
    #expect(try verdict("Authorization: Bearer\t\(key)", expected: key) == .malformed)
  }

  @Test func twoSpacesBehindTheSchemeAreMalformed() throws {
    #expect(try verdict("Authorization: Bearer  \(key)", expected: key) == .malformed)
  }

  // MARK: wrong-key, ok

  @Test func wellFormedButAnotherKey() throws {
    #expect(try verdict("Authorization: Bearer sk-other-1", expected: key) == .wrongKey)
  }

  @Test(arguments: [key.uppercased(), String(key.dropLast()), key + "x"])
  func nearlyTheKey(_ value: String) throws {
    #expect(try verdict("Authorization: Bearer \(value)", expected: key) == .wrongKey)
  }

  @Test func expectedKey() throws {
    let credential = try judgedCredential(["Authorization: Bearer \(key)"], expected: key)
    #expect(credential.verdict == .ok)
    #expect(credential.note == nil)
  }

  @Test func expectedKeyByItsHash() throws {
    // Of the key above.
    let hash = "4a28ee200dbff523ee3fc4bd912cd66947cec80540cbaea9cae2817a5b21f6c4"
    let hashed = try policy("expect: sha256:\(hash)\n")
    let source = try #require(hashed.expect?.value)
    let expected = try source.resolve(environment: [:], baseDirectory: "/")
    #expect(expected.matches(Array(key.utf8)))
    #expect(!expected.matches(Array("sk-other-1".utf8)))
  }

  @Test func withoutAnExpectedKeyItIsNotCompared() throws {
    let credential = try judgedCredential(["Authorization: Bearer \(key)"])
    #expect(credential.verdict == .ok)
    #expect(credential.note == .notCompared)
  }

  @Test(arguments: ["authorization", "AUTHORIZATION", "aUthOrization"])
  func headersNameInAnyCase(_ name: String) throws {
    #expect(try verdict("\(name): Bearer \(key)", expected: key) == .ok)
  }

  @Test(arguments: ["Bearer \(key) ", "Bearer \(key)\t", " \t Bearer \(key)"])
  func outerBlanksAreNoPartOfTheValue(_ value: String) throws {
    #expect(try verdict("Authorization: \(value)", expected: key) == .ok)
  }

  @Test func policyWithoutAScheme() throws {
    let bare = try policy("credential: {scheme: none}\n")
    #expect(
      try judgedCredential(["Authorization: \(key)"], expected: key, policy: bare).verdict == .ok)
    #expect(
      try judgedCredential(["Authorization: Bearer \(key)"], expected: key, policy: bare).verdict
        == .wrongScheme)
  }

  // MARK: The order as a whole

  @Test func verdictsStandInTheContractsOrder() {
    #expect(
      Verdict.allCases.map(\.rawValue) == [
        "unknown", "exempt", "conflicting", "wrong-header", "missing", "empty", "scheme-only",
        "doubled-scheme", "no-scheme", "wrong-scheme", "unexpanded", "stringified", "placeholder",
        "malformed", "wrong-key", "ok",
      ])
  }

  @Test(arguments: Verdict.allCases)
  func onlyOkAndExemptPass(_ verdict: Verdict) {
    #expect(verdict.passes == (verdict == .ok || verdict == .exempt))
    #expect(verdict.isViolation == (!verdict.passes && verdict != .unknown))
  }
}
