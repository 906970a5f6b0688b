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

  init(client: Direction, exchange: Int, deflate: PerMessageDeflate?) {
    self.client = client
    self.exchange = exchange
    traffic = WebSocketTraffic(deflate: deflate)
    decoders = [Direction.forward, .backward].map {
      WebSocketDecoder(fromClient: $0 == client, allowsCompression: deflate != nil)
    }
  }
}
