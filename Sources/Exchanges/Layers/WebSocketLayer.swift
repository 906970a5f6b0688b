internal import HTTP
internal import Wire

/// The WebSocket that a connection was upgraded to.
final class WebSocketLayer {
  /// By direction.
  var decoders: [WebSocketDecoder]
  let client: Direction
  /// The key of the exchange that asked for it.
  let exchange: Int
  var traffic: WebSocketTraffic
  /// The frame that is being read, by direction.
  var current: [Int?] = [nil, nil]
  var isLost = [false, false]
  /// Whether a close frame was sent, by direction.
  var hasClosed = [false, false]
  /// Whether both ends took part in the handshake; else nobody can have taken frames for frames.
  let isAgreed: Bool

  init(client: Direction, exchange: Int, deflate: PerMessageDeflate?, isAgreed: Bool) {
    self.client = client
    self.isAgreed = isAgreed
    self.exchange = exchange
    traffic = WebSocketTraffic(deflate: deflate)
    decoders = [Direction.forward, .backward].map {
      WebSocketDecoder(fromClient: $0 == client, allowsCompression: deflate != nil)
    }
  }
}
