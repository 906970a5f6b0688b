public import Exchanges
public import HTTP
public import Wire

/// Reads the events of an event stream's content, each with the time of the packet that completed
/// it; content codings are undone first.
public struct EventStreamReading {
  private let message: Message
  private let store: CaptureStore
  private var decoder = EventStreamDecoder()
  /// Why not all events are there; `nil` where they are.
  public private(set) var doubt: UnknownReason?
  /// What stands behind the last empty line: by the standard no event.
  public private(set) var unfinished: EventStreamDecoder.Event?

  public init(_ message: Message, in store: CaptureStore) {
    self.message = message
    self.store = store
  }

  /// How many events were given out.
  public var count: Int { decoder.count }
  /// Whether an event was larger than is kept.
  public var hasOverflowed: Bool { decoder.hasOverflowed }

  /// - Parameter sink: takes the events in order; the time is `nil` where it isn't known.
  public mutating func read(_ sink: (EventStreamDecoder.Event, Timestamp?) -> Void) {
    switch message.bodyState {
    case .gap: doubt = .hole
    case .cut: doubt = .cut
    case .none, .complete: break
    }
    let content = ContentDecoder(for: message.head)
    var events = decoder
    for piece in message.pieces {
      let time = piece.time
      content.decode(store.bytes(piece.range)[...]) { bytes in
        events.take(bytes) { sink($0, time) }
      }
      guard content.failure == nil else { break }
    }
    if content.failure != nil { doubt = .cap }
    decoder = events
    // Only looked at: an event that isn't finished is none.
    if events.isInsideEvent { events.take([0x0A, 0x0A]) { unfinished = $0 } }
  }
}
