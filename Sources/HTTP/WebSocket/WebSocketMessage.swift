public import Wire

/// A message, or a control frame, of one direction of a WebSocket connection.
public struct WebSocketMessage: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case text
    case binary
    /// - Parameters:
    ///   - code: `nil` where none was sent (RFC 6455, 7.1.5).
    ///   - reason: what stands behind the code.
    case close(code: UInt16?, reason: [UInt8])
    case ping
    case pong
    /// Its first frame isn't known.
    case unknown
  }

  public var kind: Kind
  /// With masks and compression undone, as far as that could be done.
  public var payload: [UInt8] = []
  /// Frames that it came in.
  public var frames = 0
  /// Bytes of the frames' payload, as sent.
  public var length = 0
  public var isCompressed = false
  /// Whether all of it was there to be read: its first and its last frame, without a hole, and its
  /// compression could be undone.
  public var isComplete = true
  /// Whether ``payload`` is less than it could be, because of a bound.
  public var isCut = false
  public var anomalies: AnomalySet = []

  public init(_ kind: Kind) { self.kind = kind }

  /// Holds what came against the rules of its kind.
  mutating func check() {
    let mayEndInside = isCut || !isComplete
    switch kind {
    case .text:
      if !Self.isUTF8(payload, mayEndInside: mayEndInside) { anomalies.insert(.wsBadFrame) }
    case .close where payload.count >= 2:
      let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
      let reason = Array(payload[2...])
      kind = .close(code: code, reason: reason)
      if !Self.isCloseCode(code) || !Self.isUTF8(reason, mayEndInside: mayEndInside) {
        anomalies.insert(.wsBadFrame)
      }
    case .close:
      if payload.count == 1, isComplete { anomalies.insert(.wsBadFrame) }
    case .binary, .ping, .pong, .unknown: break
    }
  }

  /// Codes that may stand in a frame: the registered ones, and those for libraries and applications
  /// (RFC 6455, 7.4.2).
  private static func isCloseCode(_ code: UInt16) -> Bool {
    switch code {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }

  private static func isUTF8(_ bytes: [UInt8], mayEndInside: Bool) -> Bool {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return true
    } catch {
      return mayEndInside && error.kind == .truncatedScalar
        && error.byteOffsets.upperBound == bytes.count
    }
  }
}
