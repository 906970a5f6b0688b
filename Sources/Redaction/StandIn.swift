extension Redactor {
  /// What is written in the place of a secret.
  public enum StandIns: Sendable {
    /// `key#1`: for people.
    case fingerprints
    /// As many letters and digits as the secret has, in the form of a key; equal secrets get equal
    /// ones. For captures, in which no byte may move.
    case ofSameLength
  }
}

/// Letters and digits that look like a key and are none.
enum StandIn {
  private static let letters = Array(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
  /// By which the makers of keys are told apart; not secret.
  private static let prefixes = ["sk-ant-", "sk-proj-", "sk-"].map { Array($0.utf8) }

  /// - Parameter label: the secret's fingerprint; `nil` for the expected key, whose stand-in is the
  ///   same in every capture.
  static func bytes(like secret: ArraySlice<UInt8>, label: [UInt8]?) -> [UInt8] {
    let prefix = prefixes.first { secret.starts(with: $0) && secret.count > $0.count } ?? []
    // The padding of base64.
    let padding = secret.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    var state = StableBits.hash(label ?? Array("expected".utf8))
    var standIn = prefix
    while standIn.count < secret.count - padding {
      state &+= StableBits.step
      standIn.append(letters[Int(StableBits.mixed(state) % UInt64(letters.count))])
    }
    return standIn + secret.suffix(secret.count - standIn.count)
  }

  /// Numbers of keys up to which a stand-in is known again.
  private static let knownNumbers = 4096

  /// Whether it is one that ``bytes(like:label:)`` makes of a key with a number, or of the expected
  /// one: nobody else's key is, but for one in 10¹⁰ of eight letters.
  static func isOne(_ key: [UInt8]) -> Bool {
    guard key.count >= KeyRing.shortestInsideWords else { return false }
    let prefix = prefixes.first { key.starts(with: $0) && key.count > $0.count } ?? []
    let padding = key.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    let letters = key[prefix.count..<max(prefix.count, key.count - padding)]
    return isMade(letters, of: Array("expected".utf8))
      || (1...knownNumbers).contains { isMade(letters, of: Array("key#\($0)".utf8)) }
  }

  private static func isMade(_ standIn: ArraySlice<UInt8>, of label: [UInt8]) -> Bool {
    var state = StableBits.hash(label)
    for byte in standIn {
      state &+= StableBits.step
      if byte != letters[Int(StableBits.mixed(state) % UInt64(letters.count))] { return false }
    }
    return !standIn.isEmpty
  }
}
