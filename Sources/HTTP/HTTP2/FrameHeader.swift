internal import Wire

/// The nine bytes in front of each frame (RFC 9113, 4.1).
struct FrameHeader: Sendable {
  static let size = 9

  enum Kind: UInt8, Sendable {
    case data, headers, priority, reset, settings, pushPromise, ping, goAway, windowUpdate,
      continuation
  }

  /// Of the payload, in bytes.
  var length: Int
  var type: UInt8
  var flags: UInt8
  /// Without the reserved bit.
  var stream: UInt32
  var isReservedBitSet: Bool

  /// - Parameter number: the nine bytes as a number.
  init(_ number: UInt128) {
    length = Int(truncatingIfNeeded: number &>> 48) & 0xFF_FFFF
    type = UInt8(truncatingIfNeeded: number &>> 40)
    flags = UInt8(truncatingIfNeeded: number &>> 32)
    stream = UInt32(truncatingIfNeeded: number) & 0x7FFF_FFFF
    isReservedBitSet = number & 0x8000_0000 != 0
  }

  /// - Parameter offset: nine bytes stand there.
  init(_ bytes: borrowing Span<UInt8>, at offset: Int) {
    let first = bytes.big32(offset)
    let word = bytes.big32(offset &+ 5)
    length = Int(first &>> 8)
    type = UInt8(truncatingIfNeeded: first)
    flags = bytes[offset &+ 4]
    stream = word & 0x7FFF_FFFF
    isReservedBitSet = word & 0x8000_0000 != 0
  }

  var kind: Kind? { Kind(rawValue: type) }

  var isEndOfStream: Bool { flags & 0x01 != 0 }
  var isAcknowledgement: Bool { flags & 0x01 != 0 }
  var isEndOfHeaders: Bool { flags & 0x04 != 0 }
  var isPadded: Bool { flags & 0x08 != 0 }
  var hasPriority: Bool { flags & 0x20 != 0 }

  /// Whether the length is one that the kind of frame can have (RFC 9113, 6).
  var isLengthRight: Bool {
    switch kind {
    case .data: length >= (isPadded ? 1 : 0)
    case .headers: length >= (isPadded ? 1 : 0) &+ (hasPriority ? 5 : 0)
    case .priority: length == 5
    case .reset, .windowUpdate: length == 4
    case .settings: isAcknowledgement ? length == 0 : length % 6 == 0
    case .pushPromise: length >= (isPadded ? 5 : 4)
    case .ping: length == 8
    case .goAway: length >= 8
    case .continuation, nil: true
    }
  }

  /// Whether the frame stands where its kind belongs: on a stream, or on the connection.
  var isStreamRight: Bool {
    switch kind {
    case .data, .headers, .priority, .reset, .pushPromise, .continuation: stream != 0
    case .settings, .ping, .goAway: stream == 0
    case .windowUpdate, nil: true
    }
  }

  /// Whether it could be a frame header at all, where nothing before it says so.
  var isPlausible: Bool {
    guard let kind, !isReservedBitSet, isLengthRight, isStreamRight else { return false }
    let known: UInt8 =
      switch kind {
      case .data: 0x09
      case .headers: 0x2D
      case .pushPromise: 0x0C
      case .settings, .ping: 0x01
      case .continuation: 0x04
      default: 0
      }
    // Some servers let content come in larger frames than the first settings allow.
    return flags & ~known == 0 && length <= (kind == .data ? 1 << 20 : 1 << 14)
  }
}
