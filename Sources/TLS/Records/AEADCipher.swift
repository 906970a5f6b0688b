internal import Crypto
internal import Wire

/// Opens records of AEAD suites: in TLS 1.3 (RFC 8446, 5.2), and in TLS 1.2 with GCM (RFC 5288) or
/// ChaCha20-Poly1305 (RFC 7905).
struct AEADCipher: Sendable {
  enum Form: Sendable {
    case tls13
    /// TLS 1.2: a part of the nonce stands in the record.
    case explicitNonce
    /// TLS 1.2: the nonce is made of the sequence number.
    case implicitNonce
  }

  private static let explicitLength = 8

  private let algorithm: AEAD
  private let form: Form
  private let key: SymmetricKey
  private let iv: [UInt8]
  /// Written anew for each record.
  private var nonce: [UInt8]
  private var header: [UInt8]

  /// - Parameter iv: 4 bytes where a part of the nonce is explicit, else 12.
  init(_ algorithm: AEAD, _ form: Form, key: SymmetricKey, iv: [UInt8]) {
    self.algorithm = algorithm
    self.form = form
    self.key = key
    self.iv = iv
    nonce = iv + [UInt8](repeating: 0, count: max(0, 12 &- iv.count))
    header = [UInt8](repeating: 0, count: form == .tls13 ? 5 : 13)
  }

  /// - Returns: whether the record authenticates under this sequence number.
  mutating func open(
    _ record: borrowing Span<UInt8>, sequence: UInt64, into plaintext: inout [UInt8]
  ) -> Bool {
    let start = RecordHeader.length &+ (form == .explicitNonce ? Self.explicitLength : 0)
    let length = record.count &- start &- AEAD.tagLength
    guard length >= 0 else { return false }
    if form == .explicitNonce {
      for index in 0..<Self.explicitLength {
        nonce[4 &+ index] = record[RecordHeader.length &+ index]
      }
    } else {
      for index in 0..<8 {
        nonce[4 &+ index] = iv[4 &+ index] ^ Self.byte(index, of: sequence)
      }
    }
    if form == .tls13 {
      for index in 0..<5 { header[index] = record[index] }
    } else {
      for index in 0..<8 { header[index] = Self.byte(index, of: sequence) }
      for index in 0..<3 { header[8 &+ index] = record[index] }
      header[11] = UInt8(truncatingIfNeeded: length >> 8)
      header[12] = UInt8(truncatingIfNeeded: length)
    }
    return algorithm.open(
      record.extracting(start..<record.count), using: key, nonce: nonce, authenticating: header,
      into: &plaintext)
  }

  private static func byte(_ index: Int, of sequence: UInt64) -> UInt8 {
    UInt8(truncatingIfNeeded: sequence >> UInt64(56 &- 8 &* index))
  }
}
