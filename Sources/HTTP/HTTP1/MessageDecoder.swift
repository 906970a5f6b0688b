public import Wire

/// One direction of an HTTP/1 connection: stream bytes in, parts of messages out. Does no I/O and
/// keeps no content.
///
/// The caller gives bytes to ``next(_:from:)`` until it says ``Output/more``. After a head it must
/// say how the content is framed, because for a response that depends on the request.
public struct MessageDecoder: Sendable {
  public enum Output: Sendable {
    /// Everything given was taken.
    case more
    /// The first byte of a message stands at the offset that is reached.
    case began
    /// A head is complete: `takeHead()` has it.
    case head
    /// Content of the message, after transfer decoding: these bytes of what was given.
    case content(Range<Int>)
    /// The message is over.
    case ended
    /// The message's framing can't be followed any further.
    case lost(Anomaly)
    /// Something odd about the message being read.
    case odd(Anomaly)
    /// These bytes belong to no message.
    case stray(Range<Int>, StrayReason)
    /// These bytes belong to the protocol that the connection was switched to.
    case tunnel(Range<Int>)
  }

  public enum StrayReason: String, CaseIterable, Sendable {
    /// The stream never was HTTP/1.
    case notHTTP = "not-http"
    /// Behind a hole or damage, before the next message that could be recognised.
    case afterGap = "after-gap"
    /// In front of a message, where nothing may stand.
    case junk = "junk"
    /// Of a connection older than the capture, before its first whole message.
    case midstream = "mid-stream"
    case tls = "tls"
    case http2 = "http2"
  }

  enum State: Sendable {
    case start
    case head
    case awaitingFraming
    case length(Int)
    case chunkSize(ChunkSize)
    case chunk(Int)
    case chunkEnd(sawCR: Bool)
    case trailers
    case untilClose
    case tunnel
    /// Looks for a message at the beginning of each segment.
    case hunting(StrayReason)
    /// The rest is known to be something else.
    case opaque(StrayReason)
  }

  /// A chunk size line as far as it was read.
  struct ChunkSize: Sendable {
    var value: UInt64 = 0
    var digits = 0
    var extensionBytes = 0
    /// Where in an extension the line is; `nil` before the first one.
    var part: ExtensionPart?
    /// Whether something odd about the line was named.
    var isOdd = false
    var sawCR = false
  }

  /// Bounds against hostile input, in bytes.
  public static let headLimit = 256 << 10
  static let chunkExtensionLimit = 16 << 10

  var state: State
  /// Bytes of a head or trailer section that came in pieces.
  var carry: [UInt8] = []
  private var finished: FramedHead?
  /// The response being framed may be one to HEAD: where a status line follows at once, it was.
  public var mayLackContent = false
  private var firstLine = FirstLine()
  /// Empty lines' bytes since the last message.
  var emptyBytes = 0
  /// Whether the message being read stands behind another one.
  private var isBehindMessage = false
  /// The last request said that none follows it.
  var isLastRequest = false
  /// Oddities that are to be told, one by one.
  var oddities: AnomalySet = []
  /// Whether a message was read: what stands before the first one may be another protocol.
  public internal(set) var hasBegun = false

  /// - Parameter isMidstream: the stream's beginning wasn't captured.
  public init(isMidstream: Bool = false) {
    state = isMidstream ? .hunting(.midstream) : .start
  }

  /// Whether a message has begun and not ended.
  public var isInMessage: Bool {
    switch state {
    case .start, .hunting, .opaque, .tunnel: false
    default: true
    }
  }

  /// Bytes that are kept of a head or a trailer section that isn't whole.
  @inline(__always)
  public var carriedBytes: Int { carry.count }

  public var isInHead: Bool {
    switch state {
    case .head, .awaitingFraming: true
    default: false
    }
  }

  /// Whether the end of the stream is the end of the message.
  public var endsWithStream: Bool { if case .untilClose = state { true } else { false } }

