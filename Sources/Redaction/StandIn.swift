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
    // FNV-1a, then SplitMix64 for each letter.
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in label ?? Array("expected".utf8) {
      state = (state ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    var standIn = prefix
    while standIn.count < secret.count - padding {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      standIn.append(letters[Int((z ^ (z >> 31)) % UInt64(letters.count))])
    }
    return standIn + secret.suffix(secret.count - standIn.count)
  }
}
