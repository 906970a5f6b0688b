internal import Wire

extension MessageDecoder {
  /// Whether a message's content, or the framing in it, comes next.
  @inline(__always)
  public var isInContent: Bool {
    switch state {
    case .length, .untilClose, .chunk, .chunkSize: true
    default: false
    }
  }

  /// Reads bytes that are content and nothing else, but for the framing of one chunk around them: what
  /// nearly every segment is.
  ///
  /// - Returns: which of them are content; `nil` where they are anything else, or end the message. Then
  ///   nothing was done, and ``next(_:from:)`` has to read them.
  @inline(__always)
  public mutating func contentAlone(_ bytes: borrowing Span<UInt8>) -> Range<Int>? {
    guard oddities.isEmpty, !mayLackContent else { return nil }
    let count = bytes.count
    switch state {
    case .untilClose:
      return 0..<count
    case .length(let remaining):
      guard remaining > count else { return nil }
      state = .length(remaining &- count)
      return 0..<count
    case .chunk(let remaining):
      guard remaining > count else { return nil }
      state = .chunk(remaining &- count)
      return 0..<count
    case .chunkSize(let size):
      guard size.digits == 0, !size.sawCR else { return nil }
      return chunk(bytes)
    default:
      return nil
    }
  }

  /// A chunk from its first byte on: the whole of it, or a part that doesn't end it.
  @inline(__always)
  private mutating func chunk(_ bytes: borrowing Span<UInt8>) -> Range<Int>? {
    let count = bytes.count
    var size = 0
    var at = 0
    while at < min(count, 8), let digit = CharacterClass.hexadecimal(bytes[at]) {
      size = size << 4 | Int(digit)
      at &+= 1
    }
    guard size > 0, at &+ 2 < count, bytes[at] == 0x0D, bytes[at &+ 1] == 0x0A else { return nil }
    let start = at &+ 2
    let there = count &- start
    if there < size {
      state = .chunk(size &- there)
      return start..<count
    }
    // Behind it the next one comes, as before it.
    guard there == size &+ 2, bytes[count &- 2] == 0x0D, bytes[count &- 1] == 0x0A else {
      return nil
    }
    return start..<(start &+ size)
  }
}
