public import NIOSSL

/// Why there is no TLS.
public struct CertificateError: Error, Sendable {
  public let message: String
}

/// A server's certificate with those that lead to its authority, and its key.
public enum ServerCertificate: Sendable {
  /// PEM files.
  case files(chain: String, key: String)
  /// The same, not in a file.
  case pem(chain: String, key: String)
}

/// What TLS is done with: HTTP/1.1 on top of it, and nothing else.
public enum TLSContexts {
  private static let protocols = ["http/1.1"]

  /// - Parameters:
  ///   - authorities: a PEM file, in the place of the system's; `nil` for these.
  ///   - isInsecure: any certificate is taken.
  public static func client(
    authorities: String?, isInsecure: Bool
  ) throws(CertificateError) -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.applicationProtocols = protocols
    if let authorities { configuration.trustRoots = .file(authorities) }
    if isInsecure { configuration.certificateVerification = .none }
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw CertificateError(
        message: "\(authorities ?? "the system's authorities"): no certificates (PEM) in it")
    }
  }

  public static func server(
    _ certificate: ServerCertificate
  ) throws(CertificateError) -> NIOSSLContext {
    do {
      let chain: [NIOSSLCertificate]
      let key: NIOSSLPrivateKey
      switch certificate {
      case .files(let chainPath, let keyPath):
        chain = try NIOSSLCertificate.fromPEMFile(chainPath)
        key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
      case .pem(let chainText, let keyText):
        chain = try NIOSSLCertificate.fromPEMBytes(Array(chainText.utf8))
        key = try NIOSSLPrivateKey(bytes: Array(keyText.utf8), format: .pem)
      }
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
      configuration.applicationProtocols = protocols
      return try NIOSSLContext(configuration: configuration)
    } catch {
      guard case .files(let chain, let key) = certificate else {
        throw CertificateError(message: "the certificate that was made is none")
      }
      throw CertificateError(
        message: "\(chain) and \(key) are no certificate and its key; both must be PEM files")
    }
  }
}
