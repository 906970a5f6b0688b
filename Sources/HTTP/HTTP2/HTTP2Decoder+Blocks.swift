internal import Wire

// Header blocks, from their frames to heads (RFC 9113, 4.3, 6.2, 6.6, 6.10 and 8.1).

extension HTTP2Decoder {
  /// A frame of a header block.
  mutating func beginBlock(_ header: FrameHeader) {
    payload.role = .block
    flood.countUse()
    if header.kind == .continuation {
      continueBlock(header)
      return
    }
    beginEmptyBlock(header)
    if header.kind == .pushPromise {
      // 8.4: only servers push.
      if isClient {
        tell(.h2BadFrame, header.stream)
        block?.isHead = false
      }
      take(fixed: header.isPadded ? 5 : 4)
    } else {
      pending.append(.began(stream: header.stream))
      if isClient, header.stream % 2 == 0 { tell(.h2BadFrame, header.stream) }
      let count = (header.isPadded ? 1 : 0) &+ (header.hasPriority ? 5 : 0)
      if count > 0 {
        take(fixed: count)
      } else {
        (payload.body, payload.rest) = (header.length, 0)
      }
    }
  }

  mutating func beginEmptyBlock(_ header: FrameHeader) {
    fragments.removeAll(keepingCapacity: fragments.capacity <= FieldSection.keptCapacity)
    block = Block(
      stream: header.stream, ends: header.kind == .headers && header.isEndOfStream)
  }

  private mutating func continueBlock(_ header: FrameHeader) {
    guard var open = block else {
      // Its beginning was never sent, or is in a hole: its fields may be in the table.
      if !isUnsure { tell(.h2BadFrame, header.stream) }
      payload.role = .ignored
      hpack.forgetTable()
      return
    }
    open.continuations &+= 1
    if header.length == 0 { open.emptyContinuations &+= 1 }
    if flood.countContinuation(of: open) { tell(.h2Flood, nil) }
    block = open
    (payload.body, payload.rest) = (header.length, 0)
  }

  /// The padding's length, the priority, the promised stream: what stands in front of the fields.
  mutating func takeBlockPrefix(_ number: UInt64) {
    let header = payload.header
    let behind = header.kind == .pushPromise ? 32 : header.hasPriority ? 40 : 0
    let padding = header.isPadded ? Int(truncatingIfNeeded: number &>> UInt64(behind)) & 0xFF : 0
    if header.kind == .pushPromise {
      let promised = UInt32(truncatingIfNeeded: number) & 0x7FFF_FFFF
      if promised == 0 || promised % 2 == 1, !isClient { tell(.h2BadFrame, header.stream) }
      block?.promised = promised
    }
    guard padding <= payload.rest else {
      tell(.h2BadFrame, header.stream)
      block?.isBroken = true
      return
    }
    payload.body = payload.rest &- padding
    payload.rest = padding
  }

  /// Keeps a part of the block.
  mutating func keep(_ bytes: Span<UInt8>) {
    guard let open = block, !open.isBroken else { return }
    guard fragments.count &+ bytes.count <= Self.blockLimit else {
      block?.isBroken = true
      block?.isTooLarge = true
      if flood.tooLargeBlock() { tell(.h2Flood, nil) }
      return
    }
    bytes.append(to: &fragments)
  }

  /// The block won't be whole: what is there of it becomes a head that isn't complete.
  mutating func breakBlock() {
    guard block != nil else { return }
    block?.isBroken = true
    finishBlock()
  }

  mutating func finishBlock() {
    guard let ended = block else { return }
    block = nil
    section.removeAll()
    section.isBroken = ended.isBroken
    var bytes: [UInt8] = []
    swap(&bytes, &fragments)
    do throws(HPACKError) {
      try hpack.decode(bytes.span, into: &section)
    } catch {
      // A block that was cut breaks off in some way or other.
      if ended.isBroken { section.error = nil }
    }
    if ended.isBroken { hpack.forgetTable() }
    bytes.removeAll(keepingCapacity: bytes.capacity <= FieldSection.keptCapacity)
    swap(&bytes, &fragments)
    guard ended.isHead else { return }
    if let promised = ended.promised {
      takePromise(ended, promised)
    } else {
      takeSection(ended)
    }
  }

