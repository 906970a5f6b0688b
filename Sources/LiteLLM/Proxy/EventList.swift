/// The events of a stream, as they go over the wire.
///
/// What all of them have in common is kept once: a thousand streams at a time are nothing unusual.
public struct EventList: Sendable, Equatable {
  private struct Envelope: Sendable, Equatable {
    var head: [UInt8]
    var tail: [UInt8]
  }

  private struct Entry: Sendable, Equatable {
    var envelope: Int32
    /// Where its own bytes end in `inner`.
    var end: Int32
  }

  private var envelopes: [Envelope] = []
  private var entries: [Entry] = []
  private var inner: [UInt8] = []

  public init(_ events: some Sequence<[UInt8]> = []) {
    for event in events { append(event) }
  }

  /// - Parameters:
  ///   - head: what stands in front of `bytes`, the same in many events.
  ///   - tail: what stands behind it, the same in many events.
  public mutating func append(
    _ bytes: some Sequence<UInt8>, head: [UInt8] = [], tail: [UInt8] = []
  ) {
    let envelope = Envelope(head: head, tail: tail)
    var index = envelopes.count - 1
    if index < 0 || envelopes[index] != envelope {
      index = envelopes.count
      envelopes.append(envelope)
    }
    inner.append(contentsOf: bytes)
    entries.append(
      Entry(envelope: Int32(clamping: index), end: Int32(clamping: inner.count)))
  }
}

extension EventList: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { entries.count }

  public subscript(index: Int) -> [UInt8] {
    let start = index == 0 ? 0 : Int(entries[index - 1].end)
    let envelope = envelopes[Int(entries[index].envelope)]
    return envelope.head + inner[start..<Int(entries[index].end)] + envelope.tail
  }
}
