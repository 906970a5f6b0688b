import TestSupport
import Testing

/// The stub as a user runs it: a process, a signal, an exit code.
@Suite(.enabled(if: Tool.isThere("/usr/bin/curl"), "curl isn't installed"))
struct ServingTests {
  private static let key = "sk-stand-in-for-tests"
  private static let bearer = "Authorization: Bearer \(key)"

  private func keyFile() throws -> TemporaryFile {
    try TemporaryFile(Array(Self.key.utf8), named: "key")
  }

  @Test func itJudgesWhatItServesAndEndsWithTheVerdict() throws {
    let key = try keyFile()
    let stub = try ServedStub([
      "--master-key", "file:\(key.path)", "--require", "GET /model/info", "--report", "ndjson",
    ])
    #expect(try stub.curl("-H", Self.bearer, "\(stub.url)/model/info").0 == 200)
    let good = try stub.admin("verdict")
    #expect(good.0 == 200 && good.1.contains(#""result":"PASS""#))
    #expect(try stub.curl("\(stub.url)/model/info").0 == 401)
    let bad = try stub.admin("verdict")
    #expect(bad.0 == 409 && bad.1.contains(#""rule":"missing""#))
    let ended = try stub.stop()
    #expect(ended.code == 1)
    let exchanges = ended.output.split(separator: "\n").filter {
      $0.contains(#""kind":"exchange""#)
    }
    #expect(exchanges.count == 2 && exchanges.allSatisfy { $0.contains(#""complete""#) })
    #expect(!ended.output.contains(Self.key))
  }

  @Test func nothingAskedIsNothingTested() throws {
    let stub = try ServedStub(["--require", "GET /model/info", "--report", "text"])
    #expect(try stub.stop(signal: 2).code == 1)
    let idle = try ServedStub(["--report", "text"])
    #expect(try idle.stop().code == 5)
    let plain = try ServedStub([])
    #expect(try plain.stop().code == 0)
  }

  @Test func whatItWritesIsWholeAndHoldsNoKey() throws {
    let key = try keyFile()
    let file = try TemporaryFile([], named: "stub.pcapng")
    let stub = try ServedStub(["--master-key", "file:\(key.path)", "-w", file.path])
    let chat =
      #"{"model":"none","stream":true,"messages":[{"role":"user","content":"\#(Self.key)"}]}"#
    _ = try stub.curl(
      "-H", Self.bearer, "-H", "content-type: application/json", "-d", chat,
      "\(stub.url)/chat/completions")
    _ = try stub.curl("-H", "x-api-key: \(Self.key)", "\(stub.url)/v1/models")
    // Two requests on one connection.
    _ = try stub.curl("-H", Self.bearer, "\(stub.url)/v1/models", "\(stub.url)/model/info")
    #expect(try stub.stop().code == 0)
    let records = try Executable.run(["export", "--format", "ndjson", file.path])
    let exchanges = records.output.split(separator: "\n").filter {
      $0.contains(#""kind":"exchange""#)
    }
    #expect(exchanges.count == 4)
    #expect(exchanges.allSatisfy { $0.contains(#""outcome":"complete""#) })
    #expect(records.output.contains(#""unexplained":0"#))
    let found = try Executable.run(["-c", Self.key, file.path], tool: "/usr/bin/grep")
    #expect(found.output.hasPrefix("0"))
    let rights = try Executable.run(["-c", "%a", file.path], tool: "/usr/bin/stat")
    #expect(rights.output == "600\n")
  }

  @Test(.enabled(if: Tool.isThere("/usr/bin/tshark"), "tshark isn't installed"))
  func tsharkFindsNothingWrongInWhatItWrites() throws {
    let file = try TemporaryFile([], named: "stub.pcapng")
    let stub = try ServedStub(["-w", file.path])
    _ = try stub.curl("\(stub.url)/v1/models", "\(stub.url)/model/info")
    _ = try stub.stop()
    func tshark(_ arguments: String...) throws -> String {
      try Executable.run(
        ["-r", file.path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
          + arguments, tool: "/usr/bin/tshark"
      ).output
    }
    #expect(try tshark("-Y", "http.request").split(separator: "\n").count == 2)
    #expect(try tshark("-Y", "http.response.code == 401").split(separator: "\n").count == 2)
    let wrong =
      "tcp.analysis.flags or ip.checksum.status == Bad or tcp.checksum.status == Bad or _ws.malformed"
    #expect(try tshark("-Y", wrong).isEmpty)
  }

  @Test func aRecordingIsPlayedBack() throws {
    let key = try keyFile()
    let file = try TemporaryFile([], named: "stub.pcapng")
    let first = try ServedStub(["--master-key", "file:\(key.path)", "-w", file.path])
    let recorded = try first.curl("-H", Self.bearer, "\(first.url)/model/info")
    _ = try first.stop()
    let second = try ServedStub([
      "--master-key", "file:\(key.path)", "--play", file.path, "--speed", "max", "--strict",
    ])
    #expect(try second.admin("counts").0 == 200)
    let played = try second.curl("-H", Self.bearer, "\(second.url)/model/info")
    #expect(played == recorded)
    #expect(try second.stop().code == 0)
    let third = try ServedStub([
      "--master-key", "file:\(key.path)", "--play", file.path, "--strict",
    ])
    let ended = try third.stop()
    #expect(ended.code == 1 && ended.errors.contains("never asked for"))
  }

  @Test(.enabled(if: Tool.isThere("/usr/bin/openssl"), "openssl isn't installed"))
  func itSpeaksHTTPS() throws {
    let certificate = try TemporaryFile([], named: "cert.pem")
    let key = try TemporaryFile([], named: "key.pem")
    let made = try Executable.run(
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
        "-keyout", key.path, "-out", certificate.path,
      ], tool: "/usr/bin/openssl")
    try #require(made.code == 0)
    let file = try TemporaryFile([], named: "stub.pcapng")
    let stub = try ServedStub([
      "--tls-cert", certificate.path, "--tls-key", key.path, "-w", file.path,
    ])
    #expect(stub.url.hasPrefix("https://"))
    #expect(try stub.curl("--cacert", certificate.path, "\(stub.url)/v1/models").0 == 401)
    // Somebody who doesn't know, and somebody who speaks no TLS.
    #expect(try stub.curl("\(stub.url)/v1/models").0 == 0)
    #expect(try stub.curl("http://127.0.0.1:\(stub.port)/v1/models").0 == 0)
    #expect(try stub.stop().code == 0)
    let listed = try Executable.run(["list", file.path])
    #expect(listed.output.contains("GET /v1/models"))
  }

  @Test func anAnswerUnderWayIsEndedBeforeItStops() throws {
    let config = try TemporaryFile(
      Array(
        """
        model_list:
          - model_name: slow
            litellm_params: {model: openai/slow, mock_response: "one two three four five six"}
        general_settings: {master_key: \(Self.key)}
        """.utf8), named: "config.yaml")
    let stub = try ServedStub(["--config", config.path, "--ttft", "700ms"])
    let chat = #"{"model":"slow","messages":[{"role":"user","content":"hi"}]}"#
    let asked = try Executable.start(
      [
        "-s", "--noproxy", "*", "-w", "%{http_code}", "-o", "/dev/null", "-H", Self.bearer, "-H",
        "content-type: application/json", "-d", chat, "\(stub.url)/chat/completions",
      ], tool: "/usr/bin/curl")
    while try !stub.admin("counts").1.contains(#""requests":1"#) {}
    #expect(try stub.stop().code == 0)
    #expect(try asked() == "200")
  }

  @Test(
    .enabled(
      if: Tool.isThere("/usr/bin/strace") && Tool.isThere("/usr/bin/nsenter")
        && Tool.canMakeNamespaces,
      "strace isn't installed, or no network namespace can be made"))
  func itConnectsToNobody() throws {
    let trace = try TemporaryFile([], named: "trace")
    // A network of its own, in which there is only a loopback.
    let isolated = [
      "/usr/bin/unshare", "--net", "/bin/sh", "-c",
      #"ip link set lo up && exec strace -f -e trace=connect,sendto,sendmsg,sendmmsg -o "$0" "$@""#,
      trace.path,
    ]
    let file = try TemporaryFile([], named: "stub.pcapng")
    let stub = try ServedStub(["-w", file.path, "--report", "text"], wrapper: isolated)
    let inside = ["/usr/bin/nsenter", "--net=/proc/\(stub.processIdentifier)/ns/net"]
    #expect(try stub.curl("\(stub.url)/v1/models", wrapper: inside).0 == 401)
    #expect(try stub.stop().output.contains("401 No api key passed in."))
    let calls = try Executable.run([trace.path], tool: "/bin/cat").output
    #expect(!calls.contains("AF_INET") && !calls.contains("AF_UNIX"))
  }
}

enum Tool {
  static func isThere(_ path: String) -> Bool {
    (try? Executable.run(["-x", path], tool: "/usr/bin/test").code) == 0
  }

  /// For unshare: a network and processes of its own.
  static let ownNetwork = ["--net", "--pid", "--fork", "--kill-child", "--mount-proc"]

  static var canMakeNamespaces: Bool {
    (try? Executable.run(
      ownNetwork + ["/bin/sh", "-c", "ip link set lo up"], tool: "/usr/bin/unshare"
    ).code) == 0
  }
}
