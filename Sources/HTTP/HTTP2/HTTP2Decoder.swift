public import Wire

/// One direction of an HTTP/2 connection (RFC 9113): stream bytes in, parts of messages out. Does
/// no I/O and keeps no content.
///
/// Where an endpoint would end the connection, it names what is odd and goes on, as long as it can
/// tell where the frames are. The caller gives bytes to ``next(_:from:)`` until it says
/// ``Output/more``. Bytes that are passed over and stand in no output are framing: frame headers,
/// padding, control frames, header blocks.
public struct HTTP2Decoder: Sendable {
  public enum Output: Sendable {
    /// Everything given was taken.
    case more
    /// A header block begins: its frame's header ends at the offset that is reached.
    case began(stream: UInt32)
    /// A field section is complete, or all that can be had of it: `takeHead()` has it.
    case head(stream: UInt32, kind: HeadKind, ends: Bool)
    /// Content of a stream: these bytes of what was given.
    case content(stream: UInt32, Range<Int>)
    /// The stream ends behind content, in this direction.
    case ended(stream: UInt32)
    case reset(stream: UInt32, code: UInt32)
    /// No stream above the last one named was taken, or will be.
    case goAway(lastStream: UInt32, code: UInt32)
    /// What the sender asks of the other direction: hand it to that one's decoder.
    case settings(HTTP2Settings)
    /// A request that the server makes up itself: `takeHead()` has it.
    case pushPromise(stream: UInt32, promised: UInt32)
    /// Something odd, about a stream or the connection.
    case odd(Anomaly, stream: UInt32?)
    /// The frames can't be followed any further.
    case lost(Anomaly)
    /// These bytes belong to no frame, or to no stream.
    case stray(Range<Int>)
  }

  public enum HeadKind: Sendable {
    case request, response
    /// An informational response (1xx): another head follows.
    case interim
    case trailer
  }

  enum State: Sendable {
    /// So many bytes of the connection preface are read.
    case preface(Int)
    case header
    case payload
    /// Looks for frames at the beginning of each segment.
    case hunting
    /// The rest is known to be something else.
    case opaque
  }

  /// What is done with a frame's payload.
  enum Role: Sendable {
    case content(isTaken: Bool)
    case block
    case settings, ping, reset, goAway, windowUpdate
    case ignored
  }

  /// The frame whose payload is read. Its bytes still to come: a part of fixed length that is read
  /// as a number, then what it carries, then the rest.
  struct Payload: Sendable {
    var header = FrameHeader(0)
    var role = Role.ignored
    var fixed = 0
    var body = 0
    var rest = 0
    var number: UInt64 = 0

    var remaining: Int { fixed &+ body &+ rest }
  }

  /// A header block that goes on in CONTINUATION frames.
  struct Block: Sendable {
    var stream: UInt32
    var ends: Bool
    /// The stream that a PUSH_PROMISE promises.
    var promised: UInt32?
    /// Whether its fields make a head; else they only count for the table.
    var isHead = true
    var isBroken = false
    /// It had more bytes than we keep.
    var isTooLarge = false
    var continuations = 0
    var emptyContinuations = 0
  }

  /// A stream as far as this direction has used it.
  struct Stream: Sendable {
    /// Whether the head that is followed by content was seen.
    var hasHead = false
    /// What the head says of the content's length, in bytes; -1 where it says nothing.
    var declared = -1
    var received = 0
    /// Whether the answer has no content whatever its head says; `nil` where its request wasn't
    /// told.
    var isToHEAD: Bool?
    /// Something of it may be missing.
    var isUnsure = false
    /// The head's status wasn't seen: it may have been an informational one.
    var isMaybeInterim = false
  }

  /// Bounds against hostile input.
  public static let blockLimit = FieldSection.sizeLimit
  public static let streamLimit = 10_000
  /// The smallest largest frame (RFC 9113, 4.2), in bytes.
  static let frameLimit = 1 << 14

  public internal(set) var isClient: Bool
  /// Whether it is known which end sends: of a connection that is older than the capture the first
  /// head tells.
  public internal(set) var isRoleKnown: Bool
  var state: State
  var hpack: HPACKDecoder
  var payload = Payload()
  /// Nine bytes of a frame header that come in pieces.
  var headerNumber: UInt128 = 0
  var headerBytes = 0
  var block: Block?
  /// The bytes of ``block``.
  var fragments: [UInt8] = []
  var section = FieldSection()
  private var finished: MessageHead?
  /// What is to be told next, and the heads that it speaks of.
  var pending: [Output] = []
  var pendingHeads: [MessageHead] = []
  var streams: [UInt32: Stream] = [:]
  /// The highest stream that this direction opened; for answers, that was asked for.
  var lastStream: UInt32 = 0
  /// Streams that the other direction has closed: what was under way comes for nothing.
  var closedByOther = RecentStreams()
  var frameLimit = Self.frameLimit
  /// Streams, frames or settings may have gone by unseen: what is odd about their order proves
  /// nothing.
  var isUnsure: Bool
  var flood = FloodWatch()
  /// Whether the direction was recognised as HTTP/2.
  public internal(set) var hasBegun = false
  /// Whether the first frame was seen, which must be SETTINGS.
  var hasSettings = false
  /// Those of the frame that is read.
  var settings = HTTP2Settings()

