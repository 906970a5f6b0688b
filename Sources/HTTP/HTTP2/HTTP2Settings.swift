/// What one SETTINGS frame says, as far as decoding needs it (RFC 9113, 6.5.2); `nil` where it says
/// nothing of it.
public struct HTTP2Settings: Sendable, Equatable {
  /// In bytes.
  public var headerTableSize: UInt32?
  /// In bytes.
  public var maxFrameSize: UInt32?
  /// Extended CONNECT, of which WebSockets are made (RFC 8441, 3).
  public var allowsConnectProtocol: Bool?
  /// It takes note of the other side's settings, and says nothing itself.
  public var isAcknowledgement = false

  public init() {}

  /// Takes one parameter.
  ///
  /// - Returns: whether its value is one that it can have.
  mutating func take(_ identifier: UInt16, _ value: UInt32) -> Bool {
    switch identifier {
    case 1: headerTableSize = value
    case 2: return value <= 1
    case 4: return value <= 0x7FFF_FFFF
    case 5:
      guard 1 << 14..<1 << 24 ~= value else { return false }
      maxFrameSize = value
    case 8:
      guard value <= 1 else { return false }
      allowsConnectProtocol = value == 1
    default: break
    }
    return true
  }
}
