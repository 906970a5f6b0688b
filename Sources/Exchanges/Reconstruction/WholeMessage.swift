internal import HTTP
internal import Wire

/// A message that is all of a segment, from its first byte to its last: what nearly every request is, and
/// every short answer. No more is kept of it than it is made from, since many wait for their turn.
struct WholeMessage {
  let head: FramedHead
  let time: Timestamp
  private let offset: Int
  private let count: Int32
  /// Where the head ends, from the segment's first byte.
  private let end: Int32
  let frame: Int32
  /// Where it begins in its direction's stream.
  let start: Int
  /// See ``StreamEvent/acknowledged``; `.min` where that isn't known.
  private let read: Int

  /// - Parameter end: where the head ends, from the segment's first byte.
  @inline(__always)
  init(_ head: FramedHead, end: Int, in segment: StreamEvent) {
    self.head = head
    self.end = Int32(truncatingIfNeeded: end)
    time = segment.time
    offset = segment.range.offset
    count = Int32(truncatingIfNeeded: segment.range.count)
    frame = segment.frame
    start = segment.position
    read = segment.acknowledged ?? .min
  }

  /// How far its sender had read the other direction; `nil` where that isn't known.
  var acknowledged: Int? { read == .min ? nil : read }

  /// Where the head ends in its direction's stream.
  var headEnd: Int { start &+ Int(end) }

  /// Its content, as sent.
  var content: ByteRange {
    ByteRange(offset: offset &+ Int(end), count: Int(count &- end))
  }
}

extension Message {
  @inline(__always)
  init(_ whole: borrowing WholeMessage) {
    self.init(
      head: whole.head, headState: .complete, time: whole.time, end: whole.time,
      start: whole.start, headEnd: whole.headEnd)
    acknowledged = whole.acknowledged
    touch(whole.frame)
    let content = whole.content
    if content.count > 0 {
      bodyState = .complete
      add(content, at: whole.time, of: whole.frame)
    }
    isOver = true
  }
}
