internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials
internal import Wire

/// Opens records of CBC suites (RFC 5246, 6.2.3.2): the MAC within the encryption, or around it
/// (RFC 7366).
struct CBCCipher: Sendable {
  private static let blockLength = 16

  let mac: CipherSuite.MAC
  let encryptsThenMACs: Bool
  let key: SymmetricKey
  let macKey: SymmetricKey
  /// TLS 1.0: the last block of the record before; later versions send it with each record.
  var chain: [UInt8]?

  /// - Returns: whether the record authenticates under this sequence number.
  func open(
    _ record: borrowing Span<UInt8>, sequence: UInt64, into plaintext: inout [UInt8]
  ) -> Bool {
    var body: [UInt8] = []
    record.extracting(RecordHeader.length..<record.count).append(to: &body)
    var header = (0..<8).map { UInt8(truncatingIfNeeded: sequence >> UInt64(56 &- 8 &* $0)) }
    header += [record[0], record[1], record[2]]
    var sealed = body[...]
    if encryptsThenMACs {
      guard sealed.count >= mac.length else { return false }
      let code = sealed.suffix(mac.length)
      sealed = sealed.dropLast(mac.length)
      guard authenticates(sealed, header, code) else { return false }
    }
    guard let content = decrypt(sealed) else { return false }
    if encryptsThenMACs {
      plaintext += content
      return true
    }
    guard content.count >= mac.length else { return false }
    let message = content.dropLast(mac.length)
    guard authenticates(message, header, content.suffix(mac.length)) else { return false }
    plaintext += message
    return true
  }

  /// Tells that a record was passed, whether it could be opened or not.
  mutating func pass(_ record: borrowing Span<UInt8>) {
    guard chain != nil, record.count >= RecordHeader.length &+ Self.blockLength else { return }
    let end = record.count &- (encryptsThenMACs ? mac.length : 0)
    guard end >= RecordHeader.length &+ Self.blockLength else { return }
    var block: [UInt8] = []
    record.extracting((end &- Self.blockLength)..<end).append(to: &block)
    chain = block
  }

  /// Decrypts, and takes the padding off.
  private func decrypt(_ sealed: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let iv = chain.map { $0[...] } ?? sealed.prefix(Self.blockLength)
    let blocks = chain == nil ? sealed.dropFirst(Self.blockLength) : sealed
    guard !blocks.isEmpty, blocks.count % Self.blockLength == 0,
      let iv = try? AES._CBC.IV(ivBytes: iv),
      let opened = try? AES._CBC.decrypt(blocks, using: key, iv: iv, noPadding: true),
      let last = opened.last
    else { return nil }
    let padding = Int(last) &+ 1
    guard padding <= opened.count, opened.suffix(padding).allSatisfy({ $0 == last }) else {
      return nil
    }
    return Array(opened.dropLast(padding))[...]
  }

  private func authenticates(
    _ message: ArraySlice<UInt8>, _ header: [UInt8], _ code: ArraySlice<UInt8>
  ) -> Bool {
    let length = [
      UInt8(truncatingIfNeeded: message.count >> 8), UInt8(truncatingIfNeeded: message.count),
    ]
    let text = header + length + message
    return switch mac {
    case .sha1:
      HMAC<Insecure.SHA1>.isValidAuthenticationCode(
        Array(code), authenticating: text, using: macKey)
    case .sha256:
      HMAC<SHA256>.isValidAuthenticationCode(Array(code), authenticating: text, using: macKey)
    case .sha384:
      HMAC<SHA384>.isValidAuthenticationCode(Array(code), authenticating: text, using: macKey)
    }
  }
}
