import Foundation
import TestSupport
import Testing

/// A tap stands between, and neither side is told anything else than without it.
@Suite("tap: between the agent and its proxy") struct TapTests {
  private static let key = "sk-made-up-for-the-tap-0042"
  private static let openssl = "/usr/bin/openssl"
  private static let nginx = "/usr/sbin/nginx"

  private func stub(_ options: [String] = []) throws -> ServedStub {
    try ServedStub(
      ["--master-key", "env:PROXY_KEY"] + options, environment: ["PROXY_KEY": Self.key])
  }

  private func tap(to url: String, _ options: [String] = []) throws -> ServedStub {
    try ServedStub(
      command: ["tap", "--listen", "127.0.0.1:0", "--to", url],
      ["--expect-key", "env:PROXY_KEY"] + options, environment: ["PROXY_KEY": Self.key])
  }

  /// A certificate for the loopback, and its key.
  private func certificate(_ folder: Folder) throws -> (chain: String, key: String) {
    let (chain, key) = ("\(folder.path)/chain.pem", "\(folder.path)/key.pem")
    let made = try Executable.run(
      [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", chain, "-days",
        "2", "-subj", "/CN=localhost", "-addext",
        "subjectAltName=DNS:localhost,DNS:litellm.test,IP:127.0.0.1",
      ], tool: Self.openssl)
    try #require(made.code == 0, "\(made.errors)")
    return (chain, key)
  }

  private static let chat =
    #"{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"hi"}]}"#

  private func ask(_ server: ServedStub, _ url: String) throws -> [String] {
    let (refused, refusal) = try server.curl("\(url)/model/info")
    let (models, list) = try server.curl(
      "-H", "Authorization: Bearer \(Self.key)", "\(url)/v1/models")
    let (status, stream) = try server.curl(
      "-N", "-H", "Authorization: Bearer \(Self.key)", "-H", "content-type: application/json",
      "-d", Self.chat, "\(url)/chat/completions")
    let (sent, echo) = try server.curl(
      "-H", "Authorization: Bearer \(Self.key)", "-H", "content-type: application/json", "-H",
      "Transfer-Encoding: chunked", "-d", Self.chat, "\(url)/v1/chat/completions")
    return ["\(refused) \(refusal)", "\(models) \(list)", "\(status) \(stream)", "\(sent) \(echo)"]
  }

  @Test func theAnswersAreTheSameAndTheVerdictIsGiven() throws {
    let stub = try stub()
    let folder = try Folder()
    let file = "\(folder.path)/agent.pcapng"
    let tap = try tap(to: stub.url, ["-w", file])
    #expect(try ask(tap, tap.url) == ask(stub, stub.url))
    let result = try tap.stop()
    #expect(result.code == 1, "\(result.errors)")
    #expect(result.output.contains("1 of 4 requests reached the proxy without a usable key"))
    // The record is the same capture, without the key.
    let records = try Executable.export([file])
    #expect(records.requests.map { $0.credential?.verdict } == ["missing", "ok", "ok", "ok"])
    #expect(records.requests.map { $0.response?.status } == [401, 200, 200, 200])
    #expect(records.kind("ledger").first?.payloadBytes?.unexplained == 0)
    let bytes = try Folder.bytes(file)
    #expect(!String(decoding: bytes, as: UTF8.self).contains(Self.key.suffix(12)))
  }

  @Test(.enabled(if: Tool.isThere(openssl), "openssl isn't installed"))
  func anHTTPSProxyIsReachedOverItsOwnAuthority() throws {
    let folder = try Folder()
    let (chain, key) = try certificate(folder)
    let stub = try stub(["--tls-cert", chain, "--tls-key", key])
    let url = "https://localhost:\(stub.port)"
    let tap = try tap(to: url, ["--ca", chain])
    let (status, stream) = try tap.curl(
      "-N", "-H", "Authorization: Bearer \(Self.key)", "-H", "content-type: application/json",
      "-d", Self.chat, "\(tap.url)/chat/completions")
    #expect(status == 200 && stream.contains("[DONE]"))
    #expect(try tap.stop().code == 0)
    // Without its authority nothing is sent, and nothing is proved.
    let distrusting = try self.tap(to: url)
    let (refused, why) = try distrusting.curl(
      "-H", "Authorization: Bearer \(Self.key)", "\(distrusting.url)/v1/models")
    #expect(refused == 502 && why.contains("TLS"))
    #expect(try distrusting.stop().code == 4)
  }

