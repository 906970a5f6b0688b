internal import Exchanges

/// TLS connections to one server that stay shut for the same reason, in sentences.
struct ShutTLS {
  /// Number of the first of them.
  var first: Int
  var message: String
  var help: String

  /// - Parameter hasKeys: whether keys were given, for whatever connections.
  static func groups(of server: ServerRecord, hasKeys: Bool) -> [ShutTLS] {
    var reasons: [TLSSummary.Reason?] = []
    for connection in server.shutTLS where !reasons.contains(connection.tls?.reason) {
      reasons.append(connection.tls?.reason)
    }
    return reasons.compactMap { reason in
      let connections = server.shutTLS.filter { $0.tls?.reason == reason }
      guard let first = connections.first else { return nil }
      let opened = connections.count { $0.tls?.isOpen == true }
      let count = connections.count
      let name = first.serverName.map { " (\($0))" } ?? ""
      return ShutTLS(
        first: first.number,
        message: "\(count) TLS \(count == 1 ? "connection" : "connections") to "
          + "\(server.server)\(name) \(count == 1 ? "stays" : "stay") shut"
          + (opened > 0 ? ", \(opened) of them in part" : "") + ": "
          + why(reason, first.tls?.parameters.cipherSuite, hasKeys: hasKeys),
        help: help(reason, hasKeys: hasKeys))
    }
  }

  private static func why(
    _ reason: TLSSummary.Reason?, _ suite: String?, hasKeys: Bool
  ) -> String {
    switch reason {
    case .noSecrets where hasKeys: "the keys given are those of other connections"
    case .noSecrets: "no key for them was given"
    case .beganBeforeCapture: "they began before the capture"
    case .unsupportedCipherSuite: "cipher suite \(suite ?? "unknown") isn't read"
    case .badRecord: "the keys given don't fit, or the records are damaged"
    case .lostRecords: "packets are missing, and what is behind them can't be opened"
    case .incompleteHandshake, nil: "their handshake isn't whole"
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
