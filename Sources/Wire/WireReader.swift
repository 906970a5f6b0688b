/// The whole room in one: a capture in, stream events out.
///
/// ```swift
/// var wire = try WireReader(files: ["agent.pcap"])
/// while try wire.step() {
///   for event in wire.events { … }
/// }
/// ```
public struct WireReader: ~Copyable {
  public let store: CaptureStore
  private var reader: CaptureReader
  private var dissector = Dissector()
  private var assembler: StreamAssembler
  private var filter: PacketFilter?
  private var frame = Frame()
  private var segment = Segment()
  private var isFinished = false
  public private(set) var firstTime: Timestamp = .unknown
  public private(set) var lastTime: Timestamp = .unknown
  /// What ended the reading before the end of the input.
  public private(set) var failure: CaptureError?

  /// - Parameters:
  ///   - files: the files of one capture, in order, or `-`.
  ///   - filter: a tcpdump expression; frames that don't match are counted and left out.
  public init(files: [String], filter: String? = nil) throws(CaptureError) {
    let program: PacketFilter?
    if let filter { program = try PacketFilter(filter) } else { program = nil }
    let reader = try CaptureReader(files: files)
    self.filter = program
    self.store = reader.store
    self.assembler = StreamAssembler(store: reader.store)
    self.reader = reader
  }

  /// What the last step brought.
  public var events: EventQueue {
    @inline(__always) _read { yield assembler.events }
  }

  /// Reads on until something happens to a stream. At the end of the input, and at damage, closes
  /// every connection.
  ///
  /// - Returns: `false` once nothing is left.
  public mutating func step() -> Bool {
    assembler.events.removeAll()
    guard !isFinished else { return assembler.finish() }
    do throws(CaptureError) {
      while assembler.events.isEmpty {
        guard try readFrame() else {
          finish()
          return true
        }
      }
    } catch {
      failure = error
      finish()
    }
    return true
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

  private mutating func finish() {
    isFinished = true
    dissector.finish()
    _ = assembler.finish()
  }

  /// The lowest frame whose payload is still held back.
  public mutating func oldestHeldFrame() -> Int32 { assembler.oldestHeldFrame() }

  public func connection(_ slot: Int32) -> ConnectionInfo {
    let connection = assembler.connections[Int(slot)]
    return ConnectionInfo(
      number: connection.number, initiator: connection.sender(.forward),
      responder: connection.sender(.backward),
      beganBeforeCapture: connection.beganBeforeCapture)
  }

  /// The files, formats and interfaces read so far.
  public var source: CaptureSource {
    CaptureSource(
      format: reader.format, linkTypes: reader.linkTypes, snapshotLength: reader.snapshotLength,
      kernelDrops: reader.kernelDrops, names: reader.names)
  }

  /// Decryption secrets that the capture itself holds, read so far: type and content.
  public var secrets: [(type: UInt32, content: ByteRange)] { reader.secrets }

  /// Those that come later in the files, which are looked for only when something can't be opened
  /// without them.
  public func secretsAhead() -> [(type: UInt32, content: ByteRange)] { reader.secretsAhead() }

  /// Whether more may be written while this reads: a pipe.
  public var isLive: Bool { reader.file == "-" }

  public var payload: PayloadLedger { assembler.payload }

  /// What the bounds on packets, fragments and connections cut.
  public var caps: CapCounts {
    var caps = assembler.caps
    caps.count(.ipFragments, times: dissector.evictedFragments)
    return caps
  }

  /// Frames by bucket, in the order of ``FrameBucket``.
  public var frames: [Int] { dissector.frames }

  /// What occurred on the wire, whether or not an exchange was touched by it.
  public var anomalies: AnomalyCounts {
    var all = AnomalyCounts()
    for (anomaly, count) in dissector.anomalies.occurred { all.count(anomaly, times: count) }
    for (anomaly, count) in assembler.anomalies.occurred { all.count(anomaly, times: count) }
    all.count(reader.anomalies)
    all.count(.unsupportedLinkType, times: dissector.frames[FrameBucket.unsupportedLink.rawValue])
    all.count(.gap, times: assembler.payload.holes)
    return all
  }
}

/// What a connection is, apart from its bytes.
public struct ConnectionInfo: Sendable {
  /// Among the connections with payload, from 1, in order of their first byte.
  public var number: Int
  /// Who opened the connection, or was seen first.
  public var initiator: Endpoint
  public var responder: Endpoint
  /// Neither SYN nor SYN-ACK was seen.
  public var beganBeforeCapture: Bool
}

/// What the files of a capture say about themselves.
public struct CaptureSource: Sendable {
  public var format: CaptureReader.Format?
  public var linkTypes: [LinkType]
  /// The largest snapshot length named, in bytes; 0 where none is.
  public var snapshotLength: Int
  /// Packets that the capturing side lost.
  public var kernelDrops: UInt64
  /// Names of addresses that the capture itself holds.
  public var names: [IPAddress: [String]]

  public init(
    format: CaptureReader.Format?, linkTypes: [LinkType], snapshotLength: Int,
    kernelDrops: UInt64, names: [IPAddress: [String]]
  ) {
    self.format = format
    self.linkTypes = linkTypes
    self.snapshotLength = snapshotLength
    self.kernelDrops = kernelDrops
    self.names = names
  }
}