  @Test(
    .enabled(
      if: Tool.isThere(openssl) && Tool.isThere(nginx), "openssl or nginx isn't installed"))
  func aVirtualHostGetsItsOwnName() throws {
    let folder = try Folder()
    let (chain, key) = try certificate(folder)
    let stub = try stub()
    // Knows one name, under one path, and refuses every other by TLS and by Host.
    let port = try Self.freePort()
    let configuration = try folder.file(
      "nginx.conf",
      """
      daemon off; pid \(folder.path)/pid; error_log \(folder.path)/log; worker_processes 1;
      events {}
      http {
        access_log off;
        ssl_certificate \(chain); ssl_certificate_key \(key);
        server { listen 127.0.0.1:\(port) ssl default_server; ssl_reject_handshake on; }
        server {
          listen 127.0.0.1:\(port) ssl; server_name localhost;
          location /llm/ { proxy_pass \(stub.url)/; proxy_buffering off; }
        }
      }
      """)
    let server = Process()
    server.executableURL = URL(fileURLWithPath: Self.nginx)
    server.arguments = ["-c", configuration, "-p", folder.path]
    server.standardError = FileHandle.nullDevice
    try server.run()
    defer { server.terminate() }
    let url = "https://localhost:\(port)/llm/"
    let tap = try tap(to: url, ["--ca", chain])
    func models(_ tap: ServedStub) throws -> Int {
      try tap.curl("-H", "Authorization: Bearer \(Self.key)", "\(tap.url)/v1/models").0
    }
    // It may take a moment to listen.
    var status = 0
    for _ in 0..<100 where status != 200 {
      status = try models(tap)
      if status != 200 { Thread.sleep(forTimeInterval: 0.05) }
    }
    #expect(status == 200)
    let keeping = try self.tap(to: url, ["--ca", chain, "--keep-host"])
    // nginx has no such path for a name that it doesn't know.
    #expect([404, 421].contains(try models(keeping)))
  }

  private static func freePort() throws -> Int {
    let stub = try ServedStub([])
    return try #require(Int(stub.port))
  }

  @Test func aStreamIsNotHeldBack() throws {
    let stub = try stub(["--itl", "150ms"])
    let folder = try Folder()
    let file = "\(folder.path)/agent.pcapng"
    let tap = try tap(to: stub.url, ["-w", file])
    _ = try tap.curl(
      "-N", "-H", "Authorization: Bearer \(Self.key)", "-H", "content-type: application/json",
      "-d", Self.chat, "\(tap.url)/chat/completions")
    _ = try tap.stop()
    let call = try #require(try Executable.export([file]).requests.first?.llm)
    // Held back, its events would have come together.
    #expect((call.eventGaps?.max ?? 0) > 0.1)
    #expect((call.timeToFirstEvent ?? 9) < 0.15)
  }

  /// A target that closes as it likes, and an agent that half-closes.
  @Test(.enabled(if: Tool.isThere(openssl), "openssl isn't installed"))
  func endsPassAsTheyAre() throws {
    let folder = try Folder()
    let (chain, key) = try certificate(folder)
    let script = try folder.file("ends.py", Self.ends)
    let result = try Executable.run(
      [script, Executable.path, chain, key, folder.path], tool: "/usr/bin/python3")
    let said = result.output
    #expect(said.contains(#"unclean b'HTTP/1.1 200 OK\r\n\r\nhello'"#), "\(said)\(result.errors)")
    let kept = #"b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'"#
    #expect(said.contains("idle \(kept)") && said.contains("half \(kept)"), "\(said)")
    #expect(said.contains("unclean code 0") && said.contains("idle code 0"))
    #expect(said.contains(#"x-got: 18\r\n\r\n'"#), "\(said)")
    // Who sends half a request gets no other answer than the target's, and the target isn't left waiting.
    #expect(said.contains("cut b'") && !said.contains("<timeout>"), "\(said)")
  }

