internal import Redaction
internal import Wire

/// Why no request was seen yet: what there is, the likely cause, and what to do.
enum LiveHint {
  /// How things stand, in one line: `any of bytebot-agent: 12 packets, no request yet; to
  /// 10.0.0.2:4000 (refuses)`.
  ///
  /// - Parameter waits: whether there is a request that waits for its answer.
  static func status(
    place: String, packets: Int, waits: Bool, _ glance: TrafficGlance
  ) -> String {
    let servers = glance.servers.sorted { $0.segments > $1.segments }.prefix(3)
    return TerminalText.escape(place) + ": \(packets) packets, "
      + (waits ? "a request without its answer yet" : "no request yet")
      + (servers.isEmpty ? "" : "; to " + servers.map(state).joined(separator: ", "))
  }

  private static func state(_ server: TrafficGlance.Server) -> String {
    let state =
      if server.refused > 0, server.granted == 0 {
        " (refuses)"
      } else if server.asked > 0, server.granted == 0 {
        " (silent)"
      } else if server.alert != nil || server.hellos > 0 {
        " (TLS)"
      } else {
        ""
      }
    return "\(server.endpoint)\(state)"
  }

  /// - Parameters:
  ///   - packets: how many were captured.
  ///   - glance: what the first of them show.
  static func text(packets: Int, _ glance: TrafficGlance) -> String {
    guard packets > 0 else {
      return "no packet in 10 s: is this where the agent's traffic passes? -D lists devices; a "
        + "container has a network of its own (--container NAME)"
    }
    return "no request in 10 s. " + cause(packets, glance)
  }

  private static func cause(_ packets: Int, _ glance: TrafficGlance) -> String {
    let servers = glance.servers.sorted { $0.segments > $1.segments }
    if let refusing = servers.first(where: { $0.refused > 0 && $0.granted == 0 }) {
      return "\(refusing.endpoint) refuses connections (\(refusing.refused) of \(refusing.asked)): "
        + "nobody listens there; is it the proxy's address and port, and does it run?"
    }
    if let silent = servers.first(where: { $0.asked > 0 && $0.granted == 0 }) {
      return
        "\(silent.endpoint) doesn't answer (\(silent.asked) connections asked for): a firewall, "
        + "a network that isn't joined, or a wrong address"
    }
    if let alerted = servers.first(where: { $0.alert != nil }), let alert = alerted.alert {
      return "TLS with \(alerted.endpoint) is broken off: \(name(ofAlert: alert))"
    }
    let shut = servers.filter { $0.hellos > 0 }
    if !shut.isEmpty {
      return
        "TLS to \(list(shut)), which stays shut: give the client's key log (--keylog FILE), or "
        + "put keywitness tap between the two"
    }
    // With its search domains a resolver asks for several that don't exist, one of which may.
    if let name = glance.unknownNames.first, servers.isEmpty {
      return
        "The name \(TerminalText.escape(name)) isn't known to DNS: the agent's URL names a host "
        + "that its network doesn't have"
    }
    guard glance.tcpPackets > 0 else {
      return "\(packets) packets, and none of TCP: the agent asks nobody, or elsewhere"
    }
    let older = servers.filter { $0.asked == 0 && $0.segments > 0 }
    if !older.isEmpty, older.count == servers.count {
      return "Connections to \(list(older)) are older than the capture, and nothing that could be "
        + "read as a request came on them: restart the agent while this runs"
    }
    return "TCP to \(list(servers)), and no request of HTTP in it yet"
  }

  private static func list(_ servers: [TrafficGlance.Server]) -> String {
    let names = servers.prefix(3).map { "\($0.endpoint)" }.joined(separator: ", ")
    return names + (servers.count > 3 ? " and \(servers.count - 3) more" : "")
  }

  /// Those that say what to mend (RFC 8446, 6.2).
  private static func name(ofAlert alert: UInt8) -> String {
    switch alert {
    case 40: "handshake_failure, the two have no way of encryption in common"
    case 42...46: "the certificate isn't accepted (bad, of an unknown kind, revoked or expired)"
    case 48: "unknown_ca, the client doesn't know who signed the proxy's certificate"
    case 70: "protocol_version, the two have no version of TLS in common"
    case 80: "internal_error of one side"
    case 112: "unrecognized_name, the server doesn't serve that host name"
    default: "alert \(alert)"
    }
  }
}
