public import Exchanges
public import Wire

/// Counts logical calls, and joins what a proxy asked of a provider with what an agent had asked of
/// the proxy. Takes the exchanges in the order of a capture.
public struct CallPlaces: Sendable {
  private var attempts = CallAttempts()
  private var legs = CallLegs()
  private var calls = 0

  public init() {}

  public mutating func place(
    _ exchange: Exchange, in store: CaptureStore, _ memory: CallMemory? = nil
  ) -> CallPlace {
    let route = if let memory { memory.route(of: exchange) } else { CallRoute(exchange) }
    guard route != nil else {
      return CallPlace()
    }
    if let original = exchange.copyOf {
      // The second hop has the proxy's own address, from which it calls the provider.
      legs.add(exchange, id: original, call: legs.call(of: original))
      return CallPlace()
    }
    if let parent = legs.parent(of: exchange, in: store) {
      legs.add(exchange, id: exchange.id, call: parent.call)
      return CallPlace(call: parent.call, upstreamOf: parent.id)
    }
    let call: Int
    if let earlier = attempts.call(of: exchange, in: store) {
      call = earlier
    } else {
      calls += 1
      call = calls
    }
    attempts.add(exchange, call: call)
    legs.add(exchange, id: exchange.id, call: call)
    return CallPlace(call: call)
  }
}
