internal import TLS
internal import Wire

/// The TLS of one connection, between its streams and the messages in them.
final class TLSLayer {
  var session: TLSSession
  /// Memory for what the session says.
  var spare = TLSSession.Output()
  /// The latest bytes, by direction.
  var latest: [StreamEvent?] = [nil, nil]
  var carries = [Carry(), Carry()]
  /// What can't be opened yet, by direction: secrets may still come, or the other direction's hello.
  var waiting: [[StreamEvent]] = [[], []]
  var waitingBytes = 0
  /// Nothing is waited for any more.
  var hasGivenUp = false
  /// Wire bytes of records that stay shut, by direction.
  var shutBytes = [0, 0]
  /// The latest hole, by direction.
  var holes: [StreamEvent?] = [nil, nil]
  /// The first alert that ends a direction (RFC 8446, 6).
  var alert: UInt8?
  /// A record was opened.
  var hasOpened = false

  /// Length of a record's header, in bytes.
  static let recordHeader = 5
  /// What one connection may keep waiting, in bytes.
  static let waitingLimit = 1 << 20

  /// What both ends agreed on, as far as it is known now.
  var parameters: TLSParameters {
    TLSParameters(
      version: session.version?.name, cipherSuite: session.cipherSuiteName,
      applicationProtocol: session.applicationProtocol, serverName: session.serverName)
  }

  /// What is missing in front of the next plaintext: the latest hole, or else records that stayed
  /// shut.
  ///
  /// - Parameter length: of those records, in bytes.
  func takeHole(_ event: StreamEvent, instead length: Int) -> StreamEvent {
    let index = Int(event.direction.rawValue)
    defer { holes[index] = nil }
    if let hole = holes[index] { return hole }
    var hole = event
    hole.length = length
    return hole
  }

  /// It runs inside of CONNECT's tunnel: that what is in there stays shut is the way of tunnels, and
  /// odd about no connection.
  let isInTunnel: Bool

  init(beganBeforeCapture: Bool, isInTunnel: Bool) {
    self.isInTunnel = isInTunnel
    session = TLSSession(beganBeforeCapture: beganBeforeCapture)
  }
}
