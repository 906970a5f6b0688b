// The short way: what nearly every segment takes.

extension StreamAssembler {
  /// What is nearly all there is: a segment in order, between two ends that hold nothing back and
  /// acknowledge nothing that wasn't seen.
  ///
  /// - Returns: `false` where it is anything else; then nothing was done.
  mutating func takeInOrder(_ segment: Segment, _ key: FlowKey, isSwapped: Bool) -> Bool {
    var event = StreamEvent(.data, connection: 0)
    let slot = Self.takeInOrder(
      segment, key, isSwapped: isSwapped, flows, &connections, &halves, &recent.ring,
      &recent.count, &numbered, &event)
    if let slot, slot >= 0 {
      events.append(event)
      payload.delivered &+= segment.payload.count
    }
    return slot != nil
  }

  private static func takeInOrder(
    _ segment: Segment, _ key: FlowKey, isSwapped: Bool, _ flows: borrowing FlowTable,
    _ connections: inout [Connection], _ halves: inout [HalfStream],
    _ recent: inout [RecentSegments.Entry], _ recentCount: inout Int32, _ numbered: inout Int,
    _ event: inout StreamEvent
  ) -> Int32? {
    var connections = connections.mutableSpan
    var halves = halves.mutableSpan
    var recent = recent.mutableSpan
    return takeInOrder(
      segment, key, isSwapped: isSwapped, flows, &connections, &halves, &recent, &recentCount,
      &numbered, &event)
  }

  /// The same, with all that it changes in hand: who takes many segments looks only once whether
  /// anybody else holds it.
  ///
  /// - Parameter event: what the segment brought, where it had payload.
  /// - Returns: the slot of the segment's connection where it brought an event, -1 where it had no
  ///   payload; `nil` where it is anything else, and nothing was done.
  @inline(always)
  static func takeInOrder(
    _ segment: Segment, _ key: FlowKey, isSwapped: Bool, _ flows: borrowing FlowTable,
    _ connections: inout MutableSpan<Connection>, _ halves: inout MutableSpan<HalfStream>,
    _ recent: inout MutableSpan<RecentSegments.Entry>, _ recentCount: inout Int32,
    _ numbered: inout Int, _ event: inout StreamEvent
  ) -> Int32? {
    guard segment.isPlain, let slot = flows.slot(of: key, hash: key.hash, in: connections.span)
    else { return nil }
    let index = Int(slot)
    guard !connections[index].isClosed else { return nil }
    let isBackward = isSwapped != connections[index].isSwapped
    guard
      let acknowledged = advance(
        &halves, sending: index &* 2 &+ (isBackward ? 1 : 0), segment, slot, &recent, &recentCount)
    else { return nil }
    connections[index].latestFrame = segment.frame
    guard segment.payload.count > 0 else { return -1 }
    if connections[index].number == 0 {
      numbered &+= 1
      connections[index].number = numbered
    }
    event = StreamEvent(.data, connection: slot)
    event.direction = isBackward ? .backward : .forward
    event.frame = segment.frame
    event.time = segment.time
    event.range = segment.payload
    event.position = acknowledged.position
    event.acknowledged = acknowledged.opposite
    return slot
  }

  /// - Returns: where the segment begins, and how far its sender has come in the opposite stream;
  ///   `nil` where it isn't in order.
  @inline(always)
  private static func advance(
    _ halves: inout MutableSpan<HalfStream>, sending: Int, _ segment: Segment, _ slot: Int32,
    _ recent: inout MutableSpan<RecentSegments.Entry>, _ recentCount: inout Int32
  ) -> (position: Int, opposite: Int)? {
    let receiving = sending ^ 1
    let behind = segment.acknowledgment - halves[receiving].next
    guard halves[sending].isFlowing, halves[receiving].isFlowing,
      halves[sending].next == segment.sequence, behind <= 0
    else { return nil }
    halves[receiving].window =
      Int(segment.window) << Int(halves[receiving].windowScale ?? 0)
    if !halves[receiving].hasAcknowledgment
      || segment.acknowledgment - halves[receiving].acknowledged > 0
    {
      halves[receiving].acknowledged = segment.acknowledgment
      halves[receiving].hasAcknowledgment = true
    }
    let position = halves[sending].position
    let count = segment.payload.count
    if count > 0 {
      halves[sending].recent = RecentSegments.add(
        RecentSegments.Entry(
          sequence: segment.sequence, range: segment.payload, time: segment.time,
          tag: segment.tag, previous: halves[sending].recent,
          identification: segment.identification, connection: slot), to: &recent, &recentCount)
      halves[sending].next = segment.sequence + count
      halves[sending].position = position &+ count
    }
    return (position, halves[receiving].position &+ behind)
  }
}
