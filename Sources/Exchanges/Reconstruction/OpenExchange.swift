internal import HTTP
internal import Wire

/// An exchange in the making, and until it is given out.
///
/// Nearly every one is plain: a request and its answer, each all of a segment, and nothing odd about
/// either. It stays the few words that it is made from until somebody wants to see it as an
/// ``Exchange``; many sinks never do.
final class OpenExchange {
  /// Its place in the order.
  let ticket: Int
  /// ``Exchange/id``, once it has its turn.
  private var id = 0
  /// Of the heads of a plain one, in bytes: counted here, since each look at them is checked.
  private var headBytes = 0
  var sightings = 0
  private let peers: ExchangePeers
  /// Of the request, where it came in one segment, from its first byte to its last.
  let wholeRequestHead: FramedHead?
  private let requestPlace: WholeMessage.Place?
  private var wholeResponseHead: FramedHead?
  private var responsePlace: WholeMessage.Place?
  // In a place of its own: exchanges are large.
  private var written: Written?

  private final class Written {
    var exchange: Exchange

    init(_ exchange: Exchange) { self.exchange = exchange }
  }

  init(_ exchange: Exchange, ticket: Int) {
    self.ticket = ticket
    peers = ExchangePeers(exchange)
    wholeRequestHead = nil
    requestPlace = nil
    written = Written(exchange)
  }

  @inline(__always)
  init(_ request: WholeMessage, between peers: ExchangePeers, ticket: Int) {
    self.ticket = ticket
    self.peers = peers
    wholeRequestHead = request.head
    requestPlace = request.place
    headBytes = request.head.head.bytes.count
  }

  /// Where the head of a request that came in one segment ends, in the client's stream.
  var wholeRequestHeadEnd: Int { requestPlace?.headEnd ?? .max }

  /// All that is known of it. Also who only reads it makes an exchange of it that is no longer plain: what
  /// is asked of each stands below.
  var exchange: Exchange {
    _read { yield write().exchange }
    _modify { yield &write().exchange }
  }

  private func write() -> Written {
    if let written { return written }
    let written = Written(Exchange(between: peers))
    if let head = wholeRequestHead, let place = requestPlace {
      written.exchange.request = Message(WholeMessage(head: head, place: place))
    }
    if let head = wholeResponseHead, let place = responsePlace {
      written.exchange.response = Message(WholeMessage(head: head, place: place))
    }
    written.exchange.id = id
    self.written = written
    return written
  }

  /// - Returns: `false` where there is more to say of it than its messages; then nothing was done.
  @inline(__always)
  func answerPlainly(_ response: WholeMessage) -> Bool {
    guard written == nil else { return false }
    wholeResponseHead = response.head
    headBytes &+= response.head.head.bytes.count
    responsePlace = response.place
    return true
  }

  func number(_ id: Int) {
    self.id = id
    written?.exchange.id = id
  }

  /// Where it is a plain one.
  var plain: PlainExchange? {
    @inline(__always) get {
      guard written == nil, let request = wholeRequestHead, let asked = requestPlace,
        let response = wholeResponseHead, let answered = responsePlace
      else { return nil }
      return PlainExchange(
        id: id, request: request, response: response, peers: peers, asked: asked,
        answered: answered)
    }
  }

  // MARK: What is asked of all of them

  var hasResponse: Bool {
    guard let written else { return wholeResponseHead != nil }
    return written.exchange.response != nil
  }

  var server: Endpoint { peers.server }

  /// See ``FramedHead/contentHash``; 0 without a request.
  var requestHash: UInt64 {
    guard let written else { return wholeRequestHead?.contentHash ?? 0 }
    return written.exchange.request?.framedHead.contentHash ?? 0
  }

  /// About how much memory it takes, in bytes.
  var weight: Int {
    guard let written else { return 1024 &+ headBytes }
    return written.exchange.weight
  }
}
