internal import Wire

/// Undoes the compression of the messages of one direction (RFC 7692, 7.2.2), each within
/// ``DecodingBound``.
final class MessageInflate {
  enum Progress { case more, damaged, limited }

  /// What a sender cuts off the end of each message.
  private static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]

  private let keepsContext: Bool
  private let inflate = Inflate(.raw, keepingWindow: true)
  /// What the next message may refer to isn't known.
  private var hasLostContext = false
  private var bound = DecodingBound()
  private var given = 0

  /// - Parameter keepingContext: whether a message may refer to those before it.
  init(keepingContext: Bool) { keepsContext = keepingContext }

  /// Begins a message.
  ///
  /// - Returns: whether it can be read.
  func begin() -> Bool {
    bound = DecodingBound()
    given = 0
    guard !keepsContext else { return !hasLostContext }
    inflate.reset()
    return true
  }

  /// - Parameter sink: takes inflated bytes, up to the bound.
  func take(_ bytes: ArraySlice<UInt8>, sink: (ArraySlice<UInt8>) -> Void) -> Progress {
    var bytes = bytes
    while !bytes.isEmpty {
      let step = bound.takeStep(of: &bytes)
      var isLimited = false
      let progress = inflate.decode(step) { piece in
        let room = bound.allowed &- given
        given &+= min(room, piece.count)
        sink(piece.prefix(room))
        isLimited = piece.count > room
        return !isLimited
      }
      if isLimited || progress == .damaged {
        lose()
        return isLimited ? .limited : .damaged
      }
    }
    return .more
  }

  /// Ends a message.
  ///
  /// - Returns: whether its compressed form had an end, too.
  func end() -> Bool {
    // Some senders leave an empty message empty; and the last block of a stream needs no flush.
    if bound.taken == 0 || inflate.isAtEnd { return true }
    guard inflate.isAtSyncPoint, inflate.decode(Self.tail[...], sink: { _ in true }) != .damaged
    else {
      lose()
      return false
    }
    return true
  }

  /// Bytes of the message are missing, or what they mean is.
  func lose() { hasLostContext = true }
}
