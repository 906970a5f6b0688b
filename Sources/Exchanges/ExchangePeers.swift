public import Wire

/// Between whom the exchanges of a connection are: one for all of them.
public final class ExchangePeers: Sendable {
  /// Number of the connection, from 1.
  public let connection: Int
  public let client: Endpoint
  public let server: Endpoint
  /// The connection was open when the capture began.
  public let beganBeforeCapture: Bool

  init(connection: Int, client: Endpoint, server: Endpoint, beganBeforeCapture: Bool) {
    self.connection = connection
    self.client = client
    self.server = server
    self.beganBeforeCapture = beganBeforeCapture
  }

  public convenience init(_ exchange: Exchange) {
    self.init(
      connection: exchange.connection, client: exchange.client, server: exchange.server,
      beganBeforeCapture: exchange.beganBeforeCapture)
  }
}
