internal import HTTP
public import Wire

/// What the key logs that were given held.
public struct KeyLogFacts: Sendable {
  public struct File: Sendable {
    /// As the user named it.
    public var path: String
    public var badLines: Int
    /// The number of the first of them, from 1.
    public var firstBadLine: Int?
  }

  public var files: [File] = []
  /// How many secrets are known, those in the capture itself included.
  public var secrets = 0
}

/// What became of every frame and every byte of a capture.
public struct CaptureLedger: Sendable {
  public var source: CaptureSource
  /// Frames by bucket, in the order of `FrameBucket`.
  public var frames: [Int] = []
  public var first: Timestamp = .unknown
  public var last: Timestamp = .unknown
  public var payload = PayloadLedger()
  /// Payload of messages, framing included.
  public var exchangeBytes = 0
  public var tunnelBytes = 0
  /// Of TLS: record headers, handshakes, authentication, padding.
  public var tlsOverheadBytes = 0
  /// Delivered bytes that are part of no message, in the order of `StrayReason`.
  public var strayBytes: [Int] = Array(
    repeating: 0, count: MessageDecoder.StrayReason.allCases.count)
  public var connections: [ConnectionSummary] = []
  /// Connections with payload that were given up for the bound on open ones: what came after isn't
  /// known.
  public var cutConnections = 0
  public var blindSpots: [BlindSpot] = []
  /// Messages that were begun and never told: 0, or this program is at fault.
  public var unfinishedMessages = 0
  public var requests = 0
  public var responses = 0
  /// All that occurred on the wire.
  public var anomalies = AnomalyCounts()
  /// What bounds against hostile input cut.
  public var caps = CapCounts()
  /// What the key logs held, those in the capture included.
  public var keyLog = KeyLogFacts()
  /// What stopped the reading before the end.
  public var failure: CaptureError?

  /// Servers toward which bytes were passed over.
  private var doubtful: Set<Endpoint> = []

  /// Bounded: a flood of strays says no more than the first thousand, and one for each server.
  mutating func ignored(_ spot: BlindSpot) {
    let isNew = doubtful.insert(spot.server).inserted
    if isNew || blindSpots.count < 1000 { blindSpots.append(spot) }
  }

  init(source: CaptureSource) { self.source = source }

  /// Of a capture that is still being written: of its frames nothing is known yet.
  public init() {
    self.init(
      source: CaptureSource(
        format: .pcapng, linkTypes: [], snapshotLength: 0, kernelDrops: 0, names: [:]))
    frames = Array(repeating: 0, count: FrameBucket.allCases.count)
  }

  /// Of a capture that couldn't even be opened.
  public init(unreadable failure: CaptureError) {
    source = CaptureSource(
      format: nil, linkTypes: [], snapshotLength: 0, kernelDrops: 0, names: [:])
    frames = Array(repeating: 0, count: FrameBucket.allCases.count)
    self.failure = failure
  }

  /// How many frames ended up in a bucket.
  public func frames(in bucket: FrameBucket) -> Int {
    frames.indices.contains(bucket.rawValue) ? frames[bucket.rawValue] : 0
  }

  /// What a reader must know of the capture as a whole. A datagram that never became whole is an
  /// alarm only where bytes are missing: else it was sent again.
  public var alarms: [Anomaly] {
    anomalies.occurred.map(\.anomaly).filter { $0 != .fragmentIncomplete || payload.holes > 0 }
  }

  /// 0, or bytes have vanished.
  public var unexplainedBytes: Int {
    payload.unexplained
      &+ (payload.delivered &- exchangeBytes &- tunnelBytes &- tlsOverheadBytes
        &- strayBytes.reduce(0, &+))
  }
}
