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
        && !MessageDecoder.endsWithBadVersion(bytes, feed)
    }
  }

  /// Whether the last word of a line names HTTP, with a version that there isn't.
  private static func endsWithBadVersion(_ bytes: borrowing Span<UInt8>, _ feed: Int) -> Bool {
    let end = feed > 0 && bytes[feed &- 1] == 0x0D ? feed &- 1 : feed
    var start = end
    while start > 0, bytes[start &- 1] != 0x20 { start &-= 1 }
    let wanted: StaticString = "HTTP/"
    guard start > 0, end &- start >= wanted.utf8CodeUnitCount else { return false }
    for index in 0..<wanted.utf8CodeUnitCount where bytes[start &+ index] != wanted.byte(index) {
      return false
    }
    return true
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
