internal import TestSupport
internal import Testing
internal import Wire

@testable internal import TLS

/// Handshakes other than the plain one.
@Suite(.enabled(if: OpenSSL.path != nil, Comment(rawValue: OpenSSL.absence)), .serialized)
struct HandshakeTests {
  private static let turns: [OpenSSL.Turn] = [.client("one\n"), .server("1\n"), .client("two\n")]

  private func expectOpen(
    _ recording: OpenSSL.Recording, forward: String = "one\ntwo\n", backward: String = "1\n",
    keyLog: [UInt8]? = nil
  ) -> Witness {
    var witness = Witness(recording, keyLog: keyLog)
    witness.watch(recording.chunks)
    #expect(witness.text(.forward) == forward)
    #expect(witness.text(.backward) == backward)
    #expect(witness.session.shut == nil)
    #expect(witness.shutBytes(.forward) + witness.shutBytes(.backward) == 0)
    #expect(witness.oddities(.forward) + witness.oddities(.backward) == [])
    #expect(witness.count(.lost) == 0)
    #expect(witness.count(.opened) == 1)
    return witness
  }

  @Test(arguments: ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"])
  func followsKeyUpdates(_ suite: String) throws {
    let recordings = try OpenSSL.record(
      clients: [["-tls1_3", "-ciphersuites", suite, "-alpn", "http/1.1"]],
      turns: [
        .client("one\n"), .client("K\n"), .client("two\n"), .server("1\n"), .server("k\n"),
        .server("2\n"), .server("K\n"), .client("three\n"), .server("3\n"),
      ])
    let recording = try #require(recordings.first)
    _ = expectOpen(recording, forward: "one\ntwo\nthree\n", backward: "1\n2\n3\n")
    // Without the handshake's secrets, where the other ones begin must be found by trying.
    let partial = recording.keyLog(
      without: "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET")
    let witness = expectOpen(
      recording, forward: "one\ntwo\nthree\n", backward: "1\n2\n3\n", keyLog: partial)
    #expect(witness.session.applicationProtocol == nil)
  }

  @Test(arguments: [[], ["-no_ticket"]])
  func followsResumptionOfTLS12(_ server: [String]) throws {
    let session = try Folder().path + "/session"
    let recordings = try OpenSSL.record(
      server: server,
      clients: [
        ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256", "-sess_out", session],
        ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256", "-sess_in", session],
      ], turns: Self.turns)
    for recording in recordings { _ = expectOpen(recording) }
    // The second handshake is abbreviated: there is no certificate in it.
    #expect(recordings.count == 2)
    #expect(recordings[1].bytes(.backward).count + 500 < recordings[0].bytes(.backward).count)
  }

  @Test func followsEarlyData() throws {
    let folder = try Folder()
    let session = folder.path + "/session"
    let early = try folder.file("early", "early\n")
    let recordings = try OpenSSL.record(
      server: ["-early_data", "-alpn", "h2"],
      clients: [
        ["-tls1_3", "-alpn", "h2", "-sess_out", session],
        ["-tls1_3", "-alpn", "h2", "-sess_in", session, "-early_data", early],
      ], turns: Self.turns)
    let recording = try #require(recordings.last)
    #expect(String(decoding: recording.keyLog, as: UTF8.self).contains("CLIENT_EARLY"))
    let whole = expectOpen(recording, forward: "early\none\ntwo\n")
    #expect(whole.session.applicationProtocol == "h2")

    var slow = Witness(recording)
    slow.watch(recording.chunks, pieces: 1)
    #expect(slow.text(.forward) == "early\none\ntwo\n")
    #expect(slow.joined(.forward) == whole.joined(.forward))

    // Nobody waits: whether the server takes them isn't known in time.
    var hasty = Witness(recording)
    hasty.watch(recording.chunks, mayWait: false)
    #expect(hasty.text(.forward) == "one\ntwo\n")
    #expect(hasty.shutBytes(.forward) > 0)
    #expect(hasty.count(.lost) == 1)

    var partial = Witness(
      recording, keyLog: recording.keyLog(without: "CLIENT_EARLY_TRAFFIC_SECRET"))
    partial.watch(recording.chunks)
    #expect(partial.text(.forward) == "one\ntwo\n")
    #expect(partial.oddities(.forward) == [.tlsPartialKeys])
    #expect(partial.shutBytes(.forward) > 0)
    #expect(partial.count(.lost) == 1)

    // The server's answer can't be read: that the early data count isn't known.
    var unanswered = Witness(
      recording, keyLog: recording.keyLog(without: "SERVER_HANDSHAKE_TRAFFIC_SECRET"))
    unanswered.watch(recording.chunks)
    #expect(unanswered.text(.forward) == "one\ntwo\n")
    #expect(unanswered.oddities(.forward) == [.tlsPartialKeys])
  }

  /// Another server can't open the ticket: it passes over the early data, and so must a witness.
  @Test func passesOverEarlyDataThatWereRefused() throws {
    let folder = try Folder()
    let session = folder.path + "/session"
    let early = try folder.file("early", "early\n")
    _ = try OpenSSL.record(
      server: ["-early_data"], clients: [["-tls1_3", "-sess_out", session]], turns: Self.turns)
    let recordings = try OpenSSL.record(
      server: ["-early_data"],
      clients: [["-tls1_3", "-sess_in", session, "-early_data", early]], turns: Self.turns)
    let recording = try #require(recordings.first)
    #expect(String(decoding: recording.keyLog, as: UTF8.self).contains("CLIENT_EARLY"))
    _ = expectOpen(recording)
    _ = expectOpen(recording, keyLog: recording.keyLog(without: "CLIENT_EARLY_TRAFFIC_SECRET"))
  }

  @Test func followsRetryRequests() throws {
    let recordings = try OpenSSL.record(
      server: ["-groups", "P-384"], clients: [["-tls1_3", "-groups", "X25519:P-384"]],
      turns: Self.turns)
    let recording = try #require(recordings.first)
    _ = expectOpen(recording)
    let hellos = TLSBytes.records(of: recording.bytes(.forward)).filter { $0[0] == 22 }
    #expect(hellos.count == 2)
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"]) func passesOverClientCertificates(
    _ version: String
  ) throws {
    let client = try OpenSSL.ecdsa.get()
    let recordings = try OpenSSL.record(
      server: ["-Verify", "1"],
      clients: [[version, "-cert", client.certificate, "-key", client.key]], turns: Self.turns)
    _ = expectOpen(try #require(recordings.first))
  }

  @Test(arguments: ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA"])
  func followsRenegotiation(_ suite: String) throws {
    let recordings = try OpenSSL.record(
      server: ["-client_renegotiation"], clients: [["-tls1_2", "-cipher", suite]],
      turns: [.client("one\n"), .client("R\n"), .client("two\n"), .server("1\n")])
    let recording = try #require(recordings.first)
    let lines = String(decoding: recording.keyLog, as: UTF8.self).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("CLIENT_RANDOM") } == 2)
    _ = expectOpen(recording)
  }

  private static let withoutEMS = """
    openssl_conf = all
    [all]
    ssl_conf = tls
    [tls]
    system_default = defaults
    [defaults]
    Options = -ExtendedMasterSecret
    """

  @Test func derivesTheMasterSecretFromThePremasterSecret() throws {
    let recordings = try OpenSSL.record(
      clients: [["-tls1_2", "-cipher", "AES128-GCM-SHA256"]], turns: Self.turns,
      configuration: Self.withoutEMS)
    let recording = try #require(recordings.first)
    let keyLog = recording.keyLog(without: "CLIENT_RANDOM")
    try #require(String(decoding: keyLog, as: UTF8.self).contains("\nRSA "))
    _ = expectOpen(recording, keyLog: keyLog)
  }

  /// Such a master secret depends on the whole handshake (RFC 7627): it isn't derived.
  @Test func namesPremasterSecretsThatDoNotSuffice() throws {
    let recordings = try OpenSSL.record(
      clients: [["-tls1_2", "-cipher", "AES128-GCM-SHA256"]], turns: Self.turns)
    let recording = try #require(recordings.first)
    var witness = Witness(recording, keyLog: recording.keyLog(without: "CLIENT_RANDOM"))
    witness.watch(recording.chunks)
    #expect(witness.session.shut == .noSecrets)
    #expect(witness.text(.forward) == "")
  }

  @Test func takesPaddingOff() throws {
    let recordings = try OpenSSL.record(
      clients: [["-tls1_3", "-record_padding", "512"]], turns: Self.turns)
    let recording = try #require(recordings.first)
    let witness = expectOpen(recording)
    #expect(witness.steps[0].contains(.plaintext(count: 4, overhead: 5 + 512 - 4 + 16)))
  }

  @Test func readsHandshakesOfManyRecords() throws {
    let recordings = try OpenSSL.record(
      server: ["-max_send_frag", "512"], clients: [["-tls1_2", "-max_send_frag", "512"]],
      turns: Self.turns)
    _ = expectOpen(try #require(recordings.first))
    let recordings13 = try OpenSSL.record(
      server: ["-max_send_frag", "512"],
      clients: [["-tls1_3", "-max_send_frag", "512", "-servername", "proxy.test"]],
      turns: Self.turns)
    let recording = try #require(recordings13.first)
    _ = expectOpen(recording)
    // openssl doesn't cut its hello: each of its bytes in a record of its own.
    var witness = Witness(recording)
    var isFirst = true
    for chunk in recording.chunks {
      if chunk.direction == .forward, isFirst {
        isFirst = false
        let records = TLSBytes.records(of: chunk.bytes)
        let hello = try #require(records.first).dropFirst(5)
        let cut: [UInt8] = hello.flatMap { [22, 3, 1, 0, 1, $0] }
        witness.give(cut + Array(records.dropFirst().joined()), .forward)
      } else {
        witness.give(chunk.bytes, chunk.direction)
      }
    }
    witness.finish()
    #expect(witness.session.serverName == "proxy.test")
    #expect(witness.text(.forward) == "one\ntwo\n")
  }

  @Test(arguments: [
    ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-CCM"],
    ["-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256"],
  ])
  func namesSuitesThatItCanNotOpen(_ options: [String]) throws {
    let recordings = try OpenSSL.record(
      server: ["-cipher", "ALL:COMPLEMENTOFALL", "-ciphersuites", "TLS_AES_128_CCM_SHA256"],
      clients: [options],
      turns: Self.turns,
      identity: OpenSSL.ecdsa)
    let recording = try #require(recordings.first)
    var witness = Witness(recording)
    witness.watch(recording.chunks)
    #expect(witness.session.shut == .unsupportedSuite)
    #expect(witness.session.cipherSuiteName?.contains("_AES_128_CCM") == true)
    #expect(witness.shutBytes(.forward) > 0)
    #expect(witness.oddities(.forward) == [])
  }

  /// Names are IANA's, and openssl knows them, too.
  @Test func knowsTheNamesOfSuites() throws {
    let listed = try Executable.run(
      ["ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"], tool: OpenSSL.path)
    var known = 0
    for line in listed.output.split(separator: "\n") {
      let fields = line.split(separator: " ")
      let digits = fields[0].split(separator: ",").map { $0.dropFirst(2) }.joined()
      let number = try #require(UInt16(digits, radix: 16))
      guard let name = CipherSuite.name(of: number) else { continue }
      #expect(name == fields[2])
      known += 1
    }
    #expect(known > 100)
  }
}
