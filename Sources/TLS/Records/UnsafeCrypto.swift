// Unsafe on purpose: gives the library captured bytes where they lie, so that they are copied once
// and not three times, and takes derived bytes out of its keys.

internal import Crypto
internal import FoundationEssentials

/// The ciphers that authenticate what they encrypt (RFC 5116).
enum AEAD: Sendable {
  case aesGCM
  case chaCha20Poly1305

  /// Of both, in bytes.
  static let tagLength = 16

  /// Decrypts, if it authenticates.
  ///
  /// - Parameters:
  ///   - sealed: the ciphertext with its tag behind it.
  ///   - nonce: 12 bytes.
  ///   - plaintext: what was decrypted is appended to it.
  /// - Returns: whether it authenticates.
  func open(
    _ sealed: borrowing Span<UInt8>, using key: SymmetricKey, nonce: [UInt8],
    authenticating header: [UInt8], into plaintext: inout [UInt8]
  ) -> Bool {
    guard sealed.count >= Self.tagLength else { return false }
    return unsafe sealed.withUnsafeBufferPointer { buffer in
      let end = buffer.count &- Self.tagLength
      let body = unsafe UnsafeBufferPointer(rebasing: buffer[..<end])
      let tag = unsafe UnsafeBufferPointer(rebasing: buffer[end...])
      let opened: Data?
      switch self {
      case .aesGCM:
        opened = unsafe try? AES.GCM.open(
          AES.GCM.SealedBox(nonce: AES.GCM.Nonce(data: nonce), ciphertext: body, tag: tag),
          using: key, authenticating: header)
      case .chaCha20Poly1305:
        opened = unsafe try? ChaChaPoly.open(
          ChaChaPoly.SealedBox(nonce: ChaChaPoly.Nonce(data: nonce), ciphertext: body, tag: tag),
          using: key, authenticating: header)
      }
      guard let opened else { return false }
      unsafe opened.withUnsafeBytes { unsafe plaintext.append(contentsOf: $0) }
      return true
    }
  }
}

extension SymmetricKey {
  var byteArray: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}
