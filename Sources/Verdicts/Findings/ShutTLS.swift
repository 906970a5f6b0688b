internal import Exchanges

/// TLS connections to one server that stay shut for the same reason, in sentences.
struct ShutTLS {
  /// Number of the first of them.
  var first: Int
  var message: String
  var help: String

  /// - Parameter hasKeys: whether keys were given, for whatever connections.
  static func groups(of server: ServerRecord, hasKeys: Bool) -> [ShutTLS] {
    var kinds: [Kind] = []
    for connection in server.shutTLS where !kinds.contains(Kind(connection)) {
      kinds.append(Kind(connection))
    }
    return kinds.compactMap { kind in
      let connections = server.shutTLS.filter { Kind($0) == kind }
      guard let first = connections.first else { return nil }
      let count = connections.count
      let name = first.serverName.map { " (\($0))" } ?? ""
      let what =
        kind.isAnswerOnly
        ? "the answers on \(count) TLS \(count == 1 ? "connection" : "connections") to "
        : "\(count) TLS \(count == 1 ? "connection" : "connections") to "
      let stays = kind.isAnswerOnly || count > 1 ? "stay" : "stays"
      return ShutTLS(
        first: first.number,
        message: "\(what)\(server.server)\(name) \(stays) shut: "
          + why(kind.reason, first.tls?.parameters.cipherSuite, hasKeys: hasKeys),
        help: help(kind.reason, hasKeys: hasKeys))
    }
  }

  /// What is told together.
  private struct Kind: Equatable {
    var reason: TLSSummary.Reason?
    var isAnswerOnly: Bool

    init(_ connection: ConnectionSummary) {
      reason = connection.tls?.reason
      isAnswerOnly = connection.tls?.isAnswerShut == true
    }
  }

  private static func why(
    _ reason: TLSSummary.Reason?, _ suite: String?, hasKeys: Bool
  ) -> String {
    switch reason {
    case .noSecrets where hasKeys: "the keys given are those of other connections"
    case .noSecrets: "no keys were given"
    case .partialSecrets: "the keys given are not all that it takes"
    case .beganBeforeCapture: "older than the capture"
    case .unsupportedCipherSuite: "cipher suite \(suite ?? "unknown") isn't read"
    case .badRecord: "keys that don't fit, or damaged records"
    case .lostRecords: "packets are missing, and what is behind them can't be opened"
    case .incompleteHandshake, nil: "the handshake isn't whole"
    }
  }

  private static func help(_ reason: TLSSummary.Reason?, hasKeys: Bool) -> String {
    switch reason {
    case .noSecrets where hasKeys:
      "give the key log of the very client and run that was recorded; each connection has keys of "
        + "its own"
    case .noSecrets:
      "let the client write its keys, and give them with --keylog FILE: node with "
        + "NODE_OPTIONS=--tls-keylog=FILE (it ignores SSLKEYLOGFILE), Python and curl with "
        + "SSLKEYLOGFILE=FILE"
    case .partialSecrets:
      "give the key log whole: both sides' secrets of the handshake and of the traffic"
    case .beganBeforeCapture:
      "restart the agent while recording: a connection's keys are agreed on when it begins"
    case .badRecord:
      "give the key log that this very run of the client wrote; a key log of another run opens "
        + "nothing"
    case .unsupportedCipherSuite:
      "let the client or the server offer AES-GCM, ChaCha20-Poly1305 or AES-CBC"
    case .lostRecords, .incompleteHandshake, nil:
      "record again, from before the client starts, with a larger buffer (tcpdump -B 32768)"
    }
  }
}
