/// The whole room in one: a capture in, stream events out.
///
/// ```swift
/// var wire = try WireReader(files: ["agent.pcap"])
/// while wire.step() {
///   for event in wire.events { … }
/// }
/// ```
///
/// Large files are walked on a thread of their own, a few batches ahead of who takes the events; what
/// is told, and in which order, is the same.
public struct WireReader: ~Copyable {
  public let store: CaptureStore
  /// Whether more may be written while this reads: a pipe.
  public let isLive: Bool
  private let walk: WalkPlace
  private var ahead: WalkAhead?
  private let walksAhead: Bool
  private let eventCount: Int
  private var batch = WireBatch()
  private var batches = 0
  /// By slot, as of the last step.
  private var connections: [ConnectionInfo?] = []
  /// Decryption secrets that the capture itself holds, read so far: type and content.
  public private(set) var secrets: [(type: UInt32, content: ByteRange)] = []
  private var firstSource: CaptureSource?

  /// - Parameters:
  ///   - files: the files of one capture, in order, or `-`.
  ///   - filter: a tcpdump expression; frames that don't match are counted and left out.
  public init(files: [String], filter: String? = nil) throws(CaptureError) {
    try self.init(files: files, filter: filter, walksAhead: nil)
  }

  /// - Parameters:
  ///   - walksAhead: `nil` where that is to depend on the files.
  ///   - eventCount: how many events a step brings, where nobody waits for each.
  init(
    files: [String], filter: String?, walksAhead: Bool?, eventCount: Int = WireBatch.eventCount
  ) throws(CaptureError) {
    walk = WalkPlace(try WireWalk(files: files, filter: filter))
    store = walk.store
    isLive = walk.isLive
    self.eventCount = eventCount
    self.walksAhead = walksAhead ?? (walk.store.readAhead != nil)
  }

  deinit { ahead?.finish() }

  /// What the last step brought.
  public var events: EventQueue {
    @inline(__always) _read { yield batch.events }
  }

  /// Reads on until something happens to a stream, or for a while. At the end of the input, and at
  /// damage, closes every connection.
  ///
  /// - Returns: `false` once nothing is left.
  public mutating func step() -> Bool {
    guard !batch.isLast else { return false }
    batches &+= 1
    // The first one is small: what is known of the capture at its first event is told with it.
    if batches == 2, walksAhead { ahead = WalkAhead(walk) }
    if let ahead {
      ahead.next(&batch)
    } else {
      // Of what comes piece by piece, each is told when it is there.
      let isOne = walk.isStreamed || batches == 1
      walk.fill(&batch, atLeast: isOne ? 1 : eventCount)
    }
    secrets += batch.secrets
    if let source = batch.source { firstSource = source }
    for (slot, info) in batch.connections {
      while connections.count <= slot { connections.append(nil) }
      connections[slot] = info
    }
    return !batch.isLast
  }

  /// The lowest frame whose payload was held back at the end of the last step.
  public func oldestHeldFrame() -> Int32 { batch.oldestHeldFrame }

  /// The connection in the slot of an event of the last step.
  public func connection(_ slot: Int32) -> ConnectionInfo {
    let index = Int(slot)
    guard index < connections.count, let info = connections[index] else {
      preconditionFailure("nothing was told of this slot")
    }
    return info
  }

  /// What the files say about themselves: as of the first event, and in the end all of it.
  public var source: CaptureSource {
    (batch.isLast ? walk.sums.source : firstSource)
      ?? CaptureSource(
        format: nil, linkTypes: [], snapshotLength: 0, kernelDrops: 0, names: [:])
  }

  /// Those that come later in the files, which are looked for only when something can't be opened
  /// without them.
  public func secretsAhead() -> [(type: UInt32, content: ByteRange)] {
    walk.secrets(behind: secrets.count)
  }

  // MARK: Sums, complete once nothing is left

  public var firstTime: Timestamp { walk.sums.first }
  public var lastTime: Timestamp { walk.sums.last }
  /// What ended the reading before the end of the input.
  public var failure: CaptureError? { walk.sums.failure }
  public var payload: PayloadLedger { walk.sums.payload }
  /// What the bounds on packets, fragments and connections cut.
  public var caps: CapCounts { walk.sums.caps }
  /// Frames by bucket, in the order of ``FrameBucket``.
  public var frames: [Int] { walk.sums.frames }
  /// What occurred on the wire, whether or not an exchange was touched by it.
  public var anomalies: AnomalyCounts { walk.sums.anomalies }
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
