internal import DequeModule
internal import HeapModule

/// TCP segments in, two byte streams a connection out: in order, once, with holes named.
///
/// A segment is delivered when all bytes before it were, and when what it acknowledges of the
/// opposite stream was: so an answer never comes before its request, however the capture ordered
/// them. A hole is given up when its receiver acknowledged bytes behind it and it is older than
/// ``patience``; at the end of the input; or when more waits behind it than ``Bounds`` allow.
struct StreamAssembler: ~Copyable {
  /// How long a hole may be filled by a packet that comes late.
  static let patience = (frames: Int32(1000), nanoseconds: Int64(1_000_000_000))

  /// Bounds against hostile input (each counted where it cuts something).
  enum Bounds {
    static let connections = 100_000
    /// Connections that are over, and remembered for what comes late.
    static let closedConnections = 1 << 14
    static let heldBytes = 16 << 20
    static let heldSegments = 16_384
    /// The same for all connections together.
    static let allHeldSegments = 1 << 20
    /// The longest hole that is believed, in bytes.
    static let hole = 1 << 30
  }

  struct Timer {
    var dueFrame: Int32
    var connection: Int32
    var generation: UInt32
    var direction: Direction
  }

  struct HeldFrame: Comparable {
    var frame: Int32
    var connection: Int32
    var generation: UInt32
    var direction: Direction

    static func < (left: HeldFrame, right: HeldFrame) -> Bool { left.frame < right.frame }
  }

  /// What happened during the last calls, in order; the caller takes it and clears it.
  var events = EventQueue()
  var payload = PayloadLedger()
  var anomalies = AnomalyCounts()
  var caps = CapCounts()

  let store: CaptureStore
  var connections: [Connection] = []
  /// Two for each connection.
  var halves: [HalfStream] = []
  var held = HeldSegments()
  var recent = RecentSegments()
  var timers = Deque<Timer>()
  /// When the first of them is due.
  var nextDue = Int32.max
  var heldFrames = Heap<HeldFrame>()
  var heldFramesLimit = 1 << 16
  var flows = FlowTable()
  var freeSlots: [Int32] = []
  /// Slots whose last events haven't been taken yet.
  var leavingSlots: [Int32] = []
  var live = 0
  /// Connections that are over, by slot and generation, in the order in which they closed.
  var closed = Deque<(slot: Int32, generation: UInt32)>()
  var numbered = 0
  /// At the end of the input: the slots that are still to be closed.
  private var finishing: ArraySlice<Int>?
  var generations: UInt32 = 0
  /// The latest segment.
  var now: (frame: Int32, time: Timestamp) = (0, .unknown)

  init(store: CaptureStore) { self.store = store }

  /// Takes one segment; what follows from it stands in ``events``.
  mutating func take(_ segment: Segment) {
    if !leavingSlots.isEmpty {
      freeSlots += leavingSlots
      leavingSlots.removeAll(keepingCapacity: true)
    }
    now = (segment.frame, segment.time)
    payload.total &+= segment.payload.count
    let (key, isSwapped) = FlowKey.of(segment)
    if takeInOrder(segment, key, isSwapped: isSwapped) {
      if nextDue <= segment.frame { giveUp() }
      return
    }
    take(segment, key, key.hash, isSwapped: isSwapped)
  }

