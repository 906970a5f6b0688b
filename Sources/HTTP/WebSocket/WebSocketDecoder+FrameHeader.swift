extension WebSocketDecoder {
  public enum Opcode: UInt8, Sendable {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    /// Control frames may stand between those of a message (RFC 6455, 5.5).
    public var isControl: Bool { rawValue & 8 != 0 }
  }

  /// What stands in front of a frame's payload (RFC 6455, 5.2).
  public struct FrameHeader: Sendable, Equatable {
    /// Whether the message ends with this frame.
    public var isFinal: Bool
    /// Whether the message that begins with this frame is compressed (RFC 7692, 6).
    public var rsv1: Bool
    public var opcode: Opcode
    /// The masking key, its first byte the highest; `nil` where the payload isn't masked.
    public var mask: UInt32?
    /// Of the payload, in bytes.
    public var length: Int

    public init(
      isFinal: Bool = true, rsv1: Bool = false, opcode: Opcode, mask: UInt32? = nil, length: Int
    ) {
      self.isFinal = isFinal
      self.rsv1 = rsv1
      self.opcode = opcode
      self.mask = mask
      self.length = length
    }

    /// - Parameter bytes: the whole header.
    /// - Returns: `nil` for an opcode whose frames aren't known, and for a length of 2^63 or more.
    init?(_ bytes: [UInt8]) {
      let masked = bytes.count >= 2 && bytes[1] & 0x80 != 0
      guard bytes.count >= 2, bytes.count == Self.length(of: bytes),
        let opcode = Opcode(rawValue: bytes[0] & 0x0F)
      else { return nil }
      let fields = bytes.dropFirst(2)
      var length = UInt64(bytes[1] & 0x7F)
      if length >= 126 { length = Self.number(fields.dropLast(masked ? 4 : 0)) }
      guard let length = Int(exactly: length) else { return nil }
      self.init(
        isFinal: bytes[0] & 0x80 != 0, rsv1: bytes[0] & 0x40 != 0, opcode: opcode,
        mask: masked ? UInt32(truncatingIfNeeded: Self.number(fields.suffix(4))) : nil,
        length: length)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
      bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Bytes of the header that begins so; 2 as long as it can't be said.
    static func length(of bytes: [UInt8]) -> Int {
      guard bytes.count >= 2 else { return 2 }
      let masked = bytes[1] & 0x80 != 0 ? 4 : 0
      switch bytes[1] & 0x7F {
      case 127: return 10 &+ masked
      case 126: return 4 &+ masked
      default: return 2 &+ masked
      }
    }

    /// Whether a header that can be read breaks a rule of its own.
    static func isOdd(_ bytes: [UInt8]) -> Bool {
      guard let header = Self(bytes) else { return true }
      // No extension that is known here uses RSV2 and RSV3.
      if bytes[0] & 0x30 != 0 { return true }
      if header.opcode.isControl, !header.isFinal || header.length > 125 { return true }
      // RFC 7692, 6: RSV1 stands on the first frame of a message.
      if header.rsv1, header.opcode.isControl || header.opcode == .continuation { return true }
      // RFC 6455, 5.2: the shortest form of a length is the only one.
      switch bytes[1] & 0x7F {
      case 126: return header.length < 126
      case 127: return header.length <= 0xFFFF
      default: return false
      }
    }
  }
}