  /// - Parameters:
  ///   - isClient: the direction carries requests, and begins with the preface.
  ///   - isMidstream: the direction's beginning wasn't captured.
  public init(isClient: Bool, isMidstream: Bool = false) {
    self.isClient = isClient
    isRoleKnown = !isMidstream
    isUnsure = isMidstream
    hpack = HPACKDecoder(isMidstream: isMidstream)
    state = isMidstream ? .hunting : isClient ? .preface(0) : .header
  }

  /// Bytes that are kept of a header block that isn't whole.
  public var carriedBytes: Int { fragments.count }

  /// Whether the frames are followed, and not looked for.
  public var isFollowing: Bool {
    switch state {
    case .hunting, .opaque: false
    default: true
    }
  }

  /// The head that has just been told of.
  public mutating func takeHead() -> MessageHead? {
    defer { finished = nil }
    return finished
  }

  /// Says which end sends, where that wasn't known.
  public mutating func settle(isClient: Bool) {
    self.isClient = isClient
    isRoleKnown = true
  }

  // MARK: What the other direction says

  /// The other side's SETTINGS_HEADER_TABLE_SIZE, in bytes; `Int.max` where settings may have gone
  /// by unseen.
  public mutating func allow(tableSize: Int) {
    hpack.allow(tableSize: tableSize)
  }

  /// The other side's SETTINGS_MAX_FRAME_SIZE, in bytes.
  public mutating func allow(frameSize: Int) {
    frameLimit = max(frameLimit, frameSize)
  }

  /// All that the other side's settings allow.
  public mutating func allow(_ settings: HTTP2Settings) {
    if let size = settings.headerTableSize { allow(tableSize: Int(size)) }
    if let size = settings.maxFrameSize { allow(frameSize: Int(size)) }
  }

  /// A request was seen on a stream, to which this direction will carry the answer.
  public mutating func expectAnswer(to stream: UInt32, isHEAD: Bool) {
    guard !isClient else { return }
    lastStream = max(lastStream, stream)
    open(stream) { $0.isToHEAD = isHEAD }
  }

  /// The other direction reset a stream: what this one still sends on it is no fault.
  public mutating func close(_ stream: UInt32) {
    if streams.removeValue(forKey: stream) != nil { closedByOther.insert(stream) }
  }

  // MARK: Decoding

  /// Reads on in `bytes` from `offset`, which is moved.
  public mutating func next(
    _ bytes: borrowing Span<UInt8>, from offset: inout Int
  ) -> Output {
    while true {
      if !pending.isEmpty { return popPending() }
      switch state {
      case .payload:
        if let output = readPayload(bytes, &offset) { return output }
      case .header:
        guard offset < bytes.count else { return .more }
        readHeader(bytes, &offset)
      case .preface(let count):
        guard offset < bytes.count else { return .more }
        readPreface(bytes, &offset, count)
      case .hunting:
        guard offset < bytes.count else { return .more }
        if let output = hunt(bytes, &offset) { return output }
      case .opaque:
        guard offset < bytes.count else { return .more }
        return stray(bytes, &offset)
      }
    }
  }

  private mutating func popPending() -> Output {
    let output = pending.removeFirst()
    switch output {
    case .head, .pushPromise:
      finished = pendingHeads.isEmpty ? nil : pendingHeads.removeFirst()
    default: break
    }
    return output
  }

  func stray(_ bytes: borrowing Span<UInt8>, _ offset: inout Int) -> Output {
    let range = offset..<bytes.count
    offset = bytes.count
    return .stray(range)
  }

  private mutating func readHeader(
    _ bytes: borrowing Span<UInt8>, _ offset: inout Int
  ) {
    if headerBytes == 0, bytes.count &- offset >= FrameHeader.size {
      let header = FrameHeader(bytes, at: offset)
      offset &+= FrameHeader.size
      return begin(header)
    }
    while offset < bytes.count {
      headerNumber = headerNumber &<< 8 | UInt128(bytes[offset])
      headerBytes &+= 1
      offset &+= 1
      guard headerBytes == FrameHeader.size else { continue }
      let header = FrameHeader(headerNumber)
      (headerNumber, headerBytes) = (0, 0)
      return begin(header)
    }
  }

  private mutating func readPayload(
    _ bytes: borrowing Span<UInt8>, _ offset: inout Int
  ) -> Output? {
    while payload.fixed > 0 {
      guard offset < bytes.count else { return .more }
      payload.number = payload.number &<< 8 | UInt64(bytes[offset])
      payload.fixed &-= 1
      offset &+= 1
      guard payload.fixed == 0 else { continue }
      takeFixedPart()
      if !pending.isEmpty { return nil }
    }
    if payload.body > 0 {
      guard offset < bytes.count else { return .more }
      let range = offset..<(offset &+ min(payload.body, bytes.count &- offset))
      payload.body &-= range.count
      offset = range.upperBound
      switch payload.role {
      case .content(let isTaken):
        guard isTaken else { return .stray(range) }
        streams[payload.header.stream]?.received &+= range.count
        return .content(stream: payload.header.stream, range)
      default:
        keep(bytes.extracting(range))
        return nil
      }
    }
    if payload.rest > 0 {
      guard offset < bytes.count else { return .more }
      let count = min(payload.rest, bytes.count &- offset)
      payload.rest &-= count
      offset &+= count
      return nil
    }
    state = .header
    finishFrame()
    return nil
  }
}
