internal import Wire

extension MessageDecoder {
  /// The first line of a head that comes in pieces: how much of it was looked at, so that none is
  /// looked at twice. What it says doesn't depend on the pieces.
  struct FirstLine: Sendable {
    /// Longer lines than this are requests only if they begin as known ones do.
    static let plausibleLength = 64 << 10

    private var word = 0
    private var isWordRead = false
    private var scanned = 0
    private var isRead = false

    /// Whether the line can't be HTTP's: SSH, SMTP and others begin with words too.
    ///
    /// - Parameter bytes: the head from its first byte on, as far as it came.
    mutating func isForeign(_ bytes: borrowing Span<UInt8>) -> Bool {
      if isRead { return false }
      if !isWordRead {
        while word < bytes.count, CharacterClass.isToken(bytes[word]) { word &+= 1 }
        if word < bytes.count {
          let isStatus = MessageDecoder.isStatusLine(bytes, 0)
          guard CharacterClass.isBlank(bytes[word]) || isStatus else { return true }
          isWordRead = !isStatus || bytes.count >= 8
        }
      }
      let feed = bytes.firstOffset(of: 0x0A, from: scanned)
      scanned = bytes.count
      if feed ?? bytes.count > Self.plausibleLength,
        !Method.couldBegin(bytes, at: 0)
      {
        return true
      }
      guard let feed else { return false }
      isRead = true
      return MessageDecoder.version(in: bytes, 0, feed) == nil
        && !(bytes.count > 4 && MessageDecoder.isHTTP09(bytes))
    }
  }

  /// HTTP/0.9 had one method and no version.
  private static func isHTTP09(_ bytes: borrowing Span<UInt8>) -> Bool {
    let wanted: StaticString = "GET /"
    for index in 0..<wanted.utf8CodeUnitCount where bytes[index] != wanted.byte(index) {
      return false
    }
    return true
  }
}
