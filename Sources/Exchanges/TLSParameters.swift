/// What the two ends of a TLS connection agreed on.
public struct TLSParameters: Sendable, Equatable {
  /// `TLS 1.3`.
  public var version: String?
  /// IANA's name.
  public var cipherSuite: String?
  /// The protocol inside (ALPN, RFC 7301).
  public var applicationProtocol: String?
  /// The server that the client asked for (SNI, RFC 6066, 3).
  public var serverName: String?
}
