@testable internal import Wire

/// The reassembly of TCP, driven by operations: segments of three connections, in any order.
///
/// Every byte of the streams lies at a place of its own in the store, by its sequence number. So
/// whatever was disturbed, each byte that is delivered tells where in the stream it belongs.
enum ReassemblyTarget: FuzzTarget {
  private static let connections = 3
  private static let streamLength = 1 << 16

  /// The streams' contents, and the same again with other bytes.
  nonisolated(unsafe) private static let store: CaptureStore? = {
    var state: UInt32 = 1
    let bytes = (0..<(connections * 2 * 2 * streamLength)).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    let file = MemoryFile()
    file.set(bytes)
    return try? CaptureStore([file.path])
  }()

  /// What an operation does besides sending a segment in its place.
  private struct Oddity: OptionSet {
    let rawValue: UInt8
    /// Another initial sequence number from now on.
    static let renumbered = Oddity(rawValue: 1)
    /// Other bytes than the stream's.
    static let conflicting = Oddity(rawValue: 2)
    /// The captured part ends before the segment.
    static let cut = Oddity(rawValue: 4)
    static let closedWindow = Oddity(rawValue: 8)
    static let elsewhere = Oddity(rawValue: 16)
    static let late = Oddity(rawValue: 32)
    static let far = Oddity(rawValue: 64)
    static let urgent = Oddity(rawValue: 128)
    /// Those after which a byte's place says nothing about its sequence number.
    static let wild: Oddity = [.renumbered, .conflicting, .far]
  }

  static func run(_ input: [UInt8]) {
    guard let store = unsafe store else { return }
    var input = InputBytes(input)
    let numbering = input.byte()
    var assembler = StreamAssembler(store: store)
    var model = StreamModel()
    var initial = (0..<(connections * 2)).map { stream in
      let bases: [UInt32] = [1000, 0xFFFF_FF00, 0x7FFF_FFF0, 0xFFFF_FFFF, 0x8000_0000, 0]
      return SequenceNumber(bases[Int(numbering) % bases.count] &+ UInt32(stream) &* 7)
    }
    var frame: Int32 = 0
    var time: Int64 = 0
    while !input.isEmpty {
      let kind = input.byte()
      let connection = Int(kind & 3) % connections
      let isBackward = kind & 4 != 0
      let stream = connection * 2 + (isBackward ? 1 : 0)
      let oddity = Oddity(rawValue: kind & 128 != 0 ? input.byte() : 0)
      var segment = Segment()
      segment.source = IPAddress(ipv4: isBackward ? 2 : 1)
      segment.destination = IPAddress(ipv4: isBackward ? 1 : 2)
      segment.sourcePort = isBackward ? 4000 : UInt16(40_000 + connection)
      segment.destinationPort = isBackward ? UInt16(40_000 + connection) : 4000
      if kind & 8 != 0 { segment.control.insert(.syn) }
      if kind & 16 != 0 { segment.control.insert(.fin) }
      if kind & 32 != 0 { segment.control.insert(.rst) }
      if oddity.contains(.urgent) { segment.control.insert(.urg) }
      if oddity.contains(.renumbered) {
        initial[stream] = SequenceNumber(UInt32(input.number()) << 16 | UInt32(input.byte()))
      }
      var position = input.number()
      if segment.control.contains(.syn) { position = 0 }
      var length = Int(input.byte())
      if length > 64 { length = (length - 63) * 32 }
      length = min(length, streamLength - position)
      segment.sequence = initial[stream] + position + (segment.control.contains(.syn) ? 0 : 1)
      if oddity.contains(.far) { segment.sequence = segment.sequence + (1 << (16 + position % 16)) }
      if kind & 64 != 0 {
        segment.control.insert(.ack)
        segment.acknowledgment = initial[stream ^ 1] + input.number() + 1
      }
      let copy = oddity.contains(.conflicting) ? connections * 2 : 0
      segment.payload = ByteRange(
        offset: (stream + copy) * streamLength + position, count: length)
      if oddity.contains(.cut) {
        segment.missing = length / 2
        segment.payload.count -= segment.missing
      }
      segment.window = oddity.contains(.closedWindow) ? 0 : 65_535
      segment.identification = UInt16(truncatingIfNeeded: position)
      segment.tag = oddity.contains(.elsewhere) ? 1 : 0
      frame += oddity.contains(.late) ? 1001 : 1
      time += oddity.contains(.late) ? 1_001_000_000 : 1_000_000
      segment.frame = frame
      segment.time = Timestamp(nanoseconds: time)
      if !oddity.isDisjoint(with: .wild) { model.isWild = true }
      model.send(segment.payload)
      assembler.take(segment)
      model.check(&assembler)
      _ = assembler.oldestHeldFrame()
    }
    while assembler.finish() { model.check(&assembler) }
    require(assembler.oldestHeldFrame() == .max, "nothing is held after the end")
    model.finish(assembler.payload)
  }

