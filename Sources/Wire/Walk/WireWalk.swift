/// The way through a capture: its frames, one behind the other, and what they do to the streams.
struct WireWalk: ~Copyable {
  let store: CaptureStore
  private var reader: CaptureReader
  private var dissector = Dissector()
  private var assembler: StreamAssembler
  private var filter: PacketFilter?
  private var frame = Frame()
  private var isFinished = false
  private var times = TimeSpan()
  /// What ended the reading before the end of the input.
  private(set) var failure: CaptureError?
  /// What was told of the connections, by their slots.
  private var told: [Told] = []
  private var batches = 0
  /// What had to wait for the next batch.
  private var carried: [StreamEvent] = []
  private var toldSecrets = 0

  /// What was told of a connection.
  private struct Told {
    var generation: UInt32 = 0
    var number = -1
    var isSwapped = false
    var beganBeforeCapture = false
    /// The batch that holds its latest event.
    var batch = -1

    @inline(always)
    func isOf(_ connection: Connection) -> Bool {
      // A slot that its connection has just left keeps what it was, but for the generation.
      number == connection.number
        && (connection.generation == 0 || connection.generation == generation)
        && isSwapped == connection.isSwapped && beganBeforeCapture == connection.beganBeforeCapture
    }
  }

  /// From when to when.
  private struct TimeSpan {
    var first: Timestamp = .unknown
    var last: Timestamp = .unknown

    @inline(always)
    mutating func add(_ time: Timestamp) {
      // Nearly always the latest; what isn't known is less than any that is.
      if last.isKnown, last <= time {
        last = time
        return
      }
      guard time.isKnown else { return }
      if !first.isKnown || time < first { first = time }
      if !last.isKnown || last < time { last = time }
    }
  }

  init(files: [String], filter: String?) throws(CaptureError) {
    let program: PacketFilter?
    if let filter { program = try PacketFilter(filter) } else { program = nil }
    let reader = try CaptureReader(files: files)
    self.filter = program
    self.store = reader.store
    self.assembler = StreamAssembler(store: reader.store)
    self.reader = reader
  }

  /// Reads on until a number of things have happened to streams, but not for long. At the end of the
  /// input, and at damage, closes every connection.
  mutating func fill(_ batch: inout WireBatch, atLeast count: Int) {
    swap(&assembler.events, &batch.events)
    assembler.events.removeAll()
    batch.connections.removeAll(keepingCapacity: true)
    batches &+= 1
    for event in carried { assembler.events.append(event) }
    carried.removeAll()
    _ = tell(from: 0, &batch)
    var isBarred = false
    // What is known of the capture at its first event is told with that.
    let end = batches == 1 ? Int.max : frame.bytes.end &+ WireBatch.byteCount
    while assembler.events.count < count, frame.bytes.end < end {
      guard !isFinished else {
        // The connections are closed a few at a time.
        if assembler.events.isEmpty {
          batch.isLast = !assembler.finish()
          _ = tell(from: 0, &batch)
        }
        break
      }
      let untold = advance(count, to: end)
      if !tell(from: untold, &batch) {
        // What the consumer asks of a slot must have one answer in a batch.
        carried += (untold..<assembler.events.count).map { assembler.events[$0] }
        assembler.events.truncate(to: untold)
        isBarred = true
        break
      }
    }
    batch.oldestHeldFrame = isBarred ? 0 : assembler.oldestHeldFrame()
    batch.secrets = Array(reader.secrets[toldSecrets...])
    toldSecrets = reader.secrets.count
    batch.source = batches == 1 ? source : nil
    batch.position = frame.bytes.end
    swap(&assembler.events, &batch.events)
  }

  /// Reads frames: those of the short way, and the first one that isn't; or until something happens that
  /// has to be told, or has happened often enough, or there are none left in front of `end`.
  ///
  /// - Returns: the first event of which its connection wasn't told.
  private mutating func advance(_ count: Int, to end: Int) -> Int {
    var untold = assembler.events.count
    assembler.events.makeRoom(for: count)
    do throws(CaptureError) {
      let stop = try Self.walkShortWay(
        count, to: end, batches, &reader, &frame, &times, &dissector, &told, assembler.flows,
        &assembler.connections, &assembler.halves, &assembler.recent.ring,
        &assembler.recent.count, &assembler.numbered, &assembler.events.storage,
        &assembler.events.endIndex, &assembler.payload, &assembler.now,
        before: filter == nil && assembler.leavingSlots.isEmpty ? assembler.nextDue : .min)
      untold = assembler.events.count &- (stop == .untold ? 1 : 0)
      switch stop {
      case .full, .untold: break
      case .odd: try takeFrame()
      case .end:
        isFinished = true
        dissector.finish()
      }
    } catch {
      failure = error
      isFinished = true
      dissector.finish()
    }
    return untold
  }

  /// Why the short way ends.
  private enum Stop {
    /// Enough was read.
    case full
    /// The latest event is about a connection that wasn't told.
    case untold
    /// The latest frame is another one than nearly all are, and no more than its time was taken.
    case odd
    /// The end of the input.
    case end
  }