  private mutating func take(
    _ segment: Segment, _ key: FlowKey, _ hash: UInt32, isSwapped: Bool
  ) {
    let length = segment.payload.count &+ segment.missing
    let isSYN = segment.control.contains(.syn)
    var slot: Int32
    if let found = flows.slot(of: key, hash: hash, in: connections.span) {
      slot = found
    } else {
      // An acknowledgment or a reset of something that was over before the capture.
      guard isSYN || length > 0 else { return }
      slot = open(key, hash, segment, isSwapped: isSwapped)
    }
    var index = Int(slot)
    var direction: Direction = isSwapped == connections[index].isSwapped ? .forward : .backward
    if isSYN {
      if let replacing = synchronize(index, direction, segment) {
        replace(index, with: key, hash, segment, isSwapped: isSwapped, replacing)
        guard let found = flows.slot(of: key, hash: hash, in: connections.span) else { return }
        slot = found
        index = Int(slot)
        direction = isSwapped == connections[index].isSwapped ? .forward : .backward
      }
    }
    connections[index].latestFrame = segment.frame
    if segment.control.contains(.ack) { acknowledge(index, direction.opposite, segment) }
    if segment.window == 0, segment.control.isDisjoint(with: [.rst, .syn]) {
      anomalies.count(.zeroWindow)
    }
    if segment.control.contains(.urg) { anomalies.count(.urgentData) }
    let start = isSYN ? segment.sequence + 1 : segment.sequence
    if length > 0 {
      if connections[index].number == 0 {
        numbered &+= 1
        connections[index].number = numbered
      }
      sequence(index, direction, segment, start, length)
    } else if halves[index, direction].isKnown, segment.control.isDisjoint(with: [.syn, .fin]) {
      let ahead = start - halves[index, direction].next
      if ahead == -1, segment.control == .ack { anomalies.count(.keepalive) }
      if ahead > 0 { announce(index, direction, start, ahead) }
    }
    if !segment.control.isDisjoint(with: [.fin, .rst]) {
      end(index, direction, segment, at: start + length)
    }
    if nextDue <= segment.frame { giveUp() }
  }

  /// The end of the input: what is held is delivered with its holes, and everything closes, some
  /// connections with each call, so that what follows from it needn't be there all at once.
  ///
  /// - Returns: `false` once all are closed.
  mutating func finish() -> Bool {
    if finishing == nil {
      // The oldest first: in this order their exchanges are told.
      let live = connections.indices.filter { connections[$0].generation != 0 }
      finishing = live.map { (connections[$0].generation, $0) }.sorted { $0 < $1 }.map(\.1)[...]
    }
    while events.count < 256, let index = finishing?.popFirst() { close(index) }
    return !events.isEmpty
  }

  /// The lowest frame of a segment that hasn't been delivered, `Int32.max` where there is none:
  /// nothing from before it is still to come.
  mutating func oldestHeldFrame() -> Int32 { oldestHeld()?.frame ?? .max }

  private mutating func oldestHeld() -> HeldFrame? {
    while let oldest = heldFrames.min {
      if isHeld(oldest) { return oldest }
      _ = heldFrames.popMin()
    }
    return nil
  }

  private func isHeld(_ frame: HeldFrame) -> Bool {
    connections[Int(frame.connection)].generation == frame.generation
      && halves[Int(frame.connection), frame.direction].firstHeld >= 0
  }

  /// One hole that stays open would keep all that came and went behind it.
  mutating func forgetStaleHeldFrames() {
    var live: [HeldFrame] = []
    for frame in heldFrames.unordered where isHeld(frame) { live.append(frame) }
    heldFrames = Heap(live)
    heldFramesLimit = max(1 << 16, 2 &* heldFrames.count)
  }

  // MARK: Acknowledgments and ends

  /// A pure acknowledgment or a reset tells how far its sender has come.
  private mutating func announce(
    _ index: Int, _ direction: Direction, _ sequence: SequenceNumber, _ ahead: Int
  ) {
    let half = halves[index, direction]
    guard ahead <= max(half.window, 65_535) else { return }
    if half.announced.map({ sequence - $0 > 0 }) ?? true {
      halves[index, direction].announced = sequence
    }
  }

  /// - Parameter direction: of the stream that is acknowledged.
  @inline(__always)
  private mutating func acknowledge(_ index: Int, _ direction: Direction, _ segment: Segment) {
    let window = Int(segment.window) << Int(halves[index, direction].windowScale ?? 0)
    halves[index, direction].window = window
    let half = halves[index, direction]
    if !half.hasAcknowledgment
      || segment.acknowledgment - half.acknowledged > 0
    {
      guard !half.isKnown || segment.acknowledgment - half.next < Bounds.hole else { return }
      halves[index, direction].acknowledged = segment.acknowledgment
      halves[index, direction].hasAcknowledgment = true
    }
  }

