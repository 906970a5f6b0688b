public import HTTP
public import Wire

/// What nearly every exchange is: a request and its answer, each all of a segment, and nothing odd about
/// either. Its facts are read from the few words that were kept of it.
public struct PlainExchange {
  /// See ``Exchange/id``.
  public internal(set) var id = 0
  public let peers: ExchangePeers
  let asked: WholeMessage
  let answered: WholeMessage

  init(_ request: WholeMessage, _ response: WholeMessage, between peers: ExchangePeers) {
    asked = request
    answered = response
    self.peers = peers
  }

  public var request: FramedHead { asked.head }
  public var response: FramedHead { answered.head }

  /// See ``Exchange/time``.
  public var time: Timestamp { asked.time }

  /// See ``Exchange/duration``.
  public var duration: Int64? { answered.time.nanoseconds(since: asked.time) }

  /// The packet of the request.
  public var frame: Int32 { asked.frame }

  /// The content of the answer, as sent.
  public var responseContent: ByteRange { answered.content }

  /// The same, for who wants to see all there is.
  @inline(__always)
  var written: Exchange { Exchange(id, Message(asked), Message(answered), between: peers) }
}
