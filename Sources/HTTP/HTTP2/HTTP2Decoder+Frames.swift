internal import Wire

// Frames, from their headers to their ends (RFC 9113, 6).

extension HTTP2Decoder {
  /// A frame's header is read.
  mutating func begin(_ header: FrameHeader) {
    if !hasBegun {
      guard header.isPlausible else { return giveUpForeign() }
      hasBegun = true
      // 3.4: without a preface.
      if isClient, !isUnsure { tell(.h2BadFrame, nil) }
    }
    if let block, header.kind != .continuation || header.stream != block.stream {
      // 6.10: nothing may stand between the frames of a block.
      tell(.h2BadFrame, block.stream)
      breakBlock()
    }
    if !hasSettings {
      // 3.4: the first frame is SETTINGS.
      hasSettings = true
      if header.kind != .settings || header.isAcknowledgement, !isUnsure {
        tell(.h2BadFrame, nil)
      }
    }
    if header.length > frameLimit {
      // What is no frame at all can't be told from one of a kind that isn't known.
      guard header.kind != nil, header.isStreamRight else {
        giveUpStreams()
        pending.append(.lost(.h2BadFrame))
        return
      }
      if !isUnsure { tell(.h2BadFrame, header.stream) }
    }
    payload = Payload(header: header, rest: header.length)
    state = .payload
    guard header.isLengthRight, header.isStreamRight else {
      refuse(header)
      return
    }
    switch header.kind {
    case .data: beginContent(header)
    case .headers, .pushPromise, .continuation: beginBlock(header)
    case .settings:
      payload.role = .settings
      settings = HTTP2Settings()
      settings.isAcknowledgement = header.isAcknowledgement
      take(fixed: min(6, header.length))
      if !header.isAcknowledgement { countIdle() }
    case .ping:
      if !header.isAcknowledgement { countIdle() }
    case .reset:
      payload.role = .reset
      take(fixed: 4)
    case .goAway:
      payload.role = .goAway
      take(fixed: 8)
    case .windowUpdate:
      payload.role = .windowUpdate
      take(fixed: 4)
    case .priority, nil: countIdle()
    }
  }

  /// A frame of a length or on a stream that its kind can't have: an error of the whole connection.
  private mutating func refuse(_ header: FrameHeader) {
    tell(.h2BadFrame, header.stream)
    switch header.kind {
    case .headers where header.stream != 0:
      // Something was asked or answered.
      pending.append(.began(stream: header.stream))
      beginEmptyBlock(header)
      breakBlock()
    case .headers, .pushPromise, .continuation: hpack.forgetTable()
    default: break
    }
  }

  mutating func tell(_ anomaly: Anomaly, _ stream: UInt32?) {
    pending.append(.odd(anomaly, stream: stream == 0 ? nil : stream))
  }

  private mutating func countIdle() {
    if flood.countIdle() { tell(.h2Flood, nil) }
  }

  /// So many bytes at the payload's front are read as a number.
  mutating func take(fixed count: Int) {
    payload.fixed = count
    payload.rest &-= count
    payload.number = 0
  }

  private mutating func beginContent(_ header: FrameHeader) {
    let isTaken = takesContent(header.stream)
    payload.role = .content(isTaken: isTaken)
    if header.isPadded {
      take(fixed: 1)
    } else {
      (payload.body, payload.rest) = (header.length, 0)
    }
    if header.length == 0, !header.isEndOfStream { countIdle() } else { flood.countUse() }
  }

  /// Whether a stream may carry content.
  private mutating func takesContent(_ stream: UInt32) -> Bool {
    if let known = streams[stream] {
      if !known.hasHead, !known.isUnsure, !isUnsure { tell(.h2BadFrame, stream) }
      return true
    }
    if closedByOther.contains(stream) { return false }
    // It was opened where nobody saw it.
    if isUnsure || !isClient && stream > lastStream { return true }
    // 5.1: idle, or closed.
    tell(.h2BadFrame, stream)
    return false
  }

  // MARK: Payloads

  /// The payload's part of fixed length is read.
  mutating func takeFixedPart() {
    let header = payload.header
    let number = payload.number
    switch payload.role {
    case .content:
      let padding = Int(number)
      guard padding <= payload.rest else {
        tell(.h2BadFrame, header.stream)
        // What is content and what isn't can't be said.
        payload.role = .content(isTaken: false)
        payload.body = payload.rest
        payload.rest = 0
        streams[header.stream]?.isUnsure = true
        return
      }
      payload.body = payload.rest &- padding
      payload.rest = padding
    case .block:
      takeBlockPrefix(number)
    case .settings:
      let value = UInt32(truncatingIfNeeded: number)
      if !settings.take(UInt16(truncatingIfNeeded: number &>> 32), value) {
        tell(.h2BadFrame, nil)
      }
      if payload.rest > 0 { take(fixed: min(6, payload.rest)) }
    case .reset:
      takeReset(header.stream, code: UInt32(truncatingIfNeeded: number))
    case .goAway:
      pending.append(
        .goAway(
          lastStream: UInt32(truncatingIfNeeded: number &>> 32) & 0x7FFF_FFFF,
          code: UInt32(truncatingIfNeeded: number)))
    case .windowUpdate:
      // 6.9: no window grows by nothing, and none is there before its stream.
      let isIdle =
        isClient && !isUnsure && header.stream % 2 == 1 && header.stream > lastStream
      if number & 0x7FFF_FFFF == 0 || isIdle { tell(.h2BadFrame, header.stream) }
    case .ping, .ignored: break
    }
  }

  private mutating func takeReset(_ stream: UInt32, code: UInt32) {
    if isClient, !isUnsure, stream % 2 == 1, stream > lastStream { tell(.h2BadFrame, stream) }
    streams[stream] = nil
    if isClient, flood.countReset() { tell(.h2Flood, nil) }
    pending.append(.reset(stream: stream, code: code))
  }

  /// A frame is read to its end.
  mutating func finishFrame() {
    let header = payload.header
    switch payload.role {
    case .content(let isTaken) where header.isEndOfStream:
      guard isTaken else { return }
      endStream(header.stream)
      pending.append(.ended(stream: header.stream))
    case .settings: pending.append(.settings(settings))
    case .block: if header.isEndOfHeaders { finishBlock() }
    default: break
    }
  }

  /// Whether as much content came as the head says (8.1.1).
  mutating func endStream(_ stream: UInt32) {
    guard let known = streams.removeValue(forKey: stream) else { return }
    if lacksContent(known) { tell(.h2BadHeaderBlock, stream) }
  }

  /// Whether a stream that ends has another length than its head says.
  func lacksContent(_ stream: Stream) -> Bool {
    guard stream.declared >= 0, stream.declared != stream.received, !stream.isUnsure else {
      return false
    }
    // Answers to HEAD say how long they would be (RFC 9110, 9.3.2).
    return isClient || stream.received > 0 || stream.isToHEAD == false
  }

  /// Notes a stream, within the bound.
  mutating func open(_ stream: UInt32, _ change: (inout Stream) -> Void) {
    if streams[stream] == nil {
      guard streams.count < Self.streamLimit else {
        isUnsure = true
        if flood.tooManyStreams() { tell(.h2Flood, nil) }
        return
      }
      streams[stream] = Stream()
    }
    change(&streams[stream, default: Stream()])
  }
}
