internal import Recording
public import Redaction
public import Wire

/// Looks for secrets in the bytes of TCP as they are, whatever they belong to: trailer sections, what is
/// no HTTP, what a connection ended in the middle of.
public struct StreamSearch {
  private struct Stream {
    /// What was said last: a secret may be cut by a packet.
    var bytes: [UInt8] = []
    var isTLS: Bool?
  }

  private var redactor: Redactor
  private var streams: [Int: Stream] = [:]
  /// Numbers of connections, from 1, on which one was found.
  public private(set) var connections: [Int] = []
  private var numbers: [Int32: Int] = [:]
  private var next = 0

  /// So much is looked into at once, and so much of it once more with what follows, in bytes.
  private static let block = 1 << 20
  private static let overlap = 16 << 10

  /// - Parameter redactor: knows stand-ins.
  public init(_ redactor: Redactor) { self.redactor = redactor }

  /// Reads all streams of a capture.
  public mutating func search(_ files: [String]) throws(CaptureError) {
    var wire = try WireReader(files: files)
    while wire.step() {
      for event in wire.events {
        switch event.kind {
        case .data: take(event, wire.store.bytes(event.range))
        case .gap: end(event.connection, event.direction)
        case .closed: close(event.connection)
        default: break
        }
      }
    }
    for slot in numbers.keys.sorted() { close(slot) }
    if let failure = wire.failure { throw failure }
  }

  private func key(_ slot: Int32, _ direction: Direction) -> Int {
    Int(slot) &* 2 &+ Int(direction.rawValue)
  }

  private mutating func take(_ event: StreamEvent, _ bytes: [UInt8]) {
    if numbers[event.connection] == nil {
      next += 1
      numbers[event.connection] = next
    }
    let key = key(event.connection, event.direction)
    var stream = streams[key] ?? Stream()
    // A record of TLS (RFC 8446, 5.1): what is in it looks like anything by chance.
    if stream.isTLS == nil, let first = bytes.first {
      stream.isTLS = (0x14...0x17).contains(first) && (bytes.count < 2 || bytes[1] == 3)
    }
    guard stream.isTLS != true else {
      streams[key] = stream
      return
    }
    stream.bytes += bytes
    if stream.bytes.count >= Self.block {
      look(stream.bytes, event.connection)
      stream.bytes = Array(stream.bytes.suffix(Self.overlap))
    }
    streams[key] = stream
  }

  private mutating func end(_ slot: Int32, _ direction: Direction) {
    guard let stream = streams.removeValue(forKey: key(slot, direction)) else { return }
    look(stream.bytes, slot)
  }

  private mutating func close(_ slot: Int32) {
    end(slot, .forward)
    end(slot, .backward)
    numbers[slot] = nil
  }

  private mutating func look(_ bytes: [UInt8], _ slot: Int32) {
    guard !bytes.isEmpty, let number = numbers[slot], connections.last != number,
      hasSecret(bytes)
    else { return }
    connections.append(number)
  }

  /// Lines that are fields by their form are looked at as such: a name tells what is one, and what
  /// is none. Others are text.
  private mutating func hasSecret(_ bytes: [UInt8]) -> Bool {
    var text: [UInt8] = []
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      guard line.count < 16_384, let colon = line.firstIndex(of: 0x3A), colon > line.startIndex,
        line[..<colon].allSatisfy({
          $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x27 && $0 != 0x7B
        })
      else {
        text += line + [0x0A]
        continue
      }
      // Behind an empty start line.
      let field = [0x0A] + line + [0x0A]
      if MaskedMessage.mask(field, head: field.count, &redactor) != field { return true }
    }
    return redactor.text(text) != text
  }
}
