/// What a handshake has agreed on so far.
struct Negotiation: Sendable {
  /// What becomes of the client's early data (RFC 8446, 4.2.10).
  enum EarlyData: Sendable {
    case notOffered
    /// The server hasn't answered yet.
    case offered
    case accepted
    case rejected
    /// The server's answer can't be read.
    case unknowable
  }

  var clientRandom: ClientRandom?
  var serverRandom: [UInt8]?
  var version: TLSVersion?
  /// `nil` while it isn't known, and where it can't be opened.
  var suite: CipherSuite?
  /// The version, suite or compression can't be opened.
  var isUnsupported = false
  var encryptsThenMACs = false
  var extendsMasterSecret = false
  /// The first 8 bytes of the premaster secret as the client encrypted it.
  var encryptedPremaster: UInt64?
  var earlyData: EarlyData = .notOffered

  var isTLS13: Bool { version == .tls13 }

  init() {}

  init(_ hello: ClientHello) {
    clientRandom = hello.random
    earlyData = hello.offersEarlyData ? .offered : .notOffered
  }

  mutating func take(_ hello: ServerHello) {
    version = hello.version
    suite = CipherSuite(hello.cipherSuite)
    isUnsupported =
      version == nil || hello.isCompressed || suite?.isTLS13 != (version == .tls13)
    if isUnsupported { suite = nil }
    encryptsThenMACs = hello.encryptsThenMACs
    extendsMasterSecret = hello.extendsMasterSecret
    if earlyData == .offered, !hello.acceptsPreSharedKey || version != .tls13 {
      earlyData = .rejected
    }
    if !hello.isRetryRequest { serverRandom = hello.random }
  }

  /// What the key log has for the master secret of TLS 1.2 and older: one, or several that differ.
  ///
  /// A premaster secret doesn't suffice where the master secret depends on the whole handshake
  /// (RFC 7627).
  func masters(in keys: KeyLog) -> [[UInt8]] {
    guard let clientRandom else { return [] }
    let secrets = keys.secrets(of: clientRandom)
    if let masters = secrets?.all(.master), !masters.isEmpty { return masters }
    guard !extendsMasterSecret, let version, let suite, let serverRandom else { return [] }
    var premasters = secrets?.all(.premaster) ?? []
    if premasters.isEmpty, suite.isRSAKeyExchange, let encryptedPremaster {
      premasters = keys.premasters(encryptedAs: encryptedPremaster)
    }
    return premasters.map {
      KeySchedule.prf(
        $0, "master secret", clientRandom.bytes + serverRandom,
        version == .tls12 ? suite.hash : nil, count: 48)
    }
  }
}
