internal import DequeModule
internal import HeapModule

// What waits, and when waiting ends.

extension StreamAssembler {
  /// Keeps a segment until it can be delivered. Where it overlaps with one that is held, the
  /// first one wins.
  mutating func hold(_ index: Int, _ direction: Direction, _ segment: HeldSegment) {
    if halves[index, direction].firstHeld < 0 {
      if heldFrames.count >= heldFramesLimit { forgetStaleHeldFrames() }
      heldFrames.insert(
        HeldFrame(
          frame: segment.frame, connection: Int32(truncatingIfNeeded: index),
          generation: connections[index].generation, direction: direction))
    }
    time(index, direction, segment.frame)
    var piece = segment
    var previous: Int32 = -1
    var current = halves[index, direction].firstHeld
    // Most come behind all others.
    let last = halves[index, direction].lastHeld
    if last >= 0, piece.sequence - held[last].end >= 0 {
      previous = last
      current = -1
    }
    while true {
      while current >= 0, piece.sequence - held[current].end >= 0 {
        previous = current
        current = held[current].next
      }
      guard current >= 0 else {
        link(index, direction, piece, after: previous, before: -1)
        return
      }
      let other = held[current]
      let room = other.sequence - piece.sequence
      if room >= piece.length {
        link(index, direction, piece, after: previous, before: current)
        return
      }
      if room > 0 {
        var front = piece
        front.range = piece.range.part(from: 0, length: room)
        front.missing = max(0, min(piece.missing, room &- front.range.count))
        previous = link(index, direction, front, after: previous, before: current)
        piece = piece.dropping(room)
      }
      let overlap = min(piece.length, other.end - piece.sequence)
      let half = halves[index, direction]
      let apart = piece.time.nanoseconds(since: other.time)
      let isSighting =
        piece.identification == other.identification && piece.tag != other.tag
        && piece.sequence == other.sequence && piece.length == other.length
        && apart.map { abs($0) <= 10_000_000 } ?? false
      account(
        index, direction, piece, min(overlap, piece.range.count),
        position: half.position &+ (piece.sequence - half.next), isSighting,
        Self.differ(
          other.sequence, other.range, piece.sequence,
          piece.range.part(from: 0, length: overlap), in: store))
      piece = piece.dropping(overlap)
      if piece.length == 0 { return }
    }
  }

  @discardableResult
  private mutating func link(
    _ index: Int, _ direction: Direction, _ segment: HeldSegment, after previous: Int32,
    before next: Int32
  ) -> Int32 {
    var segment = segment
    segment.next = next
    let added = held.add(segment)
    if previous >= 0 {
      held[previous].next = added
    } else {
      halves[index, direction].firstHeld = added
    }
    if next < 0 { halves[index, direction].lastHeld = added }
    halves[index, direction].heldCount &+= 1
    halves[index, direction].heldBytes &+= segment.range.count
    return added
  }

  private mutating func unlinkFirst(_ index: Int, _ direction: Direction) -> HeldSegment {
    let first = halves[index, direction].firstHeld
    let segment = held[first]
    held.remove(first)
    halves[index, direction].firstHeld = segment.next
    if segment.next < 0 { halves[index, direction].lastHeld = -1 }
    halves[index, direction].heldCount &-= 1
    halves[index, direction].heldBytes &-= segment.range.count
    return segment
  }

  /// Delivers what has become deliverable, in either direction, until nothing moves.
  mutating func settle(_ index: Int) {
    var moved = true
    while moved {
      moved = false
      for direction in [Direction.forward, .backward] {
        if drain(index, direction) { moved = true }
      }
    }
    if !connections[index].isClosed, halves[index, .forward].hasEnded,
      halves[index, .backward].hasEnded
    {
      close(index)
    }
  }

  private mutating func drain(_ index: Int, _ direction: Direction) -> Bool {
    var moved = false
    while halves[index, direction].firstHeld >= 0 {
      let segment = held[halves[index, direction].firstHeld]
      let next = halves[index, direction].next
      guard segment.sequence - next <= 0,
        isReady(index, direction, segment.acknowledgment, segment.hasAcknowledgment)
      else { break }
      _ = unlinkFirst(index, direction)
      moved = true
      let old = min(segment.length, next - segment.sequence)
      if old > 0 { payload.retransmitted &+= min(old, segment.range.count) }
      let rest = segment.dropping(old)
      guard rest.length > 0 else { continue }
      deliver(
        index, direction, rest.range, missing: rest.missing, rest.sequence, frame: rest.frame,
        time: rest.time, identification: rest.identification, tag: rest.tag,
        acknowledgment: rest.hasAcknowledgment ? rest.acknowledgment : nil)
    }
    let half = halves[index, direction]
    if half.ending != .none, !half.hasEnded, half.firstHeld < 0, half.next - half.end >= 0 {
      halves[index, direction].hasEnded = true
      moved = true
      var event = StreamEvent(
        half.ending == .rst ? .reset : .finished, connection: Int32(truncatingIfNeeded: index))
      event.direction = direction
      event.frame = currentFrame
      event.time = currentTime
      event.position = half.position
      events.append(event)
      if half.ending == .rst {
        connections[index].wasReset = true
        close(index)
      }
    }
    return moved
  }

  /// Ends a connection: delivers what is held, with its holes, and names what is known to be
  /// missing behind it.
  mutating func close(_ index: Int, reason: GapReason = .hole) {
    guard !connections[index].isClosed else { return }
    connections[index].isClosed = true
    closed.append((Int32(truncatingIfNeeded: index), connections[index].generation))
    while halves[index, .forward].firstHeld >= 0 || halves[index, .backward].firstHeld >= 0 {
      force(index, reason: reason)
    }
    for direction in [Direction.forward, .backward] { closeTail(index, direction) }
    var event = StreamEvent(.closed, connection: Int32(truncatingIfNeeded: index))
    event.gapReason = reason
    event.frame = currentFrame
    event.time = currentTime
    events.append(event)
  }

