public import Wire

/// One direction of a WebSocket connection (RFC 6455): stream bytes in, frames out. Does no I/O and
/// keeps no payload.
///
/// The caller gives bytes to ``next(_:from:)`` until it says ``Output/more``.
public struct WebSocketDecoder: Sendable {
  public enum Output: Sendable {
    /// Everything given was taken.
    case more
    /// A frame's header is complete.
    case began(FrameHeader)
    /// Payload of the frame, masked as it was sent: these bytes of what was given.
    case payload(Range<Int>)
    /// The frame is over.
    case ended
    /// Something odd about the frame that has just begun, which can be followed all the same.
    case odd(Anomaly)
    /// Where frames begin isn't known from here on.
    case lost(Anomaly)
    /// These bytes belong to no frame that is known.
    case stray(Range<Int>)
  }

  private enum State {
    case header
    case payload(Int)
    case lost
  }

  private let fromClient: Bool
  private let allowsCompression: Bool
  private var state = State.header
  /// Bytes of a header that isn't whole.
  private var carry: [UInt8] = []
  private var isOdd = false

  /// - Parameters:
  ///   - fromClient: whose frames are masked; a server's aren't (RFC 6455, 5.1).
  ///   - allowsCompression: whether permessage-deflate was agreed on (RFC 7692, 6).
  public init(fromClient: Bool, allowsCompression: Bool) {
    self.fromClient = fromClient
    self.allowsCompression = allowsCompression
  }

  /// Bytes that are kept of a header that isn't whole.
  public var carriedBytes: Int { carry.count }

  /// Whether a frame has begun and not ended.
  public var isInFrame: Bool {
    switch state {
    case .header: !carry.isEmpty
    case .payload: true
    case .lost: false
    }
  }

  /// Reads on in `bytes` from `offset`, which is moved.
  public mutating func next(
    _ bytes: borrowing Span<UInt8>, from offset: inout Int
  ) -> Output {
    if isOdd {
      isOdd = false
      return .odd(.wsBadFrame)
    }
    if case .payload(0) = state {
      state = .header
      return .ended
    }
    guard offset < bytes.count else { return .more }
    switch state {
    case .header:
      return readHeader(bytes, &offset)
    case .payload(let remaining):
      let count = min(remaining, bytes.count &- offset)
      state = .payload(remaining &- count)
      return .payload(pass(count, &offset))
    case .lost:
      return .stray(pass(bytes.count &- offset, &offset))
    }
  }

  private func pass(_ count: Int, _ offset: inout Int) -> Range<Int> {
    let range = offset..<(offset &+ count)
    offset = range.upperBound
    return range
  }

  private mutating func readHeader(
    _ bytes: borrowing Span<UInt8>, _ offset: inout Int
  ) -> Output {
    while offset < bytes.count {
      carry.append(bytes[offset])
      offset &+= 1
      guard carry.count == FrameHeader.length(of: carry) else { continue }
      defer { carry.removeAll(keepingCapacity: true) }
      guard let header = FrameHeader(carry) else {
        state = .lost
        return .lost(.wsBadFrame)
      }
      isOdd =
        FrameHeader.isOdd(carry) || (header.mask != nil) != fromClient
        || (header.rsv1 && !allowsCompression)
      state = .payload(header.length)
      return .began(header)
    }
    return .more
  }

  /// Takes note of `length` missing bytes.
  ///
  /// - Returns: whether they lie wholly inside the payload of one frame. Otherwise nothing behind them
  ///   can be read.
  public mutating func skip(_ length: Int) -> Bool {
    guard length > 0 else { return true }
    if case .payload(let remaining) = state, length <= remaining {
      state = .payload(remaining &- length)
      return true
    }
    state = .lost
    carry.removeAll()
    isOdd = false
    return false
  }
}
