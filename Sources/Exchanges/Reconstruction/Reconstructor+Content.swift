internal import HTTP
internal import Wire

// What nearly every segment is: content of a message whose head was read, and nothing else.

extension Reconstructor {
  /// - Returns: `false` where the segment is anything else; then nothing was done.
  @inline(__always)
  mutating func takeContent(_ slot: Int, _ event: StreamEvent, in store: CaptureStore) -> Bool {
    let index = slot &* 2 &+ Int(event.direction.rawValue)
    let asks = connections[slot].requestDirection == event.direction
    guard halves[index].decoder.isInContent, !(asks && Self.isAnsweredEarly(index, halves, open))
    else { return false }
    guard halves[index].takeContent(of: event, in: store) else { return false }
    if asks { connections[slot].acknowledged = event.acknowledged }
    ledger.exchangeBytes &+= event.range.count
    return true
  }
}

extension HTTPConnection.Half {
  /// - Returns: `false` where the segment is anything but content; then nothing was done.
  @inline(__always)
  fileprivate mutating func takeContent(of event: StreamEvent, in store: CaptureStore) -> Bool {
    let content = store.withBytes(event.range) { decoder.contentAlone($0) }
    guard let content else { return false }
    bytes &+= event.range.count
    wireBytes &+= event.range.count
    message?.add(content, of: event)
    return true
  }
}
