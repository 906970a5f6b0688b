internal import Redaction

/// A verdict as a record holds it: with the key's fingerprint in the place of the key.
///
/// One for all requests that are alike, so that nobody copies it and whoever shows it may remember how.
public final class JudgedCredential: Sendable {
  public let credential: Credential
  /// `nil` where there is no key, or where it is a known stand-in.
  public let key: String?

  private static func surrounds(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x22 || byte == 0x27 || byte == 0x60
  }

  init(_ credential: Credential, _ redactor: inout Redactor) {
    var shown = credential
    shown.scheme = credential.scheme.map { redactor.scheme($0) }
    self.credential = shown
    key = credential.key.map(Self.bare).flatMap {
      $0.isEmpty ? nil : redactor.keys.fingerprint(of: $0)
    }
  }

  /// Quotes and blanks around a key make it malformed, not another key.
  private static func bare(_ key: [UInt8]) -> [UInt8] {
    guard let first = key.first, let last = key.last, surrounds(first) || surrounds(last) else {
      return key
    }
    var bare = key[...]
    while let first = bare.first, surrounds(first) { bare.removeFirst() }
    while let last = bare.last, surrounds(last) { bare.removeLast() }
    return Array(bare)
  }
}
