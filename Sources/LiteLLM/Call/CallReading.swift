public import Exchanges
public import HTTP
public import Wire

/// An exchange's meaning as a call, read when somebody asks for it and then kept: whoever asks
/// nothing decodes nothing.
public final class CallReading {
  /// Kept by those who look back, for longer than what is read of it here.
  let kept: KeptExchange
  private let store: CaptureStore
  /// Where it stands among the other calls; filled in by ``CallPlaces`` where that is wanted.
  public internal(set) var place = CallPlace()
  /// What its head says; `nil` where it is no call of a model.
  let head: CallHead?
  private let memory: CallMemory

  /// Of one exchange by itself; ``CallPlaces/reading(of:in:)`` is for all of a capture.
  public convenience init(_ exchange: Exchange, in store: CaptureStore) {
    self.init(exchange, in: store, CallMemory(isUsedOnce: true))
  }

  /// - Parameter memory: of this exchange and others, so that nothing is read twice.
  init(_ exchange: Exchange, in store: CaptureStore, _ memory: CallMemory) {
    self.memory = memory
    kept = KeptExchange(exchange)
    self.store = store
    head = memory.head(of: kept.exchange)
  }

  public var exchange: Exchange { kept.exchange }

  /// `nil` where the exchange is no call of a model.
  public private(set) lazy var call: LLMCall? = head.flatMap {
    LLMCall(kept.exchange, $0, collectingText: false, in: store, memory)
  }

  /// How many events the response has, on any route; absent where it is no event stream.
  public private(set) lazy var events: Fact<Int> = {
    if let call { return call.events }
    // Of what is no call they are only counted.
    return kept.exchange.answerReading(format: nil, collectingText: false, in: store, memory)?
      .events
      ?? .absent
  }()
}
