internal import LiteLLM
internal import Recording
internal import Redaction
internal import Reports
internal import Sockets
internal import Stub
internal import Tap

/// What a program is run against: a stub, or the tap in front of a real proxy.
struct RunServer: Sendable {
  let port: Int
  private let stopping: @Sendable (_ grace: Int64) -> Void

  init(stub options: StubOptions) throws {
    let server = try StubCommand.start(options)
    port = server.port
    stopping = { server.stop(grace: $0) }
  }

  init(tap options: TapOptions) throws {
    let server = try TapCommand.start(options)
    port = server.port
    stopping = { server.stop(grace: $0) }
  }

  /// - Parameter grace: what answers under way get, in seconds.
  func stop(grace: Int64) { stopping(grace) }
}

/// The authority of a run with TLS, in a file that programs can be told of; it goes with the run.
final class AuthorityFile: Sendable {
  let path: String
  let certificate: ServerCertificate

  init() throws {
    let folder = ProcessGuard.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    path = "\(folder)/keywitness-run-\(ProcessGuard.processID).pem"
    let authority: MadeUpAuthority
    do throws(CertificateError) {
      authority = try MadeUpAuthority()
    } catch {
      throw Failure.unreadable(error.message)
    }
    certificate = authority.certificate
    try WholeFile.write(Array(authority.pem.utf8), to: path)
  }

  /// Where node, OpenSSL and Python's requests look for authorities.
  var environment: [String: String] {
    ["NODE_EXTRA_CA_CERTS": path, "SSL_CERT_FILE": path, "REQUESTS_CA_BUNDLE": path]
  }

  deinit { ProcessGuard.remove(path) }
}
