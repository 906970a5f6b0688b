internal import Exchanges
internal import HTTP
internal import Wire

/// Numbers of a WebSocket's messages, and how it was closed.
struct WebSocketDigest {
  /// Text and binary messages, by sender.
  private(set) var fromClient = 0
  private(set) var fromServer = 0
  /// Of the first close frame (RFC 6455, 7.4): who sent it, and its code, which may be missing.
  private(set) var close: (byClient: Bool, code: UInt16?)?
  private(set) var anomalies: AnomalySet = []
  /// Messages that a bound cut.
  private(set) var cut = 0

  init(_ traffic: WebSocketTraffic, in store: CaptureStore) {
    let odd = traffic.forEachMessage(in: store) { isClient, _, message in
      if message.isCut { cut += 1 }
      switch message.kind {
      case .text, .binary, .unknown:
        if isClient { fromClient += 1 } else { fromServer += 1 }
      case .close(let code, _):
        if close == nil { close = (isClient, code) }
      case .ping, .pong:
        break
      }
    }
    anomalies = odd
  }
}
