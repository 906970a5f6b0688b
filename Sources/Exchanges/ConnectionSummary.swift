public import Wire

/// What a connection turned out to be, told when it ends.
public struct ConnectionSummary: Sendable {
  public enum Kind: Sendable {
    case http
    /// TLS in which no request was seen.
    case tls
    case other
  }

  public var number: Int
  public var client: Endpoint
  public var server: Endpoint
  public var kind: Kind
  /// Its TLS; `nil` in cleartext.
  public var tls: TLSSummary?
  /// The server name that a TLS client asked for (SNI).
  public var serverName: String?
  public var beganBeforeCapture: Bool
  /// Payload bytes of both directions.
  public var bytes: Int
  public var firstFrame: Int32
  public var requests: Int
}

/// A hole in which a request could have stood, unseen.
public struct BlindSpot: Sendable {
  public enum Cause: Sendable {
    /// Bytes from client to server are missing, and not wholly inside content of known length.
    case hole
    /// They were captured in part only.
    case snaplen
    case cap
    /// Bytes of a request's head that was told already came again, with other content, or too late
    /// to be compared.
    case conflict
    /// Bytes from client to server that could not be read as HTTP, between messages.
    case unreadable
  }

  public var cause: Cause
  public var connection: Int
  public var client: Endpoint
  public var server: Endpoint
  public var frame: Int32
  /// Bytes.
  public var length: Int
  /// Its connection never spoke HTTP.
  public internal(set) var isForeign = false
}
