internal import Wire

// What missing bytes do to streams and heads.

extension HTTP2Decoder {
  /// What a hole did. Wherever it isn't inside content, settings may have stood in it: the other
  /// direction's decoder is to be told `allow(tableSize: .max)`.
  public enum GapEffect: Sendable, Equatable {
    /// It lies wholly inside one frame of content: so many bytes of that stream's content are
    /// missing, which may be none where there is padding.
    case insideContent(stream: UInt32, count: Int)
    /// Inside a frame that belongs to no message.
    case insideFrame
    /// Inside a header block. The frames are followed; its head will come, and won't be complete.
    case insideHead(stream: UInt32)
    /// Where the frames are isn't known: on any stream, content, heads and ends may be missing, and
    /// new streams may have begun. A head that was being read comes out of `next` as it is.
    case lostFraming
    case insideStray
  }

  /// Takes note of `length` missing bytes.
  public mutating func skip(_ length: Int) -> GapEffect {
    switch state {
    case .opaque: return .insideStray
    case .hunting:
      isUnsure = true
      return hasBegun ? .lostFraming : .insideStray
    case .payload where length <= payload.remaining: return skipInside(length)
    case .preface, .header, .payload:
      giveUpStreams()
      return .lostFraming
    }
  }

  private mutating func skipInside(_ length: Int) -> GapEffect {
    let stream = payload.header.stream
    let hasLostFixed = payload.fixed > 0
    let missing = min(max(0, length &- payload.fixed), payload.body)
    if hasLostFixed {
      // Where the body ends isn't known without it: the frame is passed over.
      (payload.rest, payload.fixed) = (payload.remaining &- length, 0)
      payload.body = 0
    } else {
      payload.body &-= missing
      payload.rest &-= length &- missing
    }
    switch payload.role {
    case .content(let isTaken):
      guard isTaken else { return .insideFrame }
      streams[stream]?.received &+= missing
      guard hasLostFixed else { return .insideContent(stream: stream, count: missing) }
      streams[stream]?.isUnsure = true
      return .insideContent(stream: stream, count: length &+ payload.rest)
    case .block:
      guard missing > 0 || hasLostFixed, block != nil else { return .insideFrame }
      block?.isBroken = true
      hpack.forgetTable()
      return .insideHead(stream: stream)
    case .settings, .ping, .reset, .goAway, .windowUpdate, .ignored:
      if hasLostFixed { payload.role = .ignored }
      return .insideFrame
    }
  }

  /// The stream ends here, or is given up: a head that was being read comes out of `next`.
  public mutating func breakOff() {
    breakBlock()
  }

  /// From here on frames are looked for.
  mutating func giveUpStreams() {
    breakBlock()
    state = .hunting
    payload = Payload()
    (headerNumber, headerBytes) = (0, 0)
    isUnsure = true
    hpack.forgetTable()
    for stream in streams.keys { streams[stream]?.isUnsure = true }
  }
}
