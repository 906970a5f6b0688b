/// Counts what a sender does only to keep the other side busy, and tells of it once.
struct FloodWatch: Sendable {
  /// Frames in a row that carry no part of a message and ask for an answer, or for nothing.
  private static let idleLimit = 1000
  /// Streams that were reset, where they are more than half of those that were opened.
  private static let resetLimit = 500
  /// CONTINUATION frames of one block, and empty ones among them (CVE-2024-27316).
  private static let continuationLimit = 128
  private static let emptyLimit = 8

  private var idle = 0
  private var opened = 0
  private var resets = 0
  private(set) var isFlood = false

  /// - Returns: whether it is told now.
  private mutating func tell(_ isNow: Bool) -> Bool {
    guard isNow, !isFlood else { return false }
    isFlood = true
    return true
  }

  mutating func countIdle() -> Bool {
    idle &+= 1
    return tell(idle > Self.idleLimit)
  }

  mutating func countUse() { idle = 0 }

  mutating func countOpened() { opened &+= 1 }

  /// Rapid reset (CVE-2023-44487).
  mutating func countReset() -> Bool {
    resets &+= 1
    return tell(resets > Self.resetLimit && resets > opened / 2)
  }

  mutating func countContinuation(of block: HTTP2Decoder.Block) -> Bool {
    tell(
      block.continuations > Self.continuationLimit || block.emptyContinuations > Self.emptyLimit)
  }

  mutating func tooManyStreams() -> Bool { tell(true) }
  mutating func tooLargeBlock() -> Bool { tell(true) }
}