  private mutating func end(
    _ index: Int, _ direction: Direction, _ segment: Segment, at sequence: SequenceNumber
  ) {
    guard !connections[index].isClosed else { return }
    let half = halves[index, direction]
    if segment.control.contains(.rst) {
      guard half.isKnown else {
        // A reset without a sequence number of its own answers a SYN: nobody listens there.
        if connections[index].number == 0 { anomalies.count(.refused) }
        connections[index].wasReset = true
        close(index)
        return
      }
      // A stream that a FIN has ended stays as long as it is.
      guard !half.hasEnded else { return }
      // RFC 5961, 3.2: only the exact sequence number resets; what is held counts as received.
      let held = half.lastHeld >= 0 ? self.held[half.lastHeld].end : half.next
      let isExact = sequence == half.next || sequence == held
      guard isExact, sequence - half.next >= 0 else {
        anomalies.count(.outOfWindow)
        return
      }
      halves[index, direction].ending = .rst
      halves[index, direction].end = sequence
    } else {
      if !half.isKnown {
        halves[index, direction].start(after: sequence)
      } else {
        let ahead = sequence - half.next
        guard half.ending == .none, ahead >= 0, ahead < Bounds.hole else { return }
      }
      halves[index, direction].ending = .fin
      halves[index, direction].end = sequence
    }
    settle(index)
    if !halves[index, direction].hasEnded { time(index, direction, segment.frame) }
  }

  // MARK: Sequencing

  @inline(__always)
  private mutating func sequence(
    _ index: Int, _ direction: Direction, _ segment: Segment, _ start: SequenceNumber,
    _ length: Int
  ) {
    if !halves[index, direction].isKnown {
      halves[index, direction].start(after: start)
    }
    let ahead = start - halves[index, direction].next
    if ahead == 0, halves[index, direction].firstHeld < 0, !connections[index].isClosed,
      !halves[index, direction].hasEnded,
      isReady(index, direction, segment.acknowledgment, segment.control.contains(.ack))
    {
      deliver(
        index, direction, segment.payload, missing: segment.missing, start, frame: segment.frame,
        time: segment.time, identification: segment.identification, tag: segment.tag,
        acknowledgment: segment.control.contains(.ack) ? segment.acknowledgment : nil)
      if halves[index, direction.opposite].firstHeld >= 0
        || halves[index, direction].ending != .none
      {
        settle(index)
      }
    } else {
      sequenceSlowly(index, direction, segment, start, length, ahead)
    }
  }

  private mutating func sequenceSlowly(
    _ index: Int, _ direction: Direction, _ segment: Segment, _ start: SequenceNumber,
    _ length: Int, _ ahead: Int
  ) {
    var piece = HeldSegment(
      sequence: start, acknowledgment: segment.acknowledgment,
      hasAcknowledgment: segment.control.contains(.ack), range: segment.payload,
      missing: segment.missing, frame: segment.frame, time: segment.time,
      identification: segment.identification, tag: segment.tag)
    if ahead < 0 {
      let old = min(length, -ahead)
      takeAgain(index, direction, piece, old: old, isWhole: old == length)
      guard old < length else { return }
      piece.range = piece.range.part(from: old)
      piece.sequence = piece.sequence + old
      if old > segment.payload.count {
        piece.missing &-= old &- segment.payload.count
      }
    }
    if connections[index].isClosed || halves[index, direction].hasEnded {
      payload.afterClose &+= piece.range.count
      anomalies.count(.dataAfterClose)
      ignore(index, direction, piece)
      return
    }
    guard ahead < Bounds.hole else {
      payload.outOfWindow &+= piece.range.count
      anomalies.count(.outOfWindow)
      ignore(index, direction, piece)
      return
    }
    if ahead > 0 { anomalies.count(.outOfOrder) }
    hold(index, direction, piece)
    settle(index)
    while halves[index, direction].heldBytes > Bounds.heldBytes {
      caps.count(.heldBytes)
      force(index, reason: .cap)
    }
    while halves[index, direction].heldCount > Bounds.heldSegments {
      caps.count(.heldSegments)
      force(index, reason: .cap)
    }
    while held.count > Bounds.allHeldSegments, let oldest = oldestHeld() {
      caps.count(.heldSegments)
      force(Int(oldest.connection), reason: .cap)
    }
  }