  /// What kind of stray bytes are being passed over, if they are.
  public var strayReason: StrayReason? {
    switch state {
    case .hunting(let reason), .opaque(let reason): reason
    default: nil
    }
  }

  /// The head that has just been completed.
  public mutating func takeHead() -> MessageHead? { finished.take()?.head }

  /// The same, with what it says of the framing.
  public mutating func takeFramedHead() -> FramedHead? { finished.take() }

  /// The part of a head that was seen before it broke off.
  public mutating func takePartialHead() -> MessageHead {
    let head = HeadParser.parse(carry, isComplete: false)
    carry.removeAll()
    return head
  }

  /// The bytes that turned out to be the beginning of HTTP/2's preface.
  public mutating func takePreface() -> [UInt8] {
    defer { carry.removeAll() }
    return carry
  }

  /// Says how the content of the head that was just given out is framed.
  public mutating func frame(_ framing: BodyFraming) {
    switch framing {
    case .none: state = .length(0)
    case .length(let count): state = .length(count)
    case .chunked: state = .chunkSize(ChunkSize())
    case .untilClose: state = .untilClose
    case .tunnel: state = .tunnel
    }
  }

  public var isTunnel: Bool { if case .tunnel = state { true } else { false } }

  /// From now on the stream is another protocol.
  public mutating func becomeTunnel() { state = .tunnel }

  /// The message was given up elsewhere.
  public mutating func abandon(_ reason: StrayReason) {
    carry.removeAll()
    state = .hunting(reason)
  }

  // MARK: Decoding

  /// Reads on in `bytes` from `offset`, which is moved.
  public mutating func next(
    _ bytes: borrowing Span<UInt8>, from offset: inout Int
  ) -> Output {
    var heads = KnownHeads()
    return next(bytes, from: &offset, &heads)
  }

  /// - Parameter heads: of this decoder and others, so that none is read twice.
  public mutating func next(
    _ bytes: borrowing Span<UInt8>, from offset: inout Int, _ heads: inout KnownHeads
  ) -> Output {
    while true {
      if let anomaly = oddities.popFirst() { return .odd(anomaly) }
      if case .length(0) = state {
        state = .start
        return .ended
      }
      guard offset < bytes.count else { return .more }
      if mayLackContent {
        mayLackContent = false
        if lacksContent(bytes, offset) { state = .length(0) }
        continue
      }
      switch state {
      case .start:
        if let output = begin(bytes, &offset) { return output }
      case .head:
        if let output = readHead(bytes, &offset, &heads) { return output }
      case .awaitingFraming:
        return .more
      case .length(let remaining):
        let count = min(remaining, bytes.count &- offset)
        state = .length(remaining &- count)
        return content(count, &offset)
      case .untilClose:
        return content(bytes.count &- offset, &offset)
      case .chunk(let remaining):
        let count = min(remaining, bytes.count &- offset)
        state = count == remaining ? .chunkEnd(sawCR: false) : .chunk(remaining &- count)
        return content(count, &offset)
      case .chunkSize, .chunkEnd:
        if let output = readChunkFraming(bytes, &offset) { return output }
      case .trailers:
        if let output = readTrailers(bytes, &offset) { return output }
      case .tunnel:
        let range = offset..<bytes.count
        offset = bytes.count
        return .tunnel(range)
      case .hunting(let reason):
        return hunt(bytes, &offset, reason)
      case .opaque(let reason):
        let range = offset..<bytes.count
        offset = bytes.count
        return .stray(range, reason)
      }
    }
  }

  /// Only at the beginning of a segment: content may hold anything.
  private func lacksContent(_ bytes: borrowing Span<UInt8>, _ offset: Int) -> Bool {
    switch state {
    case .length, .chunkSize, .untilClose: offset == 0 && Self.isStatusLine(bytes, 0)
    default: false
    }
  }

  private func content(_ count: Int, _ offset: inout Int) -> Output {
    let range = offset..<(offset &+ count)
    offset &+= count
    return .content(range)
  }

