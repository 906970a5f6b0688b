internal import TLS
internal import Wire

/// The secrets that connections are opened with: those of key logs, and those that the capture
/// itself holds.
struct TLSKeys {
  private(set) var log = KeyLog()
  private var files: [KeyLogFile]
  private var takenBlocks = 0
  private var hasLookedAhead = false

  /// "TLSK", an NSS key log (draft-ietf-opsawg-pcapng, 4.7).
  private static let keyLogType: UInt32 = 0x544C_534B

  init(_ files: [KeyLogFile]) { self.files = files }

  /// Looks for secrets that came since the last time, and in the end for those further on in the
  /// capture.
  ///
  /// - Returns: whether there are new ones.
  mutating func refresh(_ wire: borrowing WireReader) -> Bool {
    let before = log.generation
    for index in files.indices { _ = files[index].refresh(into: &log) }
    let blocks = wire.secrets
    for block in blocks[min(takenBlocks, blocks.count)...] { take(block, in: wire.store) }
    takenBlocks = blocks.count
    if log.generation == before, !hasLookedAhead {
      hasLookedAhead = true
      for block in wire.secretsAhead() { take(block, in: wire.store) }
    }
    return log.generation != before
  }

  /// Reads the key logs to their end, whether or not something needed them: what is wrong with them
  /// is to be told.
  mutating func finish() -> KeyLogFacts {
    for index in files.indices {
      _ = files[index].refresh(into: &log)
      files[index].finish(into: &log)
    }
    return KeyLogFacts(
      files: files.map {
        KeyLogFacts.File(path: $0.path, badLines: $0.badLines, firstBadLine: $0.firstBadLine)
      }, secrets: log.count)
  }

  private mutating func take(
    _ block: (type: UInt32, content: ByteRange), in store: CaptureStore
  ) {
    guard block.type == Self.keyLogType else { return }
    log.add(store.bytes(block.content))
    // A block is a whole text: its last line may lack the end.
    log.finish()
  }
}
