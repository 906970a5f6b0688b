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

    /// Its request is CONNECT: its content is another protocol (RFC 9113, 8.5).
    var isTunnel = false
    /// The client gave it up; an answer may be under way all the same.
    var isAborted = false

    var isOver: Bool {
      (isAborted || (request?.isOver ?? true)) && (response?.isOver ?? false)
    }
  }

  /// A header block that is being read: its place in the order, and the packets that carry it.
  struct Block {
    var ticket: Int
    var time: Timestamp
    var frames = FrameRuns()
    /// Where it stands in its direction's stream, in bytes.
    var start: Int
  }

  /// By direction.
  var decoders: [HTTP2Decoder]
  var blocks: [Block?] = [nil, nil]
  private(set) var client: Direction
  let isMidstream: Bool
  /// Whether it is known which end is the client.
  private(set) var isSettled: Bool
  /// Bytes in which a request may stand, as long as that isn't known.
  var unsettledSpots: [(event: StreamEvent, length: Int)] = []
  var streams: [UInt32: Stream] = [:]
  /// Streams in the order in which they were opened; those that are over are still in it.
  private var opened: [UInt32] = []
  private var firstOpened = 0
  /// Streams that the client gave up, whose answer may still come, oldest first.
  var aborted: [UInt32] = []
  /// Something came that can't be followed.
  var isLost = [false, false]
  /// Bytes are missing: streams may have been opened, and heads sent, that nobody saw.
  var hasHole = [false, false]

  /// How many streams that were given up may wait for an answer that was under way.
  static let abortedLimit = 64

  init(client: Direction, isMidstream: Bool) {
    self.client = client
    self.isMidstream = isMidstream
    isSettled = !isMidstream
    decoders = [Direction.forward, .backward].map {
      HTTP2Decoder(isClient: $0 == client, isMidstream: isMidstream)
    }
  }

  /// A head tells which end asks: of a connection that is older than the capture that isn't known
  /// beforehand.
  func settle(client: Direction) {
    self.client = client
    isSettled = true
    for direction in [Direction.forward, .backward] {
      decoders[Int(direction.rawValue)].settle(isClient: direction == client)
    }
  }

  func open(_ stream: UInt32, _ state: Stream) {
    streams[stream] = state
    opened.append(stream)
    // Streams that are over aren't kept, however long the connection lives.
    if opened.count > 4096 &+ 4 &* streams.count {
      opened.removeAll { streams[$0] == nil }
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
