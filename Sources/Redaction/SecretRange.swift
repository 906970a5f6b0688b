/// A place in a text that holds a secret, and what is shown there instead.
struct SecretRange: Sendable {
  enum StandIn: Sendable {
    /// The fingerprint of this key.
    case fingerprint(of: [UInt8], KeyRing.Standing)
    /// The fingerprint of an entry of the ring.
    case entry(Int)
    /// These bytes: for parts of keys, which say whose they are to nobody.
    case bytes([UInt8])
    /// A part of a stand-in of the secret's length that is spread as the secret was.
    case part([UInt8])
  }

  var range: Range<Int>
  var standIn: StandIn
  /// Another form of the same key, to be found elsewhere too: the base64 of a Basic credential.
  var form: [UInt8]?
  /// What else stands in it that may be a key: the user of a Basic credential.
  var others: [[UInt8]] = []
}
