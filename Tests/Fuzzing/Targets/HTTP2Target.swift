internal import TestSupport

@testable internal import HTTP
@testable internal import Wire

/// The decoders of HTTP/2 and of its header compression, over one direction of a connection.
///
/// An input is what is known of the direction, cuts, a hole, and the stream behind them.
enum HTTP2Target: FuzzTarget {
  static func run(_ input: [UInt8]) {
    var input = InputBytes(input)
    let flags = input.byte()
    let cuts = (0..<Int(input.byte() & 7)).map { _ in input.number() }
    let hole = (at: input.number(), length: input.number() + 1)
    var stream = input.all()
    var pieces = InputBytes([])
    let isClient = flags & 1 != 0
    // Most inputs are to come beyond the first frame.
    if flags & 8 != 0 {
      stream = (isClient ? HTTP2Decoder.preface : []) + [0, 0, 0, 4, 0, 0, 0, 0, 0] + stream
    }
    let isMidstream = flags & 2 != 0
    var whole = Told(isClient: isClient, isMidstream: isMidstream)
    whole.read(stream)
    var cut = Told(isClient: isClient, isMidstream: isMidstream)
    for piece in pieces.pieces(of: stream, cuts: cuts) { cut.read(Array(piece)) }
    // What follows a loss is looked for at the beginnings of segments.
    if !isMidstream {
      let (first, second) = (whole.beforeLoss, cut.beforeLoss)
      require(first == second, "cuts change what is told:\n\(first)\n\(second)")
    }
    guard flags & 4 != 0 else { return }
    var holed = Told(isClient: isClient, isMidstream: isMidstream)
    holed.read(Array(stream.prefix(hole.at)))
    holed.skip(hole.length)
    for piece in pieces.pieces(
      of: Array(stream.dropFirst(hole.at + hole.length)), cuts: cuts)
    {
      holed.read(Array(piece))
    }
    holed.end()
  }

  /// What the decoder says of a stream.
  private struct Told {
    private var decoder: HTTP2Decoder
    private var lines: [String] = []
    private var latest: (kind: String, bytes: [UInt8]) = ("", [])

    init(isClient: Bool, isMidstream: Bool) {
      decoder = HTTP2Decoder(isClient: isClient, isMidstream: isMidstream)
    }

    mutating func skip(_ length: Int) {
      let before = decoder.isFollowing
      let effect = decoder.skip(length)
      switch effect {
      case .insideContent(_, let count):
        require(count >= 0 && count < 1 << 24, "a frame's content is no longer than a frame")
      case .lostFraming: require(!decoder.isFollowing, "frames are looked for")
      case .insideFrame, .insideHead: require(before, "a hole in a frame")
      case .insideStray: require(!before, "a hole in no frame")
      }
      read([])
    }

    mutating func end() {
      decoder.breakOff()
      read([])
      require(decoder.carriedBytes == 0, "no block is left")
    }

    mutating func read(_ bytes: [UInt8]) {
      var offset = 0
      var steps = 0
      while true {
        let before = offset
        let output = decoder.next(bytes.span, from: &offset)
        steps += 1
        require(steps <= 8 * bytes.count + 16, "the decoder doesn't come on")
        require(offset >= before && offset <= bytes.count, "it reads forward, and not too far")
        require(decoder.carriedBytes <= HTTP2Decoder.blockLimit, "what is kept is bounded")
        require(decoder.streams.count <= HTTP2Decoder.streamLimit, "streams are bounded")
        switch output {
        case .more:
          require(offset == bytes.count, "all that is given is taken")
          return
        case .head, .pushPromise: say("\(output) \(head())")
        case .content(let stream, let range): add("content \(stream)", bytes, range, from: before)
        case .stray(let range): add("stray", bytes, range, from: before)
        default: say("\(output)")
        }
        require(decoder.takeHead() == nil, "a head is told of")
      }
    }

    /// The head that was told of, which must come back from its index.
    private mutating func head() -> String {
      guard let head = decoder.takeHead() else {
        require(false, "a head that is told of can be taken")
        return ""
      }
      for field in head.fields {
        _ = head.value(of: field)
        require(!field.isUnknown || !head.isComplete, "an unknown field makes a head incomplete")
      }
      let text = String(describing: head)
      let back = MessageHead(
        http2: head.bytes[...], index: head.index, anomalies: head.anomalies)
      require(back.map { String(describing: $0) } == text, "a head comes back from its index")
      return text
    }

    private mutating func add(
      _ kind: String, _ bytes: [UInt8], _ range: Range<Int>, from start: Int
    ) {
      require(
        range.lowerBound >= start && range.upperBound <= bytes.count, "\(kind) was read just now")
      if latest.kind != kind { flush() }
      latest.kind = kind
      latest.bytes += bytes[range]
    }

    private mutating func say(_ line: String) {
      flush()
      lines.append(line)
    }

    private mutating func flush() {
      if !latest.kind.isEmpty { lines.append("\(latest.kind) \(latest.bytes)") }
      latest = ("", [])
    }

    /// Up to where the frames can't be followed any more.
    var beforeLoss: [String] {
      var all = self
      all.flush()
      let loss = all.lines.firstIndex { $0.hasPrefix("lost") }
      return loss.map { Array(all.lines[...$0]) } ?? all.lines
    }
  }

  static var seeds: [[UInt8]] {
    func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt8, _ payload: [UInt8]) -> [UInt8] {
      [0, 0, UInt8(payload.count), type, flags, 0, 0, 0, stream] + payload
    }
    let block: [UInt8] = [
      0x83, 0x86, 0x84, 0x41, 0x8C, 0xF1, 0xE3, 0xC2, 0xE5, 0xF2, 0x3A, 0x6B, 0xA0, 0xAB, 0x90,
      0xF4, 0xFF, 0x40, 0x01, 0x61, 0x01, 0x62,
    ]
    let streams: [[UInt8]] = [
      frame(1, 4, 1, block) + frame(0, 1, 1, [1, 2, 3]),
      frame(1, 0x2C, 1, [1, 0, 0, 0, 0, 9] + block + [0]) + frame(0, 9, 1, [1, 5, 0]),
      frame(1, 1, 1, Array(block.prefix(5))) + frame(9, 4, 1, Array(block.dropFirst(5))),
      frame(1, 5, 1, block) + frame(1, 5, 3, [0x82, 0xBE, 0xBF, 0x7E, 1, 0x76]),
      frame(1, 4, 1, [0x88]) + frame(5, 4, 1, [0, 0, 0, 2] + block) + frame(1, 5, 1, [0x40, 0, 0]),
      frame(4, 0, 0, [0, 1, 0, 0, 16, 0, 0, 5, 0, 0, 64, 0])
        + frame(6, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]),
      frame(3, 0, 1, [0, 0, 0, 8]) + frame(7, 0, 0, [0, 0, 0, 1, 0, 0, 0, 2])
        + frame(8, 0, 0, [0, 0, 1, 0]),
      frame(1, 4, 1, [0x3F, 0xE1, 0x1F, 0x20, 0x82, 0x80]),
    ]
    return streams.flatMap { stream in
      [0, 1, 2, 3, 12, 13].map { flags in
        [UInt8(flags | 8), 2, 0, 12, 0, 40, 0, 20, 0, 6] + stream
      }
    }
  }
}
