internal import HTTP
internal import Wire

/// The HTTP/2 of one connection: its two decoders, and the exchange of each open stream (RFC 9113).
final class HTTP2Layer {
  /// A stream whose exchange isn't over.
  struct Stream {
    /// The key of its exchange.
    var exchange: Int
    var request: Message?
    var response: Message?

    var isOver: Bool { (request?.isOver ?? true) && (response?.isOver ?? false) }
  }

  /// By direction.
  var decoders: [HTTP2Decoder]
  var carries = [Carry(), Carry()]
  let client: Direction
  var streams: [UInt32: Stream] = [:]
  /// Streams in the order in which they were opened; those that are over are still in it.
  private var opened: [UInt32] = []
  private var firstOpened = 0
  /// Something came that can't be followed.
  var isLost = [false, false]
  /// Bytes are missing: streams may have been opened, and heads sent, that nobody saw.
  var hasHole = [false, false]

  /// Streams that may be open at the same time.
  static let streamLimit = 10_000

  init(client: Direction, isMidstream: Bool) {
    self.client = client
    decoders = [Direction.forward, .backward].map {
      HTTP2Decoder(isClient: $0 == client, isMidstream: isMidstream)
    }
  }

  func open(_ stream: UInt32, _ state: Stream) {
    streams[stream] = state
    opened.append(stream)
    if firstOpened > 4096, firstOpened > opened.count / 2 {
      opened.removeFirst(firstOpened)
      firstOpened = 0
    }
  }

  /// The stream that has been open for the longest time.
  func oldest() -> UInt32? {
    while firstOpened < opened.count {
      if streams[opened[firstOpened]] != nil { return opened[firstOpened] }
      firstOpened &+= 1
    }
    return nil
  }
}
