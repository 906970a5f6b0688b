internal import Crypto
internal import FoundationEssentials
internal import SwiftASN1
internal import X509

/// An authority of one run, and the certificate for this machine's loopback that it signs. Neither
/// key is ever written to a file.
public struct MadeUpAuthority: Sendable {
  /// What clients have to trust, as PEM.
  public let pem: String
  public let certificate: ServerCertificate

  /// - Throws: ``CertificateError`` where none can be made.
  public init() throws(CertificateError) {
    do {
      let authorityKey = P256.Signing.PrivateKey()
      let name = try DistinguishedName { CommonName("keywitness run, for this run only") }
      let now = Date()
      // A clock that is a little behind, and a run that takes a day.
      let (from, until) = (now.addingTimeInterval(-3600), now.addingTimeInterval(7 * 86_400))
      let authority = try Certificate(
        version: .v3, serialNumber: .init(), publicKey: .init(authorityKey.publicKey),
        notValidBefore: from, notValidAfter: until, issuer: name, subject: name,
        signatureAlgorithm: .ecdsaWithSHA256,
        extensions: try Certificate.Extensions {
          Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
          Critical(KeyUsage(keyCertSign: true, cRLSign: true))
          SubjectKeyIdentifier(hash: .init(authorityKey.publicKey))
        },
        issuerPrivateKey: .init(authorityKey))
      let key = P256.Signing.PrivateKey()
      let certificate = try Certificate(
        version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
        notValidBefore: from, notValidAfter: until, issuer: name,
        subject: try DistinguishedName { CommonName("localhost") },
        signatureAlgorithm: .ecdsaWithSHA256,
        extensions: try Certificate.Extensions {
          Critical(BasicConstraints.notCertificateAuthority)
          Critical(KeyUsage(digitalSignature: true))
          try ExtendedKeyUsage([.serverAuth])
          SubjectAlternativeNames([
            .dnsName("localhost"),
            .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
            .ipAddress(ASN1OctetString(contentBytes: [UInt8](repeating: 0, count: 15) + [1])),
          ])
          AuthorityKeyIdentifier(
            keyIdentifier: SubjectKeyIdentifier(hash: .init(authorityKey.publicKey)).keyIdentifier)
          SubjectKeyIdentifier(hash: .init(key.publicKey))
        },
        issuerPrivateKey: .init(authorityKey))
      pem = try authority.serializeAsPEM().pemString + "\n"
      self.certificate = .pem(
        chain: try certificate.serializeAsPEM().pemString, key: key.pemRepresentation)
    } catch {
      throw CertificateError(message: "no certificate can be made: \(error)")
    }
  }
}
