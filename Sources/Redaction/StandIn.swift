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
}
