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

  /// Whether bytes could be the beginning of a request line: a token, a blank, a target.
  static func couldBegin(_ span: borrowing Span<UInt8>, at start: Int, onlyKnown: Bool) -> Bool {
    var at = start
    while at < span.count, at &- start < 32, CharacterClass.isToken(span[at]) { at &+= 1 }
    if at == span.count { return !onlyKnown && at > start }
    guard at > start, span[at] == 0x20 else { return false }
    return !onlyKnown || isKnown(span, start..<at)
  }
}
