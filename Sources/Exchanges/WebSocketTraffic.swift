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
    let client = WebSocketMessages(fromClient: true, deflate: deflate)
    let server = WebSocketMessages(fromClient: false, deflate: deflate)
    var odd: AnomalySet = []
    for frame in frames {
      let pieces = frame.fromClient ? clientPieces : serverPieces
      let messages = frame.fromClient ? client : server
      messages.begin(frame.header)
      for piece in pieces[frame.pieces] { messages.take(payload: store.bytes(piece.range)[...]) }
      guard frame.isComplete else {
        messages.lose()
        continue
      }
      messages.end { message in
        odd.formUnion(message.anomalies)
        body(frame.fromClient, frame.time, message)
      }
    }
    for (messages, fromClient) in [(client, true), (server, false)] {
      let time = frames.last { $0.fromClient == fromClient }?.time ?? .unknown
      messages.finish { message in
        odd.formUnion(message.anomalies)
        body(fromClient, time, message)
      }
    }
    return odd
  }
}
