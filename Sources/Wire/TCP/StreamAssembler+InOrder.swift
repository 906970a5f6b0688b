// The short way: what nearly every segment takes.

extension StreamAssembler {
  /// What is nearly all there is: a segment in order, between two ends that hold nothing back and
  /// acknowledge nothing that wasn't seen.
  ///
  /// - Returns: `false` where it is anything else; then nothing was done.
  @inline(__always)
  mutating func takeInOrder(
    _ segment: Segment, _ slot: Int32, isSwapped: Bool
  ) -> Bool {
    let index = Int(slot)
    guard !connections[index].isClosed else { return false }
    let isBackward = isSwapped != connections[index].isSwapped
    guard
      let acknowledged = Self.advance(
        &halves, sending: index &* 2 &+ (isBackward ? 1 : 0), segment, slot, &recent)
    else { return false }
    connections[index].latestFrame = segment.frame
    let count = segment.payload.count
    guard count > 0 else { return true }
    if connections[index].number == 0 {
      numbered &+= 1
      connections[index].number = numbered
    }
    var event = StreamEvent(.data, connection: slot)
    event.direction = isBackward ? .backward : .forward
    event.frame = segment.frame
    event.time = segment.time
    event.range = segment.payload
    event.position = acknowledged.position
    event.acknowledged = acknowledged.opposite
    events.append(event)
    payload.delivered &+= count
    return true
  }

  /// - Returns: where the segment begins, and how far its sender has come in the opposite stream;
  ///   `nil` where it isn't in order.
  @inline(__always)
  private static func advance(
    _ halves: inout [HalfStream], sending: Int, _ segment: Segment, _ slot: Int32,
    _ recent: inout RecentSegments
  ) -> (position: Int, opposite: Int)? {
    var halves = halves.mutableSpan
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
      halves[sending].recent = recent.add(
        RecentSegments.Entry(
          sequence: segment.sequence, range: segment.payload, time: segment.time,
          tag: segment.tag, previous: halves[sending].recent,
          identification: segment.identification, connection: slot))
      halves[sending].next = segment.sequence + count
      halves[sending].position = position &+ count
    }
    return (position, halves[receiving].position &+ behind)
  }
}
