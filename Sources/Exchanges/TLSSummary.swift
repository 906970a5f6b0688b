internal import TLS
internal import Wire

/// How far the TLS of a connection was opened.
public struct TLSSummary: Sendable {
  /// Why something stays shut.
  public enum Reason: Sendable {
    /// No secret for its client's random was given.
    case noSecrets
    /// Some of its secrets were given, and not all that are needed.
    case partialSecrets
    /// Its handshake isn't in the capture: no secret could be matched with it.
    case beganBeforeCapture
    case unsupportedCipherSuite
    /// The secrets given don't fit, or the records are damaged.
    case badRecord
    /// Records are missing, and those behind them could not be found again.
    case lostRecords
    case incompleteHandshake
  }

  /// Whether a record of it was opened.
  public var isOpen: Bool
  /// Whether something stays shut, in which a request or an answer may stand.
  public var isShut: Bool
  /// Whether only answers stay shut.
  public var isAnswerShut: Bool
  public var reason: Reason?
  /// As far as they could be read.
  public var parameters: TLSParameters

  init(_ layer: TLSLayer, client: Direction) {
    let session = layer.session
    let client = session.clientDirection ?? client
    isOpen = layer.hasOpened
    // A handshake alone carries nothing: only in what was encrypted something may stand.
    isShut = layer.shutBytes != [0, 0]
    isAnswerShut = isShut && layer.shutBytes[Int(client.rawValue)] == 0
    let side = isAnswerShut ? client.opposite : client
    parameters = layer.parameters
    reason =
      switch session.shut(side) ?? session.shut {
      case .noSecrets: isOpen ? .partialSecrets : .noSecrets
      case .beganBeforeCapture: .beganBeforeCapture
      case .unsupportedSuite: .unsupportedCipherSuite
      case .badRecord: .badRecord
      case .lostRecords: .lostRecords
      case .incompleteHandshake: .incompleteHandshake
      case nil: isShut ? .badRecord : nil
      }
  }
}
