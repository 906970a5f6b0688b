/// What a cipher suite's name says (RFC 5246, C; RFC 8446, B.4), as far as opening records needs it.
struct CipherSuite: Sendable, Equatable {
  enum Hash: Sendable {
    case sha256
    case sha384

    /// In bytes.
    var length: Int { self == .sha256 ? 32 : 48 }
  }

  enum MAC: Sendable {
    case sha1
    case sha256
    case sha384

    /// In bytes.
    var length: Int {
      switch self {
      case .sha1: 20
      case .sha256: 32
      case .sha384: 48
      }
    }
  }

  enum Protection: Sendable, Equatable {
    case aesGCM
    case chaCha20Poly1305
    case aesCBC(MAC)
  }

  var protection: Protection
  /// In bytes.
  var keyLength: Int
  /// Of the key schedule; TLS 1.0 and 1.1 have their own.
  var hash: Hash
  /// Whether the client sends the premaster secret encrypted with the server's RSA key.
  var isRSAKeyExchange: Bool
  var isTLS13: Bool

  /// - Returns: `nil` for suites that can't be opened.
  init?(_ number: UInt16) {
    guard let name = Self.name(of: number) else { return nil }
    if name.contains("_CHACHA20_POLY1305_") {
      protection = .chaCha20Poly1305
      keyLength = 32
    } else if name.contains("_AES_128_GCM_") || name.contains("_AES_256_GCM_") {
      protection = .aesGCM
      keyLength = name.contains("_128_") ? 16 : 32
    } else if name.contains("_AES_128_CBC_") || name.contains("_AES_256_CBC_") {
      protection = .aesCBC(
        name.hasSuffix("SHA384") ? .sha384 : name.hasSuffix("SHA256") ? .sha256 : .sha1)
      keyLength = name.contains("_128_") ? 16 : 32
    } else {
      return nil
    }
    hash = name.hasSuffix("SHA384") ? .sha384 : .sha256
    isRSAKeyExchange = name.hasPrefix("TLS_RSA_WITH_")
    isTLS13 = number >> 8 == 0x13
  }

  /// Those of TLS 1.3.
  static let tls13: [UInt16] = [0x1301, 0x1302, 0x1303]
}
