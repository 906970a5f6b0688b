internal import HTTP
internal import Wire

/// A message that is all of a segment: what it is made from, once somebody wants to see it.
struct WholeMessage {
  /// Where it stands.
  struct Place {
    /// Where the head ends, from the segment's first byte.
    var end: Int
    var segment: StreamEvent

    /// Where the head ends in its direction's stream.
    var headEnd: Int { segment.position &+ end }
  }

  var head: FramedHead
  var place: Place
}

extension Message {
  init(_ whole: WholeMessage) {
    let event = whole.place.segment
    self.init(
      head: whole.head, headState: .complete, time: event.time, end: event.time,
      start: event.position, headEnd: whole.place.headEnd)
    acknowledged = event.acknowledged
    touch(event.frame)
    if whole.place.end < event.range.count {
      bodyState = .complete
      add(whole.place.end..<event.range.count, of: event)
    }
    isOver = true
  }
}
