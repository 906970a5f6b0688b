/// Content that can't be looked into as it stands, though no content coding says so.
public enum OpaqueContent {
  /// How streams of gzip (RFC 1952, 2.3.1) and zstd (RFC 8878, 3.1.1) begin.
  private static let magic: [[UInt8]] = [[0x1F, 0x8B, 8], [0x28, 0xB5, 0x2F, 0xFD]]

  /// - Parameters:
  ///   - content: with content codings and chunks, if any, as they were sent: chunks put together.
  ///   - head: of its message.
  /// - Returns: whether a transfer coding other than chunked (RFC 9112, 7) hides it, or it is
  ///   compressed without saying so.
  public static func isOpaque(_ content: [UInt8], _ head: MessageHead) -> Bool {
    // Dots stand where somebody has taken out what couldn't be looked into.
    guard let first = content.first, !(first == 0x2E && content.allSatisfy { $0 == 0x2E }) else {
      return false
    }
    let codings = head.isHTTP2 ? [] : head.values(of: "transfer-encoding")
    let isCoded = codings.flatMap { $0.split(separator: 0x2C) }.contains { coding in
      let name = coding.trimmingBlanks()
      return !name.isEmpty && !name.equalsIgnoringCase("chunked")
        && !name.equalsIgnoringCase("identity")
    }
    return isCoded || isCompressed(content) && ContentDecoder(for: head).isIdentity
  }

  private static func isCompressed(_ content: [UInt8]) -> Bool {
    if magic.contains(where: { content.starts(with: $0) }) { return true }
    // zlib's header (RFC 1950, 2.2): deflate with a window, and a checksum over the two bytes.
    guard content.count > 6, content[0] & 0x0F == 8, content[0] >> 4 <= 7 else { return false }
    return content[0] == 0x78 && (Int(content[0]) << 8 | Int(content[1])) % 31 == 0
  }
}
