/// What a stretch of the walk brought.
struct WireBatch: Sendable {
  var events = EventQueue()
  /// The connections, by slot, that weren't told yet, or have changed: each slot once.
  var connections: [(slot: Int, info: ConnectionInfo)] = []
  /// The lowest frame whose payload is held back behind these events; `Int32.max` where none is.
  var oldestHeldFrame = Int32.max
  /// Decryption secrets that the capture itself holds, read so far.
  var secrets: [(type: UInt32, content: ByteRange)] = []
  /// What is known of the files.
  var source: CaptureSource?
  /// Nothing is left; then there are no events either.
  var isLast = false
}

/// What a walk comes to.
struct WireSums: Sendable {
  var first: Timestamp
  var last: Timestamp
  var failure: CaptureError?
  var payload: PayloadLedger
  var caps: CapCounts
  var frames: [Int]
  var anomalies: AnomalyCounts
}