  /// The next byte should be the first of a message.
  private mutating func begin(_ bytes: borrowing Span<UInt8>, _ offset: inout Int) -> Output? {
    // RFC 9112, 2.2: an empty line before a request is to be ignored; more of them are odd.
    while offset < bytes.count, bytes[offset] == 0x0D || bytes[offset] == 0x0A {
      offset &+= 1
      emptyBytes &+= 1
      if emptyBytes == 5 { return .odd(.junkBeforeRequest) }
    }
    guard offset < bytes.count else { return nil }
    // Messages of both kinds begin with a token: more isn't asked here, where more may not have come.
    if CharacterClass.isToken(bytes[offset]) { return beginMessage() }
    guard hasBegun || bytes[offset] != StrayReason.handshake else {
      state = .opaque(.tls)
      return nil
    }
    // What a server of HTTP/2 says first has no preface (RFC 9113, 3.4).
    if !hasBegun, HTTP2Decoder.looksLikeFrames(bytes.extracting(offset..<bytes.count)) {
      state = .opaque(.http2)
      return nil
    }
    state = .hunting(hasBegun ? .junk : .notHTTP)
    return hasBegun ? .odd(.junkBeforeRequest) : nil
  }

  private mutating func beginMessage() -> Output {
    isBehindMessage = hasBegun
    hasBegun = true
    firstLine = FirstLine()
    // llhttp refuses what comes behind the last request (RFC 9112, 9.6), h11 passes over it.
    if isLastRequest { oddities.insert(.dataAfterClose) }
    state = .head
    return .began
  }

  /// Whether a message begins here, in the middle of a stream, where it must be recognised by more
  /// than its first word.
  private static func couldBegin(_ bytes: borrowing Span<UInt8>) -> Bool {
    let end = bytes.firstOffset(of: 0x0A, from: 0) ?? bytes.count
    guard let marker = version(in: bytes, 0, end) else {
      return end == bytes.count && Method.couldBegin(bytes, at: 0)
    }
    return marker == 0 || Method.couldBegin(bytes, at: 0)
  }

  /// Whether a segment begins with what looks like a whole request line.
  public static func beginsRequest(_ bytes: borrowing Span<UInt8>) -> Bool {
    guard Method.couldBegin(bytes, at: 0, isAny: true),
      let end = bytes.firstOffset(of: 0x0A, from: 0)
    else { return false }
    return version(in: bytes, 0, end).map { $0 > 0 } ?? false
  }

  /// Where `HTTP/` and a version stand in a line.
  static func version(
    in bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int
  ) -> Int? {
    var at = start
    while let hit = bytes.firstOffset(of: 0x48, from: at), hit &+ 7 <= end {
      if isStatusLine(bytes, hit) { return hit }
      at = hit &+ 1
    }
    return nil
  }

  /// Whether `HTTP/` and a version stand here, as far as there are bytes.
  static func isStatusLine(_ bytes: borrowing Span<UInt8>, _ offset: Int) -> Bool {
    let wanted: StaticString = "HTTP/#.#"
    let count = min(wanted.utf8CodeUnitCount, bytes.count &- offset)
    for index in 0..<count {
      let byte = bytes[offset &+ index]
      let isRight =
        wanted.byte(index) == 0x23 ? CharacterClass.isDigit(byte) : byte == wanted.byte(index)
      if !isRight { return false }
    }
    return count > 0
  }

  private mutating func hunt(
    _ bytes: borrowing Span<UInt8>, _ offset: inout Int, _ reason: StrayReason
  ) -> Output {
    // Only the beginning of a segment: a body may hold anything.
    if offset == 0, Self.couldBegin(bytes) {
      emptyBytes = 0
      return beginMessage()
    }
    // Of TLS that is older than the capture, some segment begins with a record.
    var reason = reason
    if !hasBegun, offset == 0, StrayReason.of(bytes, at: 0) == .tls {
      reason = .tls
      state = .opaque(.tls)
    }
    let lacksBeginning = reason == .midstream || reason == .afterGap
    if lacksBeginning, !hasBegun, offset == 0, HTTP2Decoder.looksLikeFrames(bytes) {
      reason = .http2
      state = .opaque(.http2)
    }
    let range = offset..<bytes.count
    offset = bytes.count
    return .stray(range, reason)
  }

