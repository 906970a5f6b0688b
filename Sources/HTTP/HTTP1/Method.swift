internal import Wire

/// The request methods that llhttp, one of the two parsers of LiteLLM's server, knows. It refuses
/// all others; h11, the other one, takes any token.
enum Method {
  static let known: [StaticString] = [
    "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE", "ACL",
    "BIND", "CHECKOUT", "COPY", "LINK", "LOCK", "M-SEARCH", "MERGE", "MKACTIVITY", "MKCALENDAR",
    "MKCOL", "MOVE", "NOTIFY", "PROPFIND", "PROPPATCH", "PURGE", "QUERY", "REBIND", "REPORT",
    "SEARCH", "SOURCE", "SUBSCRIBE", "UNBIND", "UNLINK", "UNLOCK", "UNSUBSCRIBE",
  ]

  static func isConnect(_ span: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    let wanted: StaticString = "CONNECT"
    guard range.count == wanted.utf8CodeUnitCount else { return false }
    for index in 0..<range.count where span[range.lowerBound &+ index] != wanted.byte(index) {
      return false
    }
    return true
  }

  static func isKnown(_ span: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    for method in known where method.utf8CodeUnitCount == range.count {
      var index = 0
      while index < range.count, span[range.lowerBound &+ index] == method.byte(index) {
        index &+= 1
      }
      if index == range.count { return true }
    }
    return false
  }

  /// Whether a request line could begin here: a method that is known, or any, and a space.
  static func couldBegin(
    _ span: borrowing Span<UInt8>, at start: Int, isAny: Bool = false
  ) -> Bool {
    var at = start
    while at < span.count, at &- start < 32, CharacterClass.isToken(span[at]) { at &+= 1 }
    return at < span.count && span[at] == 0x20 && at > start && (isAny || isKnown(span, start..<at))
  }
}
