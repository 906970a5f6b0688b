internal import Crypto
internal import Wire

/// Opens the records of one direction under one set of keys.
struct RecordCipher: Sendable {
  // Two optionals and no enumeration: their scratch memory is written in place.
  private var aead: AEADCipher?
  private var cbc: CBCCipher?

  /// Keys of TLS 1.3 (RFC 8446, 7.3).
  init(tls13 suite: CipherSuite, secret: [UInt8]) {
    let key = KeySchedule.expandLabel(secret, "key", suite.hash, count: suite.keyLength)
    let iv = KeySchedule.expandLabel(secret, "iv", suite.hash, count: 12).byteArray
    let algorithm: AEAD = suite.protection == .chaCha20Poly1305 ? .chaCha20Poly1305 : .aesGCM
    aead = AEADCipher(algorithm, .tls13, key: key, iv: iv)
  }

  /// Keys of TLS 1.2 and older (RFC 5246, 6.3).
  ///
  /// - Parameters:
  ///   - randoms: the server's, then the client's.
  ///   - isClient: whether the client writes these records.
  init(
    suite: CipherSuite, version: TLSVersion, master: [UInt8], randoms: [UInt8], isClient: Bool,
    encryptsThenMACs: Bool
  ) {
    var macLength = 0
    var ivLength = 0
    switch suite.protection {
    case .aesGCM: ivLength = 4
    case .chaCha20Poly1305: ivLength = 12
    case .aesCBC(let mac):
      macLength = mac.length
      ivLength = version == .tls10 ? 16 : 0
    }
    let block = KeySchedule.prf(
      master, "key expansion", randoms, version == .tls12 ? suite.hash : nil,
      count: 2 &* (macLength &+ suite.keyLength &+ ivLength))
    var at = 0
    /// The client's part stands in front of the server's.
    func part(_ length: Int) -> [UInt8] {
      let start = at &+ (isClient ? 0 : length)
      at &+= 2 &* length
      return Array(block[start..<(start &+ length)])
    }
    let macKey = SymmetricKey(data: part(macLength))
    let key = SymmetricKey(data: part(suite.keyLength))
    let iv = part(ivLength)
    switch suite.protection {
    case .aesGCM: aead = AEADCipher(.aesGCM, .explicitNonce, key: key, iv: iv)
    case .chaCha20Poly1305: aead = AEADCipher(.chaCha20Poly1305, .implicitNonce, key: key, iv: iv)
    case .aesCBC(let mac):
      cbc = CBCCipher(
        mac: mac, encryptsThenMACs: encryptsThenMACs, key: key, macKey: macKey,
        chain: version == .tls10 ? iv : nil)
    }
  }

  /// Whether a record can only be opened behind the one before it.
  var isChained: Bool { cbc?.chain != nil }

  /// - Returns: whether the record authenticates under this sequence number; if so, its plaintext
  ///   was appended, in TLS 1.3 with content type and padding.
  mutating func open(
    _ record: borrowing Span<UInt8>, sequence: UInt64, into plaintext: inout [UInt8]
  ) -> Bool {
    if let opened = aead?.open(record, sequence: sequence, into: &plaintext) { return opened }
    return cbc?.open(record, sequence: sequence, into: &plaintext) ?? false
  }

  /// Tells that a record was passed, whether it could be opened or not.
  mutating func pass(_ record: borrowing Span<UInt8>) { cbc?.pass(record) }
}