  private mutating func readHead(
    _ bytes: borrowing Span<UInt8>, _ offset: inout Int, _ heads: inout KnownHeads
  ) -> Output? {
    if carry.isEmpty, let end = Self.endOfHead(bytes, from: offset),
      end &- offset <= Self.headLimit
    {
      let section = bytes.extracting(offset..<end)
      offset = end
      if let head = Self.wholeHead(section, &heads) { return finish(head) }
      section.append(to: &carry)
      return giveUpForeign()
    }
    let before = carry.count
    let room = Self.headLimit &- before
    let taken = min(room, bytes.count &- offset)
    bytes.extracting(offset..<(offset &+ taken)).append(to: &carry)
    if let end = Self.endOfHead(carry.span, from: max(0, before &- 3)) {
      offset &+= end &- before
      let raw = Array(carry[..<end])
      carry.removeAll(keepingCapacity: true)
      return finishHead(raw)
    }
    offset &+= taken
    var line = firstLine
    let isForeign = line.isForeign(carry.span)
    firstLine = line
    if isForeign { return giveUpForeign() }
    guard carry.count >= Self.headLimit else { return nil }
    state = .hunting(.junk)
    return .lost(carry.contains(0x0A) ? .headerTooLarge : .requestLineTooLong)
  }

  private mutating func giveUpForeign() -> Output {
    // The preface of HTTP/2 is a request line on purpose (RFC 9113, 3.4).
    let isHTTP2 = carry.starts(with: "PRI * HTTP/2".utf8)
    state = isHTTP2 ? .opaque(.http2) : .hunting(isBehindMessage ? .junk : .notHTTP)
    if !isHTTP2 { carry.removeAll() }
    if isBehindMessage { oddities.insert(.junkBeforeRequest) }
    return .lost(.notHTTP)
  }

  private mutating func finishHead(_ raw: [UInt8]) -> Output {
    if let head = Self.read(raw, firstLine) { return finish(head) }
    carry = raw
    return giveUpForeign()
  }

  private mutating func finish(_ head: FramedHead) -> Output {
    if head.head.isRequest {
      isLastRequest = head.isLastRequest
      // h11 refuses a request behind an empty line, which llhttp passes over.
      if emptyBytes > 0 { oddities.insert(.junkBeforeRequest) }
    }
    emptyBytes = 0
    state = .awaitingFraming
    finished = head
    return .head
  }

  /// The offset behind the empty line that ends a head.
  static func endOfHead(_ bytes: borrowing Span<UInt8>, from start: Int) -> Int? {
    var at = start
    while let feed = bytes.firstOffset(of: 0x0A, from: at) {
      let next = feed &+ 1
      guard next < bytes.count else { return nil }
      if bytes[next] == 0x0A { return next &+ 1 }
      if bytes[next] == 0x0D {
        guard next &+ 1 < bytes.count else { return nil }
        if bytes[next &+ 1] == 0x0A { return next &+ 2 }
      }
      at = next
    }
    return nil
  }
}

extension MessageDecoder.StrayReason {
  /// What a stream that isn't HTTP/1 seems to be.
  static func of(_ bytes: borrowing Span<UInt8>, at offset: Int) -> Self {
    let rest = bytes.count &- offset
    guard rest > 0 else { return .notHTTP }
    // A handshake record, however few bytes of it are here; of others, the version must be.
    let isVersioned = rest < 2 || bytes[offset &+ 1] == 3
    if bytes[offset] == handshake, isVersioned { return .tls }
    return bytes[offset] == 0x17 && rest >= 3 && isVersioned ? .tls : .notHTTP
  }

  /// The first byte of a TLS handshake record.
  static let handshake: UInt8 = 0x16
}
