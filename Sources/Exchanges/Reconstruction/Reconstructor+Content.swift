internal import HTTP
internal import Wire

// What nearly every segment is: content of a message whose head was read, and nothing else.

extension Reconstructor {
  /// - Returns: `false` where the segment is anything else; then nothing was done.
  @inline(__always)
  mutating func takeContent(_ slot: Int, _ event: StreamEvent) -> Bool {
    let index = slot &* 2 &+ Int(event.direction.rawValue)
    let asks = connections[slot].requestDirection == event.direction
    guard halves[index].decoder.isInContent, !(asks && isAnsweredEarly(slot, event.direction))
    else { return false }
    let content = wire.store.withBytes(event.range) { halves[index].decoder.contentAlone($0) }
    guard let content else { return false }
    if asks { connections[slot].acknowledged = event.acknowledged }
    halves[index].bytes &+= event.range.count
    halves[index].wireBytes &+= event.range.count
    halves[index].message?.add(content, of: event)
    ledger.exchangeBytes &+= event.range.count
    return true
  }
}
