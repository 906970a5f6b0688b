public import Exchanges
internal import HTTP
public import Wire

/// Counts logical calls, and joins what a proxy asked of a provider with what an agent had asked of
/// the proxy. Takes the exchanges in the order of a capture.
public struct CallPlaces {
  private var attempts = CallAttempts()
  private var legs = CallLegs()
  private var calls = 0
  private let memory = CallMemory()

  public init() {}

  /// The next exchange, with its place.
  public mutating func reading(of exchange: Exchange, in store: CaptureStore) -> CallReading {
    let reading = CallReading(exchange, in: store, memory)
    if let head = reading.head { reading.place = place(reading, head, in: store) }
    return reading
  }

  private mutating func place(
    _ reading: CallReading, _ head: CallHead, in store: CaptureStore
  ) -> CallPlace {
    let exchange = reading.kept.exchange
    if let original = exchange.copyOf {
      // The second hop has the proxy's own address, from which it calls the provider.
      legs.add(reading.kept, id: original, call: legs.call(of: original))
      return CallPlace()
    }
    if let parent = legs.parent(of: exchange, in: store) {
      legs.add(reading.kept, id: exchange.id, call: parent.call)
      return CallPlace(call: parent.call, upstreamOf: parent.id)
    }
    let call: Int
    if let earlier = attempts.call(of: exchange, head.attempt.value, in: store) {
      call = earlier
    } else {
      calls += 1
      call = calls
    }
    attempts.add(reading.kept, head.attempt.value, call: call)
    legs.add(reading.kept, id: exchange.id, call: call)
    return CallPlace(call: call)
  }
}
