internal import Crypto
internal import Redaction
internal import Wire

/// Which file it was.
enum FileDigest {
  /// SHA-256 in hexadecimal digits, whatever its size.
  static func sha256(of path: String) throws -> String {
    var hash = SHA256()
    guard ProcessGuard.read(path, { hash.update(data: $0) }) else {
      throw Failure.unreadable("\(TerminalText.escape(path)): can't be read")
    }
    return hash.finalize().map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}