  /// Bytes that were delivered before: seen at another place, sent again, or a probe.
  private mutating func takeAgain(
    _ index: Int, _ direction: Direction, _ piece: HeldSegment, old: Int, isWhole: Bool
  ) {
    let half = halves[index, direction]
    let count = min(old, piece.range.count)
    if isWhole, old <= 1, piece.sequence + 1 == half.next {
      payload.keepalive &+= count
      anomalies.count(.keepalive)
      return
    }
    let back = half.next - piece.sequence
    guard back <= half.position else {
      // Before the first byte of the stream: a stray, or the capture began in the middle.
      if half.hasSYN {
        payload.outOfWindow &+= count
        anomalies.count(.outOfWindow)
      } else {
        payload.beforeStart &+= count
      }
      ignore(index, direction, piece)
      return
    }
    var isSighting = false
    var differs = false
    let looked = recent.overlapping(
      piece.sequence, length: count, latest: half.recent,
      connection: Int32(truncatingIfNeeded: index)
    ) { [store] entry in
      if entry.sequence == piece.sequence, entry.range.count == piece.range.count,
        entry.identification == piece.identification, entry.tag != piece.tag,
        let apart = piece.time.nanoseconds(since: entry.time), abs(apart) <= 10_000_000
      {
        isSighting = true
      }
      if Self.differ(entry.sequence, entry.range, piece.sequence, piece.range, in: store) {
        differs = true
      }
      return true
    }
    if !looked, !differs {
      payload.uncheckedOverlaps &+= 1
      var event = StreamEvent(.unchecked, connection: Int32(truncatingIfNeeded: index))
      event.direction = direction
      event.frame = piece.frame
      event.time = piece.time
      event.position = half.position &- back
      event.length = count
      events.append(event)
    }
    account(index, direction, piece, count, position: half.position &- back, isSighting, differs)
  }

  /// Puts bytes that came again into their bucket, and tells of it.
  mutating func account(
    _ index: Int, _ direction: Direction, _ piece: HeldSegment, _ count: Int, position: Int,
    _ isSighting: Bool, _ differs: Bool
  ) {
    var event = StreamEvent(differs ? .conflict : .sighting, connection: Int32(index))
    event.direction = direction
    event.frame = piece.frame
    event.time = piece.time
    event.position = position
    event.length = count
    if differs {
      anomalies.count(.overlapConflict)
      events.append(event)
    }
    if isSighting, !differs {
      payload.duplicate &+= count
      anomalies.count(.duplicate)
      events.append(event)
    } else {
      payload.retransmitted &+= count
      anomalies.count(.retransmission)
    }
  }

  /// Tells of bytes that are handed to nobody.
  mutating func ignore(_ index: Int, _ direction: Direction, _ piece: HeldSegment) {
    var event = StreamEvent(.ignored, connection: Int32(truncatingIfNeeded: index))
    event.direction = direction
    event.frame = piece.frame
    event.time = piece.time
    event.length = piece.range.count
    events.append(event)
  }

  /// Whether two pieces of one stream hold different bytes where they overlap.
  static func differ(
    _ first: SequenceNumber, _ firstRange: ByteRange, _ second: SequenceNumber,
    _ secondRange: ByteRange, in store: CaptureStore
  ) -> Bool {
    let shift = second - first
    let left = firstRange.part(from: shift, length: secondRange.count &+ min(0, shift))
    let right = secondRange.part(from: -shift, length: left.count)
    let count = min(left.count, right.count)
    guard count > 0 else { return false }
    return store.withBytes(left.part(from: 0, length: count)) { mine in
      store.withBytes(right.part(from: 0, length: count)) { theirs in !mine.equals(theirs) }
    }
  }