  /// What was sent and what was delivered, byte by byte.
  private struct StreamModel {
    struct Half: Hashable {
      var number: Int
      var direction: Direction
    }

    struct Delivery {
      var position = 0
      /// The place of the stream's first byte in the store.
      var shift: Int?
      var isOver = false
    }

    var isWild = false
    private var sent: [Int: Int] = [:]
    private var total = 0
    private var halves: [Half: Delivery] = [:]
    private var closed: Set<Int> = []
    private var numbers: [Int: Set<Int>] = [:]

    mutating func send(_ range: ByteRange) {
      total += range.count
      if range.count > 0 { sent[range.offset] = max(sent[range.offset] ?? 0, range.count) }
    }

    mutating func check(_ assembler: inout StreamAssembler) {
      require(assembler.payload.total == total, "the ledger's total is what was sent")
      for event in assembler.events {
        let number = assembler.connections[Int(event.connection)].number
        let half = Half(number: number, direction: event.direction)
        var delivery = halves[half] ?? Delivery()
        switch event.kind {
        case .data:
          require(number > 0, "a connection with payload has a number")
          require(!closed.contains(number), "nothing comes of a connection that is closed")
          require(!delivery.isOver, "nothing comes behind the end of a stream: \(event)")
          require(event.position == delivery.position, "a stream has no unnamed holes")
          require(event.range.count > 0, "no empty data")
          let shift = event.range.offset - event.position
          if !isWild {
            require(shift == delivery.shift ?? shift, "bytes stand where they belong")
            let opposite = Half(number: number, direction: event.direction.opposite)
            if let acknowledged = event.acknowledged {
              require(
                acknowledged <= (halves[opposite]?.position ?? 0) + 1,
                "what a segment acknowledges comes before it")
            }
          }
          delivery.shift = shift
          delivery.position += event.range.count
          numbers[event.range.offset / streamLength % (connections * 2) / 2, default: []]
            .insert(number)
        case .gap:
          require(event.length > 0, "no empty hole")
          require(event.position == delivery.position, "a hole stands at the stream's end")
          require(!delivery.isOver, "no hole behind the end of a stream: \(event)")
          delivery.position += event.length
        case .finished, .reset:
          require(!delivery.isOver, "a stream ends once")
          delivery.isOver = true
        case .closed:
          if number > 0 {
            require(closed.insert(number).inserted, "a connection closes once")
          }
        case .conflict:
          require(isWild, "equal bytes are no conflict")
        case .sighting, .unchecked, .ignored:
          require(event.length >= 0, "no negative length")
        }
        if number > 0 { halves[half] = delivery }
      }
      assembler.events.removeAll()
    }

    func finish(_ payload: PayloadLedger) {
      require(payload.unexplained == 0, "\(payload.unexplained) bytes are unexplained")
      let passed =
        payload.outOfWindow + payload.afterClose + payload.beforeStart + payload.keepalive
      let isPlain = payload.holes == 0 && passed == 0 && numbers.values.allSatisfy { $0.count == 1 }
      guard !isWild, isPlain else { return }
      var (distinct, reached) = (0, 0)
      for (start, count) in sent.sorted(by: { $0.key < $1.key }) {
        distinct += max(0, start + count - max(start, reached))
        reached = max(reached, start + count)
      }
      require(payload.delivered == distinct, "\(distinct) sent, \(payload.delivered) delivered")
    }
  }

  /// A conversation, and what networks do to one.
  static var seeds: [[UInt8]] {
    /// A segment: which stream and flags, its place, its length, what it acknowledges.
    func segment(_ kind: UInt8, _ place: Int, _ length: UInt8, _ acknowledged: Int) -> [UInt8] {
      var bytes = [kind, UInt8(place >> 8), UInt8(place & 255), length]
      if kind & 64 != 0 { bytes += [UInt8(acknowledged >> 8), UInt8(acknowledged & 255)] }
      return bytes
    }
    let opening = [segment(8, 0, 0, 0), segment(8 | 64 | 4, 0, 0, 0), segment(64, 0, 0, 0)]
    let talk = [
      segment(64, 0, 50, 0), segment(64 | 4, 0, 60, 50), segment(64, 50, 100, 60),
      segment(64 | 4, 60, 40, 50), segment(64, 1234, 50, 100), segment(64 | 4, 100, 10, 1284),
    ]
    let closing = [segment(64 | 16, 1284, 0, 110), segment(64 | 4 | 16, 110, 0, 1285)]
    let orders = [
      opening + talk + closing, talk, opening + talk.reversed() + closing, talk + talk,
      opening + talk + closing + opening + talk, opening + talk + [segment(64 | 32, 1284, 0, 110)],
      closing + talk.reversed() + opening,
    ]
    return orders.flatMap { order in (0..<6).map { [UInt8($0)] + order.joined() } }
  }
}
