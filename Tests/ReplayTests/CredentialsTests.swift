import Sockets
import Testing

@testable import Replay

/// Which keys go over the wire.
@Suite struct CredentialsTests {
  private func head(
    _ fields: String, _ credentials: Credentials, standIns: [String] = [], prefix: String = ""
  ) -> String {
    let bytes = Array("GET /model/info?x=1 HTTP/1.1\r\nHost: old:1\r\n\(fields)\r\n".utf8)
    let request = RecordedRequest(
      exchange: 1, connection: 1, offset: 0, end: 0, method: "GET", target: "/model/info",
      head: bytes, content: [],
      standIns: Dictionary(
        uniqueKeysWithValues: standIns.enumerated().map { (Array($1.utf8), "key#\($0 + 1)") }),
      recordedServer: .none, answer: nil)
    let (sent, _) = credentials.head(of: request, host: "new:2", prefix: prefix)
    return String(decoding: sent, as: UTF8.self)
  }

  private let key = Credentials(.key(Array("sk-right".utf8)))
  private let forced = Credentials(.key(Array("sk-right".utf8)), isForced: true)

  @Test func onlyTheHostIsChangedWhereNobodyAsksForMore() {
    #expect(
      head("ACCEPT:  */*\r\nx-A: 1\r\nx-A: 2\r\n", Credentials())
        == "GET /model/info?x=1 HTTP/1.1\r\nHost: new:2\r\nACCEPT:  */*\r\nx-A: 1\r\nx-A: 2\r\n\r\n"
    )
  }

  @Test func aKeyTakesTheStandInsPlaceAndLeavesTheScheme() {
    #expect(
      head("authorization: Basic sk-stand-in\r\n", key, standIns: ["Basic sk-stand-in"])
        .contains("\r\nauthorization: Basic sk-right\r\n"))
    #expect(
      head("X-Api-Key: sk-stand-in\r\n", key, standIns: ["sk-stand-in"])
        .contains("\r\nX-Api-Key: sk-right\r\n"))
  }

  @Test func aKeyGoesNowhereElse() {
    let fields = "Cookie: a=sk-a\r\nX-CSRF-Token: sk-a\r\nReferer: sk-a\r\n"
    #expect(!head(fields, key, standIns: ["a=sk-a", "sk-a"]).contains("sk-right"))
    #expect(!head(fields, key, standIns: ["sk-a"]).contains("sk-right"))
  }

  @Test func quotesStayAsTheyWere() {
    #expect(
      head("authorization: Bearer \"sk-a\"\r\n", key, standIns: ["Bearer \"sk-a\""])
        .contains("\r\nauthorization: Bearer \"sk-right\"\r\n"))
  }

  @Test func eachRecordedKeyMayHaveItsOwn() {
    var mapped = Credentials()
    mapped.byName = ["key#2": Array("sk-second".utf8)]
    let fields = "x-api-key: sk-a\r\nauthorization: Bearer sk-b\r\n"
    #expect(
      head(fields, mapped, standIns: ["sk-a", "Bearer sk-b"])
        .contains("\r\nx-api-key: sk-a\r\nauthorization: Bearer sk-second\r\n"))
    mapped.source = .key(Array("sk-others".utf8))
    #expect(
      head(fields, mapped, standIns: ["sk-a", "Bearer sk-b"])
        .contains("\r\nx-api-key: sk-others\r\nauthorization: Bearer sk-second\r\n"))
  }

  @Test(arguments: ["", "Authorization: Bearer dummy-key-for-proxy\r\n"])
  func aFaultIsNotHidden(_ fields: String) {
    #expect(!head(fields, key).contains("sk-right"))
  }

  @Test(arguments: ["", "Authorization: Bearer dummy-key-for-proxy\r\n", "authorization: x\r\n"])
  func unlessThatIsAskedFor(_ fields: String) {
    let sent = head(fields, forced)
    #expect(sent.lowercased().ranges(of: "authorization: bearer sk-right\r\n").count == 1)
    #expect(sent.lowercased().ranges(of: "authorization").count == 1)
    #expect(sent.hasSuffix("\r\n\r\n"))
  }

  @Test func thePathGoesBehindTheTargets() {
    #expect(head("", Credentials(), prefix: "/llm").hasPrefix("GET /llm/model/info?x=1 HTTP/1.1"))
  }

  @Test(arguments: [
    "ftp://h", "h:80", "http://", "http://u:p@127.0.0.1", "http://127.0.0.1:0",
    "http://127.0.0.1:70000", "http://127.0.0.1/?q", "http://10.1.2.3", "http://169.254.169.254",
    "http://[fe80::1]", "http://[::ffff:169.254.169.254]", "http://0.0.0.0",
  ])
  func targetsThatAreRefused(_ url: String) {
    #expect(throws: ServerAddress.Refusal.self) { try ServerAddress(url, allowing: []) }
  }

  @Test func targetsThatAreTaken() throws {
    #expect(try ServerAddress("http://127.0.0.1:4000/llm/", allowing: []).prefix == "/llm")
    #expect(try ServerAddress("https://localhost", allowing: []).port == 443)
    #expect(try ServerAddress("http://[::1]:8", allowing: []).authority == "[::1]:8")
    #expect(try ServerAddress("http://10.1.2.3", allowing: ["10.1.2.3"]).host == "10.1.2.3")
    // Metadata are nobody's to allow.
    #expect(throws: ServerAddress.Refusal.self) {
      try ServerAddress("http://169.254.169.254", allowing: ["169.254.169.254"])
    }
  }
}
