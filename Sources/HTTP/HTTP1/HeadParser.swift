internal import Wire

/// Reads a head: tolerant of everything that two parsers could read differently, and naming it.
///
/// Follows RFC 9112 (2.2 line endings, 3 request line, 4 status line, 5 field syntax).
enum HeadParser {
  /// Bounds against hostile input.
  static let fieldLimit = 2000

  /// - Parameters:
  ///   - bytes: from the first byte of the start line to the empty line, or to what was seen.
  ///   - isComplete: whether they end with the empty line.
  static func parse(_ bytes: [UInt8], isComplete: Bool) -> MessageHead {
    var head = MessageHead(
      bytes: bytes, startLine: .unreadable, fields: [], anomalies: [], isComplete: isComplete)
    head.fields.reserveCapacity(16)
    let span = bytes.span
    var start = 0
    var isFirst = true
    while start < span.count {
      guard let feed = span.firstOffset(of: 0x0A, from: start) else {
        // What stands behind the last line end of an incomplete head says nothing for sure,
        // except a request line that is long enough to be told.
        // Half of a line end may stand there, too.
        let end = span.count &- (span.count > start && span[span.count &- 1] == 0x0D ? 1 : 0)
        if isFirst { startLine(span, start, end, &head) }
        break
      }
      var end = feed
      if end > start, span[end &- 1] == 0x0D {
        end &-= 1
      } else {
        head.anomalies.insert(.bareLF)
      }
      if isFirst {
        startLine(span, start, end, &head)
        isFirst = false
      } else if end > start {
        fieldLine(span, start, end, &head)
      }
      start = feed &+ 1
    }
    if head.isComplete, head.isRequest { checkHost(&head) }
    return head
  }

  /// What is odd about one line of a trailer section, its end included.
  static func anomalies(ofTrailer line: [UInt8]) -> AnomalySet {
    var head = MessageHead(
      bytes: line, startLine: .unreadable, fields: [], anomalies: [], isComplete: false)
    var end = line.count &- 1
    if end > 0, line[end &- 1] == 0x0D {
      end &-= 1
    } else {
      head.anomalies.insert(.bareLF)
    }
    if end > 0 { fieldLine(line.span, 0, end, &head) }
    for field in head.fields {
      // RFC 9110, 6.5.1: no trailer says how a message is framed. llhttp heeds those that do.
      if head.isNamed(field, "transfer-encoding") { head.anomalies.insert(.badTransferEncoding) }
      if head.isNamed(field, "content-length") { head.anomalies.insert(.badContentLength) }
      let others: [StaticString] = ["connection", "proxy-connection", "upgrade"]
      if others.contains(where: { head.isNamed(field, $0) }) {
        head.anomalies.insert(.badHeaderName)
      }
    }
    return head.anomalies
  }

  // MARK: Start line

  private static func startLine(
    _ span: borrowing Span<UInt8>, _ start: Int, _ end: Int, _ head: inout MessageHead
  ) {
    if isStatusLine(span, start, end) {
      statusLine(span, start, end, &head)
    } else {
      requestLine(span, start, end, &head)
    }
  }

  private static func isStatusLine(
    _ span: borrowing Span<UInt8>, _ start: Int, _ end: Int
  ) -> Bool {
    end &- start >= 5 && span[start] == 0x48 && span[start &+ 1] == 0x54
      && span[start &+ 2] == 0x54 && span[start &+ 3] == 0x50 && span[start &+ 4] == 0x2F
  }

  /// Whether less than a version, and nothing else, stands here.
  private static func isBeginningOfVersion(
    _ span: borrowing Span<UInt8>, _ start: Int, _ end: Int
  ) -> Bool {
    let wanted: StaticString = "HTTP/"
    guard end &- start < wanted.utf8CodeUnitCount else { return false }
    for index in start..<end where span[index] != wanted.byte(index &- start) { return false }
    return true
  }

  private static func requestLine(
    _ span: borrowing Span<UInt8>, _ start: Int, _ end: Int, _ head: inout MessageHead
  ) {
    var at = start
    while at < end, CharacterClass.isToken(span[at]) { at &+= 1 }
    let method = start..<at
    guard at > start, at < end, CharacterClass.isBlank(span[at]) else {
      head.anomalies.insert(.badRequestLine)
      return
    }
    if span[at] != 0x20 { head.anomalies.insert(.badRequestLine) }
    at &+= 1
    while at < end, CharacterClass.isBlank(span[at]) {
      head.anomalies.insert(.badRequestLine)
      at &+= 1
    }
    // The version is the last word: a target with a blank in it stays one target.
    var versionStart = end
    while versionStart > at, !CharacterClass.isBlank(span[versionStart &- 1]) { versionStart &-= 1 }
    var targetEnd = versionStart
    while targetEnd > at, CharacterClass.isBlank(span[targetEnd &- 1]) { targetEnd &-= 1 }
    var version = versionStart..<end
    let isCut = !head.isComplete && span.firstOffset(of: 0x0A, from: end) == nil
    if isCut, versionStart > at, isBeginningOfVersion(span, versionStart, end) {
      // The line breaks off in its version: no target has a blank in it.
      version = end..<end
      head.anomalies.insert(.badRequestLine)
    } else if versionStart <= at || !isStatusLine(span, versionStart, end) {
      // No version at all: HTTP/0.9, or a line that was cut.
      (targetEnd, version) = (end, end..<end)
      head.anomalies.insert(head.isComplete ? .http09 : .badRequestLine)
    } else {
      if versionStart &- targetEnd != 1 { head.anomalies.insert(.badRequestLine) }
      checkVersion(span, version, &head)
    }
    let isKnown = Method.isKnown(span, method)
    // Any protocol can begin with a word and a blank: a line that neither ends nor names HTTP is a
    // request only by its method.
    if isCut, !isKnown, version.isEmpty { return }
    for index in at..<max(at, targetEnd) where span[index] <= 0x20 || span[index] >= 0x7F {
      head.anomalies.insert(.badRequestLine)
    }
    let isConnect = Method.isConnect(span, method)
    if !Target.isWellFormed(span, at..<max(at, targetEnd), isAuthority: isConnect) {
      head.anomalies.insert(.badRequestLine)
    }
    if !isKnown { head.anomalies.insert(.unknownMethod) }
    head.startLine = .request(method: method, target: at..<max(at, targetEnd), version: version)
  }

