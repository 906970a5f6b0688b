internal import Testing
internal import Wire

@testable internal import TLS

/// What openssl says to itself, with each cipher suite that can be opened.
@Suite(.enabled(if: OpenSSL.path != nil, Comment(rawValue: OpenSSL.absence)), .serialized)
struct ConversationTests {
  struct Suite: Sendable, CustomStringConvertible {
    var version: String
    /// openssl's name of it, or IANA's for TLS 1.3.
    var cipher: String
    var name: String
    var isECDSA = false
    var isWithoutETM = false

    var description: String { "\(version) \(name)\(isWithoutETM ? " (MAC first)" : "")" }

    var options: [String] {
      switch version {
      case "-tls1_3": [version, "-ciphersuites", cipher]
      case "-tls1_2": [version, "-cipher", cipher]
      default: [version, "-cipher", cipher + ":@SECLEVEL=0"]
      }
    }
  }

  static let suites = [
    Suite(version: "-tls1_3", cipher: "TLS_AES_128_GCM_SHA256", name: "TLS_AES_128_GCM_SHA256"),
    Suite(version: "-tls1_3", cipher: "TLS_AES_256_GCM_SHA384", name: "TLS_AES_256_GCM_SHA384"),
    Suite(
      version: "-tls1_3", cipher: "TLS_CHACHA20_POLY1305_SHA256",
      name: "TLS_CHACHA20_POLY1305_SHA256"),
    Suite(
      version: "-tls1_2", cipher: "ECDHE-RSA-AES128-GCM-SHA256",
      name: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    Suite(
      version: "-tls1_2", cipher: "ECDHE-RSA-AES256-GCM-SHA384",
      name: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
    Suite(
      version: "-tls1_2", cipher: "ECDHE-ECDSA-AES256-GCM-SHA384",
      name: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", isECDSA: true),
    Suite(
      version: "-tls1_2", cipher: "DHE-RSA-AES128-GCM-SHA256",
      name: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"),
    Suite(
      version: "-tls1_2", cipher: "AES256-GCM-SHA384", name: "TLS_RSA_WITH_AES_256_GCM_SHA384"),
    Suite(
      version: "-tls1_2", cipher: "ECDHE-RSA-CHACHA20-POLY1305",
      name: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
    Suite(
      version: "-tls1_2", cipher: "ECDHE-RSA-AES128-SHA",
      name: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
    Suite(
      version: "-tls1_2", cipher: "ECDHE-RSA-AES128-SHA",
      name: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", isWithoutETM: true),
    Suite(
      version: "-tls1_2", cipher: "ECDHE-RSA-AES128-SHA256",
      name: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
    Suite(
      version: "-tls1_2", cipher: "ECDHE-RSA-AES256-SHA384",
      name: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
    Suite(
      version: "-tls1_2", cipher: "ECDHE-RSA-AES256-SHA384",
      name: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", isWithoutETM: true),
    Suite(version: "-tls1_2", cipher: "AES128-SHA256", name: "TLS_RSA_WITH_AES_128_CBC_SHA256"),
    Suite(
      version: "-tls1_1", cipher: "ECDHE-RSA-AES128-SHA",
      name: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
    Suite(
      version: "-tls1", cipher: "ECDHE-RSA-AES256-SHA",
      name: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
    Suite(
      version: "-tls1", cipher: "AES128-SHA", name: "TLS_RSA_WITH_AES_128_CBC_SHA",
      isWithoutETM: true),
  ]

  /// Longer than a record; digits, because letters may be commands to openssl.
  static let long = String(repeating: "0123456789-", count: 2000) + "\n"

  @Test(arguments: suites) func opensEachSuite(_ suite: Suite) throws {
    let tail = suite.isWithoutETM ? ["-no_etm"] : []
    let recording = try #require(
      try OpenSSL.record(
        server: ["-alpn", "h2,http/1.1", "-cipher", "ALL:@SECLEVEL=0"] + tail,
        clients: [suite.options + tail + ["-alpn", "http/1.1", "-servername", "proxy.test"]],
        turns: [.client("hello\n"), .server("answer\n"), .client(Self.long), .server(Self.long)],
        identity: suite.isECDSA ? OpenSSL.ecdsa : OpenSSL.rsa
      ).first)
    var witness = Witness(recording)
    witness.watch(recording.chunks)
    #expect(witness.text(.forward) == "hello\n" + Self.long)
    #expect(witness.text(.backward) == "answer\n" + Self.long)
    let session = witness.session
    #expect(session.cipherSuiteName == suite.name)
    #expect(session.version?.name == Self.name(of: suite.version))
    #expect(session.applicationProtocol == "http/1.1")
    #expect(session.serverName == "proxy.test")
    #expect(session.clientDirection == .forward)
    #expect(session.shut == nil)
    #expect(witness.shutBytes(.forward) + witness.shutBytes(.backward) == 0)
    #expect(witness.count(.opened) == 1)
    #expect(witness.count(.lost) == 0)
    #expect(witness.oddities(.forward) + witness.oddities(.backward) == [])
    #expect(witness.joined(.forward).last == .closed(alert: 0))

    // However the bytes come in pieces, they tell the same.
    var slow = Witness(recording)
    slow.watch(recording.chunks, pieces: 1)
    for direction in [Direction.forward, .backward] {
      #expect(slow.joined(direction) == witness.joined(direction))
      #expect(slow.text(direction) == witness.text(direction))
    }
  }

  private static func name(of option: String) -> String {
    ["-tls1_3": "TLS 1.3", "-tls1_2": "TLS 1.2", "-tls1_1": "TLS 1.1"][option] ?? "TLS 1.0"
  }
}
