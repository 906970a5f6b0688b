/// What a stretch of the walk brought.
struct WireBatch: Sendable {
  /// How many events one holds, where nobody waits for each, and how many bytes of the capture it
  /// goes over at most: what was walked over is to be there when its events are read.
  static let eventCount = 512
  static let byteCount = 1 << 20

  var events = EventQueue()
  /// The connections, by slot, that weren't told yet, or have changed: each slot once.
  var connections: [(slot: Int, info: ConnectionInfo)] = []
  /// The lowest frame whose payload is held back behind these events; `Int32.max` where none is.
  var oldestHeldFrame = Int32.max
  /// Decryption secrets that the capture itself holds, and that weren't told yet.
  var secrets: [(type: UInt32, content: ByteRange)] = []
  /// What is known of the files; only with the first batch.
  var source: CaptureSource?
  /// How far the walk has come, in bytes of the store.
  var position = 0
  /// Nothing is left; then there are no events either.
  var isLast = false
}
