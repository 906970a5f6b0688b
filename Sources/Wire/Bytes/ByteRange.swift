/// A run of bytes in a ``CaptureStore``: never an address, so that it can outlive any mapping.
public struct ByteRange: Equatable, Hashable, Sendable {
  /// Offset of the first byte in the store, in bytes.
  public var offset: Int
  /// Length in bytes; never negative.
  public var count: Int

  public init(offset: Int, count: Int) {
    self.offset = offset
    self.count = count
  }

  public var end: Int { offset &+ count }

  /// The part of this range that begins `start` bytes into it and is at most `length` bytes long.
  public func part(from start: Int, length: Int = .max) -> ByteRange {
    let skipped = min(max(0, start), count)
    return ByteRange(offset: offset &+ skipped, count: min(count &- skipped, max(0, length)))
  }
}
