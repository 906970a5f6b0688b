public import HTTP
public import Wire

/// What nearly every exchange is: a request and its answer, each all of a segment, and nothing odd about
/// either. Its facts are read from the few words that were kept of it.
public struct PlainExchange {
  /// See ``Exchange/id``.
  public let id: Int
  public let request: FramedHead
  public let response: FramedHead
  public let peers: ExchangePeers
  let asked: WholeMessage.Place
  let answered: WholeMessage.Place

  /// See ``Exchange/time``.
  public var time: Timestamp { asked.segment.time }

  /// See ``Exchange/duration``.
  public var duration: Int64? { answered.segment.time.nanoseconds(since: asked.segment.time) }

  /// The packet of the request.
  public var frame: Int32 { asked.segment.frame }

  /// The content of the answer, as sent.
  public var responseContent: ByteRange {
    let segment = answered.segment.range
    return ByteRange(
      offset: segment.offset &+ answered.end, count: segment.count &- answered.end)
  }
}
