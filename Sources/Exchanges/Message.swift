public import HTTP
public import Wire

/// A request or a response, as far as the capture holds it.
public struct Message: Sendable {
  public enum HeadState: String, Sendable { case complete, gap, cut, absent }
  public enum BodyState: String, Sendable { case none, complete, gap, cut }

  /// A run of content in the store, with the packet that carried it.
  public struct Piece: Sendable {
    public var offset: Int
    /// When it was seen.
    public var time: Timestamp
    public var count: Int32
    public var frame: Int32

    public var range: ByteRange { ByteRange(offset: offset, count: Int(count)) }
  }

  public internal(set) var framedHead: FramedHead
  public var headState: HeadState
  /// Why the head's silence proves nothing; `nil` where it was seen whole and once.
  public var headDoubt: UnknownReason?
  /// When its first byte was seen, and its last.
  public var time: Timestamp
  public var end: Timestamp
  public var bodyState = BodyState.none
  /// Content after transfer decoding, as sent.
  public var pieces: [Piece] = []
  /// Length of the content that was seen, in bytes.
  public var bytes = 0
  /// Content that is known to be missing, in bytes.
  public var missing = 0
  /// The packets of the head, and of framing between the pieces.
  public var headFrames = FrameRuns()

  // Where it stands in its direction's stream, in bytes.
  var start: Int
  var headEnd: Int
  /// How far its sender had read the other direction when it began.
  var acknowledged: Int?
  var segments = 0
  private var latestFrame: Int32 = 0
  var sightings = 0
  var isOver = false

  @inlinable
  public var head: MessageHead { framedHead.head }

  init(
    head: FramedHead, headState: HeadState, time: Timestamp, end: Timestamp, start: Int,
    headEnd: Int
  ) {
    framedHead = head
    self.headState = headState
    self.time = time
    self.end = end
    self.start = start
    self.headEnd = headEnd
  }

  /// Adds content: these bytes of a segment.
  @inline(__always)
  mutating func add(_ range: Range<Int>, of event: StreamEvent) {
    add(
      ByteRange(offset: event.range.offset &+ range.lowerBound, count: range.count),
      at: event.time, of: event.frame)
  }

  @inline(__always)
  mutating func add(_ range: ByteRange, at time: Timestamp, of frame: Int32) {
    pieces.append(
      Piece(
        offset: range.offset, time: time, count: Int32(truncatingIfNeeded: range.count),
        frame: frame))
    bytes &+= range.count
    end = time
    count(frame)
  }

  /// Notes a packet that carries a part of the head.
  mutating func touch(_ frame: Int32) {
    headFrames.add(frame)
    count(frame)
  }

  mutating func touch(_ frames: FrameRuns) {
    for run in frames.runs { for frame in run { touch(frame) } }
  }

  /// It was read to its end (but for holes in its content).
  mutating func end(with event: StreamEvent) {
    if event.kind == .data { end = max(end, event.time) }
    headFrames.add(event.frame)
    if missing > 0 {
      bodyState = .gap
    } else if bodyState != .none {
      bodyState = .complete
    }
    isOver = true
  }

  /// - Parameter gap: whether bytes are missing; else its stream ends.
  mutating func breakOff(gap: Bool) {
    bodyState = gap || missing > 0 ? .gap : .cut
    isOver = true
  }

  /// A packet counts once, whatever it carries.
  @inline(__always)
  private mutating func count(_ frame: Int32) {
    if frame != latestFrame {
      latestFrame = frame
      segments &+= 1
    }
  }

  /// The packets that carry it.
  public var frames: FrameRuns {
    var runs = headFrames
    for piece in pieces { runs.add(piece.frame) }
    return runs
  }

  /// The first value of a header: absent only where the whole head was seen, and once.
  public func header(_ name: StaticString) -> Fact<ArraySlice<UInt8>> {
    if let headDoubt, headState == .complete { return .unknown(headDoubt) }
    return head.value(of: name, unless: headDoubt ?? .cut)
  }

  /// At most `limit` bytes of the content, content codings undone.
  ///
  /// - Returns: `nil` where a coding can't be undone.
  public func content(in store: CaptureStore, limit: Int) -> [UInt8]? {
    if !framedHead.hasContentEncoding, pieces.count <= 1 {
      return pieces.first.map { store.bytes($0.range.part(from: 0, length: limit)) } ?? []
    }
    let decoder = ContentDecoder(for: head)
    var content: [UInt8] = []
    for piece in pieces where content.count < limit {
      decoder.decode(store.bytes(piece.range)[...]) { content += $0.prefix(limit - content.count) }
      if decoder.failure != nil { return nil }
    }
    return decoder.failure == nil ? content : nil
  }
}