  private static let ends = #"""
    import json, os, socket, ssl, subprocess, sys, threading, time
    kw, chain, key, folder = sys.argv[1:5]
    def serve(tls, body):
        s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(8)
        def run():
            while True:
                c, _ = s.accept()
                try:
                    if tls:
                        x = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); x.load_cert_chain(chain, key)
                        c = x.wrap_socket(c, server_side=True)
                    body(c)
                    # Without a word of TLS.
                    if tls: socket.socket(fileno=os.dup(c.fileno())).shutdown(socket.SHUT_RDWR)
                    c.close()
                except Exception as e: print('server', e, file=sys.stderr)
        threading.Thread(target=run, daemon=True).start()
        return s.getsockname()[1]
    def tap(name, url):
        ready = f'{folder}/{name}.json'
        p = subprocess.Popen(
            [kw, 'tap', '--to', url, '--listen', '127.0.0.1:0', '--ca', chain, '--ready-file', ready,
             '--allow-empty'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not os.path.exists(ready): time.sleep(0.02)
        return p, json.load(open(ready))['port']
    def ask(port, data, half):
        c = socket.create_connection(('127.0.0.1', port)); c.settimeout(5); c.sendall(data)
        if half: c.shutdown(socket.SHUT_WR)
        got = b''
        try:
            while True:
                p = c.recv(65536)
                if not p: break
                got += p
        except socket.timeout: got += b'<timeout>'
        return got
    def unclean(c):
        c.recv(65536); c.sendall(b'HTTP/1.1 200 OK\r\n\r\nhello')
    def kept(c):
        c.recv(65536); c.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'); time.sleep(0.3)
    def whole(c):
        got = 0
        while True:
            p = c.recv(65536)
            if not p: break
            got += len(p)
        c.sendall(b'HTTP/1.1 400 Bad\r\nContent-Length: 0\r\nx-got: %d\r\n\r\n' % got)
    request = b'GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sk-x\r\n\r\n'
    for name, tls, body, data, half in [
        ('unclean', True, unclean, request, False), ('idle', True, kept, request, False),
        ('half', True, kept, request, True), ('partial', False, whole, b'GET / HTTP/1.1\r\nHo', True),
        ('cut', True, whole, b'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc', True),
    ]:
        scheme = 'https' if tls else 'http'
        p, listening = tap(name, f'{scheme}://localhost:{serve(tls, body)}')
        print(name, ask(listening, data, half))
        p.terminate(); print(name, 'code', p.wait())
    """#

  @Test func whereNobodyListensNothingPasses() throws {
    let tap = try tap(to: "http://127.0.0.1:\(try Self.freePort())")
    let (status, body) = try tap.curl(
      "-H", "Authorization: Bearer \(Self.key)", "\(tap.url)/v1/models")
    #expect(status == 502 && body.contains("connection refused"))
    let result = try tap.stop()
    #expect(result.code == 4, "\(result.output)")
    #expect(result.errors.contains("isn't proved"))
  }

  @Test(arguments: [
    ["--to", "ftp://a"], ["--to", "http://127.0.0.1:1", "--listen", "4000"],
    ["--to", "http://169.254.169.254"], ["--to", "http://user:key@127.0.0.1:1"],
  ]) func wrongAddressesAreRefused(_ options: [String]) throws {
    let result = try Executable.run(["tap"] + options)
    #expect(result.code == 2, "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
  }
}
