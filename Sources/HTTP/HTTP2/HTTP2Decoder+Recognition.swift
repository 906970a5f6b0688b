internal import Wire

// Whether a stream is HTTP/2, and where its frames are.

extension HTTP2Decoder {
  /// What a client says first (RFC 9113, 3.4).
  public static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  /// Whether bytes begin with the preface, as far as they go; of fewer than four nothing is said.
  public static func beginsWithPreface(_ bytes: borrowing Span<UInt8>) -> Bool {
    let preface = preface.span
    let count = min(preface.count, bytes.count)
    return count >= 4 && bytes.extracting(..<count).equals(preface.extracting(..<count))
  }

  /// Whether bytes look like the beginning of a frame: a header that fits, and where more stand
  /// behind it, they fit too. For connections that are older than the capture.
  public static func looksLikeFrames(_ bytes: borrowing Span<UInt8>) -> Bool {
    var at = 0
    for _ in 0..<64 {
      guard bytes.count &- at >= FrameHeader.size else { return at > 0 }
      let header = FrameHeader(bytes, at: at)
      guard header.isPlausible else { return false }
      at &+= FrameHeader.size &+ header.length
      if at >= bytes.count { return true }
    }
    return true
  }

  /// Whether bytes look like what a server says first: settings, and frames behind them.
  public static func looksLikeSettings(_ bytes: borrowing Span<UInt8>) -> Bool {
    guard bytes.count >= FrameHeader.size else { return false }
    let header = FrameHeader(bytes, at: 0)
    return header.kind == .settings && !header.isAcknowledgement && header.length <= 6 * 64
      && looksLikeFrames(bytes)
  }

  mutating func readPreface(
    _ bytes: borrowing Span<UInt8>, _ offset: inout Int, _ count: Int
  ) {
    var count = count
    while offset < bytes.count, count < Self.preface.count {
      guard bytes[offset] == Self.preface[count] else {
        if count == 0 {
          // No frame begins like the preface.
          state = .header
        } else {
          pending.append(.lost(.notHTTP))
          state = .opaque
        }
        return
      }
      offset &+= 1
      count &+= 1
    }
    if count == Self.preface.count {
      hasBegun = true
      state = .header
    } else {
      state = .preface(count)
    }
  }

  mutating func hunt(_ bytes: borrowing Span<UInt8>, _ offset: inout Int) -> Output? {
    // Only the beginning of a segment: content may hold anything.
    guard offset == 0 else { return stray(bytes, &offset) }
    if !hasBegun, isClient, Self.beginsWithPreface(bytes) {
      // The beginning of the stream after all: its table is new.
      hpack.restart()
      isUnsure = false
      state = .preface(0)
      return nil
    }
    guard Self.looksLikeFrames(bytes) else { return stray(bytes, &offset) }
    hasSettings = true
    state = .header
    return nil
  }

  /// The first frame is none.
  mutating func giveUpForeign() {
    state = .opaque
    pending.append(.lost(.notHTTP))
  }
}
