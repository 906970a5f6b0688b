internal import Crypto

/// How keys follow from secrets: HKDF-Expand-Label (RFC 8446, 7.1) and the PRF of older versions
/// (RFC 5246, 5; RFC 4346, 5).
enum KeySchedule {
  /// HKDF-Expand-Label with an empty context.
  ///
  /// - Parameter count: in bytes; at most 255 times the hash's length.
  static func expandLabel(
    _ secret: [UInt8], _ label: String, _ hash: CipherSuite.Hash, count: Int
  ) -> SymmetricKey {
    let name = Array("tls13 \(label)".utf8)
    var info = [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
    info.append(UInt8(truncatingIfNeeded: name.count))
    info += name
    info.append(0)
    return switch hash {
    case .sha256:
      HKDF<SHA256>.expand(pseudoRandomKey: secret, info: info, outputByteCount: count)
    case .sha384:
      HKDF<SHA384>.expand(pseudoRandomKey: secret, info: info, outputByteCount: count)
    }
  }

  /// The PRF of TLS 1.2 and older.
  ///
  /// - Parameter hash: the suite's in TLS 1.2; `nil` for MD5 and SHA-1 together, as before.
  static func prf(
    _ secret: [UInt8], _ label: String, _ seed: [UInt8], _ hash: CipherSuite.Hash?, count: Int
  ) -> [UInt8] {
    let seed = Array(label.utf8) + seed
    switch hash {
    case .sha256: return expand(SHA256.self, secret[...], seed, count)
    case .sha384: return expand(SHA384.self, secret[...], seed, count)
    case nil:
      // Each half of the secret feeds one of the hashes; the middle byte of an odd one feeds both.
      let half = (secret.count &+ 1) / 2
      let first = expand(Insecure.MD5.self, secret.prefix(half), seed, count)
      let second = expand(Insecure.SHA1.self, secret.suffix(half), seed, count)
      return zip(first, second).map { $0 ^ $1 }
    }
  }

  /// P_hash (RFC 5246, 5).
  private static func expand<H: HashFunction>(
    _: H.Type, _ secret: ArraySlice<UInt8>, _ seed: [UInt8], _ count: Int
  ) -> [UInt8] {
    let key = SymmetricKey(data: secret)
    var output: [UInt8] = []
    var chain = seed
    while output.count < count {
      chain = Array(HMAC<H>.authenticationCode(for: chain, using: key))
      output += Array(HMAC<H>.authenticationCode(for: chain + seed, using: key))
    }
    return Array(output.prefix(count))
  }
}
