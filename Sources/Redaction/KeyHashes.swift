/// SHA-256 of keys in hex, as LiteLLM stores and shows them: `Key Hash (Token) =…`. The hash of a
/// hand-typed key falls to a dictionary.
enum KeyHashes {
  /// Words after which 64 hex digits are the hash of a key, whether the key was seen or not.
  private static let marks = ["Token) =", "Token) = "].map { Array($0.utf8) }

  /// The places of hashes: of keys in the ring, and of others where the text says that it is one.
  static func matches(in bytes: [UInt8], _ ring: KeyRing) -> [SecretRange] {
    var found: [SecretRange] = []
    var index = 0
    while index < bytes.count {
      guard Bytes.isToken(bytes[index]) else {
        index += 1
        continue
      }
      let start = index
      var isHex = true
      while index < bytes.count, Bytes.isToken(bytes[index]) {
        if Bytes.hexValue(bytes[index]) == nil { isHex = false }
        index += 1
      }
      guard isHex, index - start == 64 else { continue }
      if let entry = ring.entry(ofHash: bytes[start..<index]) {
        found.append(SecretRange(range: start..<index, standIn: .entry(entry)))
      } else if marks.contains(where: { Bytes.has($0, at: start - $0.count, in: bytes) }) {
        found.append(
          SecretRange(
            range: start..<index,
            standIn: .fingerprint(of: Array(bytes[start..<index]), .incidental)))
      }
    }
    return found
  }
}