  /// Takes one frame behind the other as long as they are what nearly all are: plain segments in order.
  /// All that it changes is given on its own: so it holds spans of the assembler's arrays at once, which
  /// `self` would not lend, and looks only once whether anybody else holds them.
  ///
  /// - Parameter due: the first frame that has more to it; `.min` where any may.
  private static func walkShortWay(
    _ count: Int, to end: Int, _ batch: Int, _ reader: inout CaptureReader, _ frame: inout Frame,
    _ times: inout TimeSpan, _ dissector: inout Dissector, _ told: inout [Told],
    _ flows: borrowing FlowTable, _ connections: inout [Connection],
    _ halves: inout [HalfStream], _ recent: inout [RecentSegments.Entry],
    _ recentCount: inout Int32, _ numbered: inout Int, _ events: inout [StreamEvent],
    _ eventCount: inout Int, _ payload: inout PayloadLedger,
    _ now: inout (frame: Int32, time: Timestamp), before due: Int32
  ) throws(CaptureError) -> Stop {
    var plain = 0
    var delivered = 0
    defer {
      dissector.count(.tcp, times: plain)
      payload.total &+= delivered
      payload.delivered &+= delivered
    }
    let store = reader.store
    var halves = halves.mutableSpan
    var connections = connections.mutableSpan
    var told = told.mutableSpan
    var recent = recent.mutableSpan
    var events = events.mutableSpan
    while eventCount < count, frame.bytes.end < end {
      if !reader.nextPlain(&frame) {
        guard try reader.next(&frame) else { return .end }
      }
      times.add(frame.time)
      guard frame.number < due, let segment = Segment(plain: frame, in: store) else {
        return .odd
      }
      let (key, isSwapped) = FlowKey.of(segment)
      guard
        let slot = StreamAssembler.takeInOrder(
          segment, key, isSwapped: isSwapped, flows, &connections, &halves, &recent, &recentCount,
          &numbered, &events[eventCount])
      else { return .odd }
      plain &+= 1
      now = (segment.frame, segment.time)
      guard slot >= 0 else { continue }
      eventCount &+= 1
      delivered &+= segment.payload.count
      let index = Int(slot)
      guard index < told.count, told[index].isOf(connections[index]) else { return .untold }
      told[index].batch = batch
    }
    return .full
  }

  /// Takes the latest frame, whatever it is.
  @inline(never)
  private mutating func takeFrame() throws(CaptureError) {
    if filter != nil, try filter?.matches(frame, in: store) == false {
      dissector.count(.filtered)
    } else {
      var segment = Segment()
      if dissector.read(frame, in: store, into: &segment) { assembler.take(segment) }
    }
  }

  /// Tells of the connections of new events.
  ///
  /// - Returns: `false` where an earlier event of the batch is about another one in the same slot.
  @inline(always)
  private mutating func tell(from start: Int, _ batch: inout WireBatch) -> Bool {
    for index in start..<max(start, assembler.events.count) {
      let slot = Int(assembler.events[index].connection)
      if slot < told.count, told[slot].isOf(assembler.connections[slot]) {
        told[slot].batch = batches
      } else if !tell(slot, &batch) {
        return false
      }
    }
    return true
  }

  @inline(never)
  private mutating func tell(_ slot: Int, _ batch: inout WireBatch) -> Bool {
    while told.count <= slot { told.append(Told()) }
    guard told[slot].batch != batches else { return false }
    let connection = assembler.connections[slot]
    told[slot] = Told(
      generation: connection.generation, number: connection.number,
      isSwapped: connection.isSwapped, beganBeforeCapture: connection.beganBeforeCapture,
      batch: batches)
    batch.connections.append(
      (
        slot,
        ConnectionInfo(
          number: connection.number, initiator: connection.sender(.forward),
          responder: connection.sender(.backward),
          beganBeforeCapture: connection.beganBeforeCapture)
      ))
    return true
  }

  /// The files, formats and interfaces read so far.
  var source: CaptureSource {
    CaptureSource(
      format: reader.format, linkTypes: reader.linkTypes, snapshotLength: reader.snapshotLength,
      kernelDrops: reader.kernelDrops, names: reader.names)
  }

  /// Decryption secrets behind the first `count`: those that were read since, and those that come
  /// later in the files.
  func secrets(behind count: Int) -> [(type: UInt32, content: ByteRange)] {
    Array(reader.secrets.dropFirst(count)) + reader.secretsAhead()
  }

  /// Whether its files come piece by piece: pipes, and what is unpacked.
  var isStreamed: Bool { store.sources.contains { $0.stream != nil } }

  /// Whether more may be written while this reads: a pipe.
  var isLive: Bool { reader.file == "-" }

  var firstTime: Timestamp { times.first }
  var lastTime: Timestamp { times.last }
  var payload: PayloadLedger { assembler.payload }

  /// What the bounds on packets, fragments and connections cut.
  var caps: CapCounts {
    var caps = assembler.caps
    caps.count(.ipFragments, times: dissector.evictedFragments)
    return caps
  }

  /// Frames by bucket, in the order of ``FrameBucket``.
  var frames: [Int] { dissector.frames }

  /// What occurred on the wire, whether or not an exchange was touched by it.
  var anomalies: AnomalyCounts {
    var all = AnomalyCounts()
    for (anomaly, count) in dissector.anomalies.occurred { all.count(anomaly, times: count) }
    for (anomaly, count) in assembler.anomalies.occurred { all.count(anomaly, times: count) }
    all.count(reader.anomalies)
    all.count(.unsupportedLinkType, times: dissector.frames[FrameBucket.unsupportedLink.rawValue])
    all.count(.gap, times: assembler.payload.holes)
    return all
  }
}
