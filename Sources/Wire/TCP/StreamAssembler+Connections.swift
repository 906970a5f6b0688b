internal import DequeModule

// Which segments make up which connection: slots, port reuse, the bound on open connections.

extension StreamAssembler {
  mutating func open(
    _ key: FlowKey, _ hash: UInt32, _ segment: Segment, isSwapped: Bool
  ) -> Int32 {
    forgetClosed()
    if live >= Bounds.connections { evict() }
    generations &+= 1
    // A SYN-ACK comes from the endpoint that was connected to.
    let isAnswer = segment.control.isSuperset(of: [.syn, .ack])
    let connection = Connection(
      key: key, isSwapped: isSwapped != isAnswer, hash: hash, generation: generations,
      latestFrame: segment.frame)
    let slot: Int32
    if let free = freeSlots.popLast() {
      slot = free
      connections[Int(slot)] = connection
      halves[Int(slot), .forward] = HalfStream()
      halves[Int(slot), .backward] = HalfStream()
    } else {
      slot = Int32(truncatingIfNeeded: connections.count)
      connections.append(connection)
      halves.append(HalfStream())
      halves.append(HalfStream())
    }
    flows.insert(slot, hash: hash)
    live &+= 1
    if !segment.control.contains(.syn) {
      connections[Int(slot)].beganBeforeCapture = true
      anomalies.count(.midstream)
    }
    return slot
  }

  private mutating func leave(_ index: Int) {
    let slot = Int32(truncatingIfNeeded: index)
    flows.remove(slot, hash: connections[index].hash)
    connections[index].generation = 0
    leavingSlots.append(slot)
    live &-= 1
  }

  private mutating func forgetClosed() {
    while closed.count > Bounds.closedConnections, let oldest = closed.popFirst() {
      let index = Int(oldest.slot)
      if connections[index].generation == oldest.generation { leave(index) }
    }
  }

  /// Makes room: closed connections first, then those that were silent for the longest time.
  private mutating func evict() {
    var candidates: [(rank: Int, index: Int)] = []
    candidates.reserveCapacity(live)
    for index in connections.indices where connections[index].generation != 0 {
      let age = Int(connections[index].latestFrame)
      candidates.append((connections[index].isClosed ? age : age &+ (1 << 32), index))
    }
    candidates.sort { ($0.rank, $0.index) < ($1.rank, $1.index) }
    for (_, index) in candidates.prefix(Bounds.connections / 16) {
      if !connections[index].isClosed { caps.count(.connections) }
      close(index, reason: .cap)
      leave(index)
    }
  }

  mutating func replace(
    _ index: Int, with key: FlowKey, _ hash: UInt32, _ segment: Segment, isSwapped: Bool,
    _ candidate: SequenceNumber?
  ) {
    close(index)
    leave(index)
    anomalies.count(.portReuse)
    let slot = Int(open(key, hash, segment, isSwapped: isSwapped))
    if let candidate {
      // The SYN itself was taken for a stray one when it came.
      halves[slot, .forward].start(at: candidate)
    }
    let direction: Direction = isSwapped == connections[slot].isSwapped ? .forward : .backward
    halves[slot, direction].start(at: segment.sequence)
    halves[slot, direction.opposite].windowScale = segment.windowScale
  }

  /// - Returns: `nil` where the SYN belongs to the connection; else it opens another one, whose
  ///   initiator's sequence number is told where it came before.
  mutating func synchronize(
    _ index: Int, _ direction: Direction, _ segment: Segment
  ) -> SequenceNumber?? {
    let half = halves[index, direction]
    let isAnswer = segment.control.contains(.ack)
    if half.hasSYN, half.initial == segment.sequence {
      // Even with the same number it opens anew what was closed.
      return connections[index].isClosed && !isAnswer ? .some(nil) : nil
    }
    if !half.isKnown {
      halves[index, direction].start(at: segment.sequence)
      halves[index, direction.opposite].windowScale = segment.windowScale
      // Where the SYN wasn't captured, its answer says what its number was.
      if isAnswer, !halves[index, direction.opposite].isKnown {
        halves[index, direction.opposite].start(at: segment.acknowledgment + -1)
      }
      return nil
    }
    if isAnswer {
      if let candidate = halves[index, direction.opposite].candidate,
        segment.acknowledgment == candidate + 1
      {
        return .some(candidate)
      }
      if !half.hasSYN, segment.sequence + 1 == half.initial {
        halves[index, direction].hasSYN = true
        return nil
      }
      // It answers the SYN that opened this connection, once more.
      let opposite = halves[index, direction.opposite]
      if opposite.hasSYN, segment.acknowledgment == opposite.initial + 1 { return nil }
      // It answers one that wasn't captured, and says what its number was.
      let ahead = segment.sequence - half.next
      let isInWindow = ahead >= 0 && ahead <= max(half.window, 65_535)
      return half.hasSYN && (connections[index].isClosed || !isInWindow)
        ? .some(segment.acknowledgment + -1) : nil
    }
    if !half.hasSYN, segment.sequence + 1 == half.initial {
      halves[index, direction].hasSYN = true
      return nil
    }
    let ahead = segment.sequence - half.next
    let isInWindow = ahead >= 0 && ahead <= max(half.window, 65_535)
    if connections[index].isClosed || !isInWindow { return .some(nil) }
    halves[index, direction].candidate = segment.sequence
    return nil
  }
}