  private mutating func takePromise(_ block: Block, _ promised: UInt32) {
    pendingHeads.append(MessageHead(http2: section, as: .request))
    open(promised) { $0.isToHEAD = false }
    pending.append(.pushPromise(stream: block.stream, promised: promised))
  }

  // MARK: Heads

  private mutating func takeSection(_ block: Block) {
    if !isRoleKnown, let asks = sectionIsRequest { settle(isClient: asks) }
    let kind = isClient ? requestKind(block) : responseKind(block)
    var head = MessageHead(
      http2: section,
      as: kind == .trailer ? .trailers : kind == .request ? .request : .response)
    // 8.1: trailers end the stream, and no interim answer does.
    if (kind == .trailer) != block.ends, kind == .trailer || kind == .interim {
      head.anomalies.insert(.h2BadHeaderBlock)
    }
    switch kind {
    case .trailer:
      if block.ends { endStream(block.stream) }
    case .interim:
      open(block.stream) { $0.hasHead = false }
    case .request, .response:
      begin(block, &head)
    }
    if block.isTooLarge { head.anomalies.insert(.headerTooLarge) }
    pendingHeads.append(head)
    pending.append(.head(stream: block.stream, kind: kind, ends: block.ends))
  }

  /// A head that content follows, or nothing.
  private mutating func begin(_ block: Block, _ head: inout MessageHead) {
    let isEmpty = !isClient && (head.status == 204 || head.status == 304)
    var stream = streams[block.stream] ?? Stream()
    stream.hasHead = true
    stream.declared = isEmpty ? -1 : head.declaredLength ?? -1
    stream.isMaybeInterim = !isClient && head.status == nil
    guard block.ends else {
      open(block.stream) { $0 = stream }
      return
    }
    streams[block.stream] = nil
    if lacksContent(stream) { head.anomalies.insert(.h2BadHeaderBlock) }
  }

  private mutating func requestKind(_ block: Block) -> HeadKind {
    if streams[block.stream] != nil { return .trailer }
    if block.stream > lastStream {
      // Of a stream that was open when the capture began, this may be the end.
      if isUnsure, !hasPseudoField, section.isComplete { return .trailer }
      lastStream = block.stream
      flood.countOpened()
      return .request
    }
    if isUnsure { return hasPseudoField ? .request : .trailer }
    if closedByOther.contains(block.stream) { return hasPseudoField ? .request : .trailer }
    // 5.1.1: stream numbers only grow. An even one is told already.
    if block.stream % 2 == 1 { tell(.h2BadFrame, block.stream) }
    return hasPseudoField ? .request : .trailer
  }

  private mutating func responseKind(_ block: Block) -> HeadKind {
    let status = section.fields.first {
      section.name(of: $0).elementsEqual(":status".utf8)
    }.map { section.value(of: $0) }
    let isInterim = status.map { $0.count == 3 && $0.first == 0x31 } ?? false
    let known = streams[block.stream]
    if known == nil, block.stream % 2 == 0, !isUnsure {
      // 8.4: never promised, or over.
      tell(.h2BadFrame, block.stream)
      return status == nil ? .trailer : isInterim ? .interim : .response
    }
    if let known {
      if known.hasHead, !(known.isMaybeInterim && status != nil) { return .trailer }
    } else if !isUnsure, block.stream <= lastStream, !closedByOther.contains(block.stream) {
      // 5.1: the stream is closed.
      tell(.h2BadFrame, block.stream)
      if status == nil { return .trailer }
    } else if status == nil, section.isComplete {
      return .trailer
    }
    return isInterim ? .interim : .response
  }

  /// Whether the pseudo fields are those of a request; `nil` where there are none that say.
  private var sectionIsRequest: Bool? {
    for field in section.fields {
      switch PseudoField(section.name(of: field)) {
      case .status: return false
      case nil: continue
      default: return true
      }
    }
    return nil
  }

  private var hasPseudoField: Bool {
    section.fields.contains { section.name(of: $0).first == 0x3A }
  }
}
