internal import Wire

extension MessageDecoder {
  /// Whether a message can begin here, and nothing is left of what came before.
  @inline(__always)
  public var isBetweenMessages: Bool {
    guard case .start = state else { return false }
    return oddities.isEmpty && !mayLackContent && !isLastRequest && emptyBytes == 0
  }

  /// The head of the message that these bytes begin, where all of the head is there and nothing stands
  /// in front of it: what nearly every message begins with. Nothing is done yet: ``pass(_:)`` does it,
  /// once the rest is known to be the message's content, and else ``next(_:from:_:)`` reads it again.
  ///
  /// - Returns: the head, and the offset behind it; `nil` where anything is otherwise.
  public static func headAlone(
    _ bytes: borrowing Span<UInt8>, _ heads: inout KnownHeads
  ) -> (head: FramedHead, end: Int)? {
    let sketch = bytes.sketch
    if let known = heads.find(beginning: bytes, sketch) { return (known, known.count) }
    guard !bytes.isEmpty, CharacterClass.isToken(bytes[0]),
      let end = endOfHead(bytes, from: 0), end <= headLimit
    else { return nil }
    guard let head = wholeHead(bytes.extracting(0..<end), &heads), head.head.isComplete else {
      return nil
    }
    heads.remember(head, beginning: sketch)
    return (head, end)
  }

  /// Notes that a whole message was read elsewhere, from its head to the end of its content.
  public mutating func pass(_ head: FramedHead) {
    hasBegun = true
    if head.head.isRequest { isLastRequest = head.isLastRequest }
  }

  /// - Parameter bytes: from the first byte of the start line to the empty line.
  /// - Returns: `nil` where they aren't a head of HTTP/1.
  static func wholeHead(
    _ bytes: borrowing Span<UInt8>, _ heads: inout KnownHeads
  ) -> FramedHead? {
    if let known = heads.find(bytes) { return known }
    var raw: [UInt8] = []
    raw.reserveCapacity(bytes.count)
    bytes.append(to: &raw)
    guard let head = read(raw, FirstLine()) else { return nil }
    heads.remember(head)
    return head
  }

  static func read(_ raw: [UInt8], _ firstLine: consuming FirstLine) -> FramedHead? {
    let head = HeadParser.parse(raw, isComplete: true)
    let isMessage = head.status != nil || head.target != nil
    if !isMessage || firstLine.isForeign(raw.span) || raw.starts(with: "PRI * HTTP/2".utf8) {
      return nil
    }
    return FramedHead(head)
  }
}
