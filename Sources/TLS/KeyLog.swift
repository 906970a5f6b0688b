/// TLS secrets by the client's random, as NSS key logs and pcapng's secrets blocks hold them.
public struct KeyLog: Sendable {
  public init() {}
}