  private static func checkVersion(
    _ span: borrowing Span<UInt8>, _ version: Range<Int>, _ head: inout MessageHead
  ) {
    let at = version.lowerBound
    let isKnown =
      version.count == 8 && span[at &+ 5] == 0x31 && span[at &+ 6] == 0x2E
      && (span[at &+ 7] == 0x31 || span[at &+ 7] == 0x30)
    if !isKnown { head.anomalies.insert(.badVersion) }
  }

  private static func statusLine(
    _ span: borrowing Span<UInt8>, _ start: Int, _ end: Int, _ head: inout MessageHead
  ) {
    var at = start
    while at < end, !CharacterClass.isBlank(span[at]) { at &+= 1 }
    let version = start..<at
    checkVersion(span, version, &head)
    let gap = at
    let isSpaced = at < end && span[at] == 0x20
    while at < end, CharacterClass.isBlank(span[at]) { at &+= 1 }
    var code = 0
    let digits = at
    while at < end, CharacterClass.isDigit(span[at]), at &- digits < 4 {
      code = code &* 10 &+ Int(span[at] &- 0x30)
      at &+= 1
    }
    guard at &- digits == 3 else {
      head.anomalies.insert(.badStatusLine)
      return
    }
    if code < 100 || at < end && span[at] != 0x20 || digits &- gap != 1 || !isSpaced {
      head.anomalies.insert(.badStatusLine)
    }
    if at < end, span[at] == 0x20 { at &+= 1 }
    checkContent(span, at, end, &head)
    head.startLine = .status(code: code, reason: at..<end, version: version)
  }

  // MARK: Field lines

  private static func fieldLine(
    _ span: borrowing Span<UInt8>, _ start: Int, _ end: Int, _ head: inout MessageHead
  ) {
    if CharacterClass.isBlank(span[start]) {
      checkContent(span, start, end, &head)
      if head.fields.isEmpty {
        head.anomalies.insert(.badHeaderLine)
      } else {
        head.anomalies.insert(.obsFold)
        var trimmed = end
        while trimmed > start, CharacterClass.isBlank(span[trimmed &- 1]) { trimmed &-= 1 }
        let last = head.fields.count &- 1
        let from = head.fields[last].value.lowerBound
        head.fields[last].value = from..<max(from, Int32(truncatingIfNeeded: trimmed))
        head.fields[last].isFolded = true
      }
      return
    }
    guard head.fields.count < fieldLimit else {
      head.anomalies.insert(.tooManyHeaders)
      head.isComplete = false
      return
    }
    var at = start
    while at < end, CharacterClass.isToken(span[at]) { at &+= 1 }
    var nameEnd = at
    if at == end || span[at] != 0x3A {
      while at < end, span[at] != 0x3A { at &+= 1 }
      guard at < end else {
        head.anomalies.insert(.badHeaderLine)
        checkContent(span, start, end, &head)
        return
      }
      var trimmed = at
      while trimmed > start, CharacterClass.isBlank(span[trimmed &- 1]) { trimmed &-= 1 }
      if trimmed < at { head.anomalies.insert(.spaceBeforeColon) }
      if trimmed > nameEnd || trimmed == start { head.anomalies.insert(.badHeaderName) }
      nameEnd = trimmed
      checkContent(span, start, nameEnd, &head)
    } else if at == start {
      head.anomalies.insert(.badHeaderName)
    }
    at &+= 1
    while at < end, CharacterClass.isBlank(span[at]) { at &+= 1 }
    var valueEnd = end
    while valueEnd > at, CharacterClass.isBlank(span[valueEnd &- 1]) { valueEnd &-= 1 }
    checkContent(span, at, valueEnd, &head)
    head.fields.append(
      MessageHead.Field(
        name: Int32(truncatingIfNeeded: start)..<Int32(truncatingIfNeeded: nameEnd),
        value: Int32(truncatingIfNeeded: at)..<Int32(truncatingIfNeeded: max(at, valueEnd))))
  }

  @inline(__always)
  private static func checkContent(
    _ span: borrowing Span<UInt8>, _ start: Int, _ end: Int, _ head: inout MessageHead
  ) {
    var isClean = true
    for index in start..<max(start, end) {
      let byte = span[index]
      if byte < 0x20 && byte != 0x09 || byte == 0x7F { isClean = false }
    }
    guard !isClean else { return }
    for index in start..<end {
      switch span[index] {
      case 0: head.anomalies.insert(.nulInHeader)
      case 0x0D: head.anomalies.insert(.bareCR)
      case 0x09: break
      case ..<0x20, 0x7F: head.anomalies.insert(.controlInHeader)
      default: break
      }
    }
  }

  /// RFC 9112, 3.2: exactly one Host in HTTP/1.1.
  private static func checkHost(_ head: inout MessageHead) {
    let hosts = head.fields.count { head.isNamed($0, "host") }
    if hosts > 1 { head.anomalies.insert(.duplicateHost) }
    if hosts == 0, !head.isHTTP10 { head.anomalies.insert(.missingHost) }
  }
}