  private mutating func closeTail(_ index: Int, _ direction: Direction) {
    let half = halves[index, direction]
    guard half.isKnown, !half.hasEnded else { return }
    if half.ending != .none {
      let ahead = half.end - half.next
      if ahead > 0 {
        missing(index, direction, ahead, .hole, frame: currentFrame, time: currentTime)
      }
      _ = drain(index, direction)
    } else if half.hasAcknowledgment || half.announced != nil, half.position > 0 || half.hasSYN {
      let acknowledged = half.hasAcknowledgment ? half.acknowledged - half.next : 0
      let ahead = max(acknowledged, half.announced.map { $0 - half.next } ?? 0)
      // One alone is the FIN of a sender whose last packet wasn't captured.
      if ahead > 1, ahead < Bounds.hole {
        missing(index, direction, ahead, .hole, frame: currentFrame, time: currentTime)
      }
    }
  }

  /// Gives up the hole that the oldest held segment of a connection waits for.
  mutating func force(_ index: Int, reason: GapReason) {
    let (forward, backward) = (halves[index, .forward], halves[index, .backward])
    let direction: Direction
    switch (forward.firstHeld >= 0, backward.firstHeld >= 0) {
    case (false, false): return
    case (true, false): direction = .forward
    case (false, true): direction = .backward
    case (true, true):
      direction =
        held[forward.firstHeld].frame <= held[backward.firstHeld].frame ? .forward : .backward
    }
    let half = halves[index, direction]
    let segment = held[half.firstHeld]
    let ahead = segment.sequence - half.next
    if ahead > 0 {
      let isAcknowledged =
        half.hasAcknowledgment && half.acknowledged - segment.sequence >= 0
      if isAcknowledged || ahead <= max(half.window, 65_535) &+ (1 << 20) {
        missing(index, direction, ahead, reason, frame: segment.frame, time: segment.time)
      } else {
        // Far ahead, and never acknowledged: no receiver would have taken it.
        let stray = unlinkFirst(index, direction)
        payload.outOfWindow &+= stray.range.count
        anomalies.count(.outOfWindow)
        ignore(index, direction, stray)
      }
    } else {
      giveUpOpposite(index, direction, segment, reason)
    }
    settle(index)
  }

  /// A segment acknowledges bytes that were never captured.
  private mutating func giveUpOpposite(
    _ index: Int, _ direction: Direction, _ segment: HeldSegment, _ reason: GapReason
  ) {
    let opposite = direction.opposite
    let half = halves[index, opposite]
    var length = outstanding(index, opposite, segment.acknowledgment)
    if half.firstHeld >= 0 { length = min(length, held[half.firstHeld].sequence - half.next) }
    if half.ending != .none { length = min(length, half.end - half.next) }
    if length == 1, half.firstHeld < 0, half.ending == .none {
      // A FIN that wasn't captured.
      halves[index, opposite].ending = .fin
      halves[index, opposite].end = half.next
    } else if length > 0 {
      missing(index, opposite, length, reason, frame: segment.frame, time: segment.time)
    } else {
      // Both wait for each other, which no real receiver's acknowledgments do.
      held[halves[index, direction].firstHeld].hasAcknowledgment = false
    }
  }

  // MARK: Timers

  mutating func time(_ index: Int, _ direction: Direction, _ frame: Int32) {
    guard !halves[index, direction].isTimed else { return }
    halves[index, direction].isTimed = true
    let dueFrame = max(frame, currentFrame) &+ Self.patience.frames
    if timers.isEmpty { nextDue = dueFrame }
    timers.append(
      Timer(
        dueFrame: dueFrame,
        connection: Int32(truncatingIfNeeded: index),
        generation: connections[index].generation, direction: direction))
  }

  /// Looks at what has waited long enough.
  mutating func giveUp() {
    defer { nextDue = timers.first?.dueFrame ?? .max }
    while let timer = timers.first, timer.dueFrame <= currentFrame {
      timers.removeFirst()
      let index = Int(timer.connection)
      guard connections[index].generation == timer.generation else { continue }
      halves[index, timer.direction].isTimed = false
      let half = halves[index, timer.direction]
      if half.firstHeld >= 0 {
        let first = held[half.firstHeld]
        let isOwnHole = first.sequence - half.next > 0
        let isProven = !isOwnHole || half.acknowledged - half.next > 0 && half.hasAcknowledgment
        if isProven, isOlderThanPatience(first) { force(index, reason: .hole) }
      } else if half.ending != .none, !half.hasEnded, half.hasAcknowledgment,
        half.acknowledged - half.end > 0
      {
        missing(
          index, timer.direction, half.end - half.next, .hole, frame: currentFrame,
          time: currentTime)
        settle(index)
      }
      let left = halves[index, timer.direction]
      if left.firstHeld >= 0 || left.ending != .none && !left.hasEnded {
        time(index, timer.direction, currentFrame)
      }
    }
  }
}

extension HeldSegment {
  /// This segment without its first `count` bytes, of which the captured ones come first.
  func dropping(_ count: Int) -> HeldSegment {
    guard count > 0 else { return self }
    var rest = self
    rest.missing = max(0, missing &- max(0, count &- range.count))
    rest.range = range.part(from: count)
    rest.sequence = sequence + count
    return rest
  }
}
