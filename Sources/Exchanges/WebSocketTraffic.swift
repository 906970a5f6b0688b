public import HTTP
public import Wire

/// The frames of a WebSocket connection (RFC 6455), as the capture holds them.
public struct WebSocketTraffic: Sendable {
  /// One frame, of either direction.
  public struct Frame: Sendable {
    public var fromClient: Bool
    /// When its last byte was seen.
    public var time: Timestamp
    public var header: WebSocketDecoder.FrameHeader
    /// Where its payload is in the pieces of its direction.
    public var pieces: Range<Int>
    /// Whether all of the payload was seen.
    public var isComplete: Bool
  }

  /// In order of their first byte.
  public internal(set) var frames: [Frame] = []
  /// Payload as sent: masked, compressed.
  public internal(set) var clientPieces: [Message.Piece] = []
  public internal(set) var serverPieces: [Message.Piece] = []
  /// What both ends agreed on.
  public internal(set) var deflate: PerMessageDeflate?
  /// Frames that are counted, and not kept.
  public internal(set) var uncounted = 0

  /// Frames of one connection that are kept, to be shown.
  static let frameLimit = 100_000

  init(deflate: PerMessageDeflate?) { self.deflate = deflate }

  /// The messages, unmasked and inflated, in order of their end.
  ///
  /// - Parameter body: takes the sender, the time of the last byte, and the message.
  /// - Returns: what was odd.
  public func forEachMessage(
    in store: CaptureStore,
    _ body: (_ fromClient: Bool, _ time: Timestamp, _ message: WebSocketMessage) -> Void
  ) -> AnomalySet {
    var client = WebSocketMessages(fromClient: true, deflate: deflate)
    var server = WebSocketMessages(fromClient: false, deflate: deflate)
    var odd: AnomalySet = []
    for frame in frames {
      let pieces = frame.fromClient ? clientPieces : serverPieces
      let sink = { (message: WebSocketMessage) in body(frame.fromClient, frame.time, message) }
      if frame.fromClient {
        odd.formUnion(Self.read(frame, pieces, store, &client, sink))
      } else {
        odd.formUnion(Self.read(frame, pieces, store, &server, sink))
      }
    }
    return odd
  }

  private static func read(
    _ frame: Frame, _ pieces: [Message.Piece], _ store: CaptureStore,
    _ messages: inout WebSocketMessages, _ sink: (WebSocketMessage) -> Void
  ) -> AnomalySet {
    messages.begin(frame.header)
    for piece in pieces[frame.pieces] { messages.take(payload: store.bytes(piece.range)[...]) }
    if frame.isComplete {
      messages.end(sink: sink)
    } else {
      messages.lose()
    }
    return messages.takeAnomalies()
  }
}
