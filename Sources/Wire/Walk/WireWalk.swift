/// The way through a capture: its frames, one behind the other, and what they do to the streams.
struct WireWalk: ~Copyable {
  let store: CaptureStore
  private var reader: CaptureReader
  private var dissector = Dissector()
  private var assembler: StreamAssembler
  private var filter: PacketFilter?
  private var frame = Frame()
  private var segment = Segment()
  private var isFinished = false
  private(set) var firstTime: Timestamp = .unknown
  private(set) var lastTime: Timestamp = .unknown
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
      let before = assembler.events.count
      guard !isFinished else {
        // The connections are closed a few at a time.
        if before == 0 {
          batch.isLast = !assembler.finish()
          _ = tell(from: 0, &batch)
        }
        break
      }
      advance(to: end)
      if !tell(from: before, &batch) {
        // What the consumer asks of a slot must have one answer in a batch.
        carried += (before..<assembler.events.count).map { assembler.events[$0] }
        assembler.events.truncate(to: before)
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

  /// Reads frames until something happens to a stream, or there are none left in front of `end`.
  private mutating func advance(to end: Int) {
    let before = assembler.events.count
    do throws(CaptureError) {
      while assembler.events.count == before, frame.bytes.end < end {
        guard try readFrame() else {
          isFinished = true
          dissector.finish()
          return
        }
      }
    } catch {
      failure = error
      isFinished = true
      dissector.finish()
    }
  }

  /// - Returns: `false` at the end of the input.
  private mutating func readFrame() throws(CaptureError) -> Bool {
    guard try reader.next(&frame) else { return false }
    if frame.time.isKnown {
      if !firstTime.isKnown || frame.time < firstTime { firstTime = frame.time }
      if !lastTime.isKnown || lastTime < frame.time { lastTime = frame.time }
    }
    if filter != nil, try filter?.matches(frame, in: store) == false {
      dissector.count(.filtered)
    } else if dissector.read(frame, in: store, into: &segment) {
      assembler.take(segment)
    }
    return true
  }

  /// Tells of the connections of new events.
  ///
  /// - Returns: `false` where an earlier event of the batch is about another one in the same slot.
  @inline(__always)
  private mutating func tell(from start: Int, _ batch: inout WireBatch) -> Bool {
    for index in start..<max(start, assembler.events.count) {
      let slot = Int(assembler.events[index].connection)
      if slot < told.count, isTold(slot) {
        told[slot].batch = batches
      } else if !tell(slot, &batch) {
        return false
      }
    }
    return true
  }

  @inline(__always)
  private func isTold(_ slot: Int) -> Bool {
    // A slot that its connection has just left keeps what it was, but for the generation.
    let generation = assembler.connections[slot].generation
    return told[slot].number == assembler.connections[slot].number
      && (generation == 0 || generation == told[slot].generation)
      && told[slot].isSwapped == assembler.connections[slot].isSwapped
      && told[slot].beganBeforeCapture == assembler.connections[slot].beganBeforeCapture
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
