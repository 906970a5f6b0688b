import Crypto

/// The right key, or the hash of it. It compares and never shows itself.
///
/// Printing, interpolating, dumping or reflecting it gives `<key>`. It isn't `Equatable`: the
/// ordinary comparison would tell, by its time, how many bytes were right.
public struct ExpectedKey: Sendable {
  /// Something about the key that a report should mention, since it may be a slip.
  public enum Note: String, Hashable, Sendable {
    /// A blank inside; LiteLLM takes what follows it for part of the key.
    case innerWhitespace = "inner-whitespace"
    /// A blank or line end at either side; no header field can carry it (RFC 9110, 5.5).
    case outerWhitespace = "outer-whitespace"
    /// It begins with `Bearer`: the scheme isn't part of the key.
    case schemeIncluded = "scheme-included"
  }

  private enum Form: Sendable {
    case plain([UInt8])
    case digest([UInt8])
  }

  private let form: Form
  /// What is odd about the key; empty for a hash.
  public let notes: [Note]

  private init(form: Form, notes: [Note]) {
    self.form = form
    self.notes = notes
  }

  /// A key that is known.
  public static func plain(_ bytes: [UInt8]) -> ExpectedKey {
    ExpectedKey(form: .plain(bytes), notes: notes(on: bytes))
  }

  /// A key of which only the SHA-256 is known: 32 bytes. Any other number matches no key.
  public static func sha256(_ digest: [UInt8]) -> ExpectedKey {
    ExpectedKey(form: .digest(digest), notes: [])
  }

  /// The key's bytes, for the redactor only; nil where only the hash is known.
  public var plainBytes: [UInt8]? {
    if case .plain(let bytes) = form { bytes } else { nil }
  }

  /// Its SHA-256, of 32 bytes.
  public var sha256: [UInt8] {
    switch form {
    case .plain(let bytes): Array(SHA256.hash(data: bytes))
    case .digest(let digest): digest
    }
  }

  /// Whether the credential, without its scheme, is the expected key.
  ///
  /// Takes the same time wherever the two differ; only their lengths can be told from it.
  public func matches(_ key: [UInt8]) -> Bool {
    switch form {
    case .plain(let expected): Self.areEqual(expected, key)
    case .digest(let expected): Self.areEqual(expected, Array(SHA256.hash(data: key)))
    }
  }

  private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count, !left.isEmpty else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
  }

  private static func notes(on bytes: [UInt8]) -> [Note] {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
    var notes: [Note] = []
    if bytes.map(ByteSet.lowercase).starts(with: "bearer ".utf8) { notes.append(.schemeIncluded) }
    if bytes.first.map(isBlank) == true || bytes.last.map(isBlank) == true {
      notes.append(.outerWhitespace)
    }
    let inner = bytes.drop(while: isBlank).reversed().drop(while: isBlank)
    if inner.contains(where: isBlank) { notes.append(.innerWhitespace) }
    return notes
  }
}

extension ExpectedKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { KeyShape.standIn }
  public var debugDescription: String { KeyShape.standIn }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
