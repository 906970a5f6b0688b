// What missing bytes do to a message.

extension MessageDecoder {
  /// What a hole did to the message.
  public enum GapEffect: Sendable {
    /// It lies wholly inside content of known length: so many bytes of it are missing.
    case insideContent
    /// The message's head has a hole: nothing that it doesn't show is known to be absent.
    case insideHead
    /// The framing is lost: where the message ends, and what follows it, isn't known.
    case lostFraming
    /// A message began in it.
    case insteadOfMessage
    /// A message may have stood in it.
    case betweenMessages
    case insideTunnel
    case insideStray
  }

  /// Takes note of `length` missing bytes.
  public mutating func skip(_ length: Int) -> GapEffect {
    switch state {
    case .length(let remaining) where length <= remaining:
      state = .length(remaining &- length)
      return .insideContent
    case .chunk(let remaining) where length <= remaining:
      state = length == remaining ? .chunkEnd(sawCR: false) : .chunk(remaining &- length)
      return .insideContent
    case .untilClose:
      return .insideContent
    case .tunnel:
      return .insideTunnel
    case .opaque:
      return .insideStray
    case .hunting(.notHTTP) where !hasBegun:
      return .insideStray
    case .hunting:
      return .betweenMessages
    case .start:
      state = .hunting(.afterGap)
      return .insteadOfMessage
    case .head, .awaitingFraming:
      state = .hunting(.afterGap)
      return .insideHead
    case .length, .chunk, .chunkSize, .chunkEnd, .trailers:
      state = .hunting(.afterGap)
      carry.removeAll()
      return .lostFraming
    }
  }
}