  /// Whether everything that a segment acknowledges was delivered.
  @inline(__always)
  func isReady(
    _ index: Int, _ direction: Direction, _ acknowledgment: SequenceNumber, _ hasIt: Bool
  ) -> Bool {
    !hasIt || outstanding(index, direction.opposite, acknowledgment) <= 0
  }

  /// How many bytes of a stream were acknowledged, but not delivered.
  @inline(__always)
  func outstanding(
    _ index: Int, _ direction: Direction, _ acknowledgment: SequenceNumber
  ) -> Int {
    let half = halves[index, direction]
    guard half.isKnown else { return 0 }
    let ahead = acknowledgment - half.next
    if ahead <= 0 { return 0 }
    // A FIN takes one sequence number and carries no byte.
    if ahead == 1, half.ending == .fin, half.next == half.end { return 0 }
    return ahead < Bounds.hole ? ahead : 0
  }

  @inline(__always)
  mutating func deliver(
    _ index: Int, _ direction: Direction, _ range: ByteRange, missing: Int,
    _ sequence: SequenceNumber, frame: Int32, time: Timestamp, identification: UInt16,
    tag: UInt32, acknowledgment: SequenceNumber?
  ) {
    let slot = Int32(truncatingIfNeeded: index)
    var event = StreamEvent(.data, connection: slot)
    event.direction = direction
    event.frame = frame
    event.time = time
    event.range = range
    event.position = halves[index, direction].position
    if let acknowledgment, halves[index, direction.opposite].isKnown {
      let opposite = halves[index, direction.opposite]
      event.acknowledged = opposite.position &+ (acknowledgment - opposite.next)
    }
    if range.count > 0 { events.append(event) }
    payload.delivered &+= range.count
    let entry = RecentSegments.Entry(
      sequence: sequence, range: range, time: time, tag: tag,
      previous: halves[index, direction].recent, identification: identification,
      connection: slot)
    halves[index, direction].recent = recent.add(entry)
    halves[index, direction].next = sequence + range.count
    halves[index, direction].position &+= range.count
    if missing > 0 {
      self.missing(index, direction, missing, .snaplen, frame: frame, time: time)
    }
  }

  /// Gives up `length` bytes of a stream.
  mutating func missing(
    _ index: Int, _ direction: Direction, _ length: Int, _ reason: GapReason, frame: Int32,
    time: Timestamp
  ) {
    var event = StreamEvent(.gap, connection: Int32(truncatingIfNeeded: index))
    event.direction = direction
    event.gapReason = reason
    event.frame = frame
    event.time = time
    event.length = length
    event.position = halves[index, direction].position
    events.append(event)
    payload.missing &+= length
    payload.holes &+= 1
    halves[index, direction].next = halves[index, direction].next + length
    halves[index, direction].position &+= length
  }

  /// What has passed since a held segment came, as far as the clock can be trusted.
  func isOlderThanPatience(_ segment: HeldSegment) -> Bool {
    guard now.frame &- segment.frame >= Self.patience.frames else { return false }
    guard let apart = now.time.nanoseconds(since: segment.time) else { return true }
    return apart < 0 || apart >= Self.patience.nanoseconds
  }

  var currentFrame: Int32 { now.frame }
  var currentTime: Timestamp { now.time }
}

extension HalfStream {
  /// Begins the stream behind a SYN.
  mutating func start(at initial: SequenceNumber) {
    self.initial = initial
    hasSYN = true
    isKnown = true
    next = initial + 1
  }

  /// Begins the stream in the middle, at its first byte in the capture.
  mutating func start(after sequence: SequenceNumber) {
    initial = sequence
    isKnown = true
    next = sequence
  }
}
