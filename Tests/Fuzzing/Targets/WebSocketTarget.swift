internal import TestSupport
internal import Wire

@testable internal import HTTP

/// The decoder of WebSocket frames and what joins them to messages.
///
/// An input is what the two sides agreed on, a list of cuts, and one direction of the connection.
enum WebSocketTarget: FuzzTarget {
  static func run(_ input: [UInt8]) {
    var input = InputBytes(input)
    let agreement = input.byte()
    let cuts = (0..<Int(input.byte() & 7)).map { _ in input.number() }
    let stream = input.all()
    let whole = Told(stream, [], agreement)
    let pieces = Told(stream, cuts, agreement)
    require(whole == pieces, "cuts change a message:\n\(whole)\n\(pieces)")
    _ = Told(stream, cuts, agreement, withHoles: true)
  }

  /// What is said of a stream.
  private struct Told: Equatable {
    var messages: [WebSocketMessage] = []
    var oddFrames = 0
    var isLost = false
    var strayBytes = 0

    init(_ stream: [UInt8], _ cuts: [Int], _ agreement: UInt8, withHoles: Bool = false) {
      let fromClient = agreement & 1 != 0
      var deflate = PerMessageDeflate()
      deflate.clientNoContextTakeover = agreement & 2 != 0
      deflate.serverNoContextTakeover = agreement & 2 != 0
      let isCompressed = agreement & 4 == 0
      var decoder = WebSocketDecoder(fromClient: fromClient, allowsCompression: isCompressed)
      let joined = WebSocketMessages(fromClient: fromClient, deflate: isCompressed ? deflate : nil)
      var input = InputBytes([])
      for (number, piece) in input.pieces(of: stream, cuts: cuts).enumerated() {
        if withHoles, number & 1 != 0 {
          _ = decoder.skip(piece.count)
          joined.lose()
          continue
        }
        let bytes = Array(piece)
        var offset = 0
        var steps = 0
        reading: while true {
          let before = offset
          let output = decoder.next(bytes.span, from: &offset)
          steps += 1
          require(steps <= 3 * bytes.count + 8, "the decoder doesn't come on")
          require(offset >= before && offset <= bytes.count, "it reads forward, and not too far")
          switch output {
          case .more: break reading
          case .began(let header): joined.begin(header)
          case .payload(let range):
            require(range == before..<offset, "payload was read just now")
            joined.take(payload: bytes[range])
          case .ended: joined.end { add($0) }
          case .odd: oddFrames += 1
          case .lost:
            isLost = true
            joined.lose()
          case .stray(let range): strayBytes += range.count
          }
          require(decoder.carriedBytes < 14, "no more than a header is kept")
          require(
            joined.carriedBytes <= 2 * WebSocketMessages.payloadLimit + 125, "too much is kept")
        }
        require(offset == bytes.count, "all that is given is taken")
      }
      joined.finish { add($0) }
      require(joined.carriedBytes == 0, "nothing is kept behind the end")
    }

    private mutating func add(_ message: WebSocketMessage) {
      require(message.payload.count <= WebSocketMessages.payloadLimit, "a message is too large")
      require(message.frames > 0, "a message comes in frames")
      messages.append(message)
    }
  }

  static var seeds: [[UInt8]] {
    // The examples of RFC 6455, 5.7, and RFC 7692, 7.2.3.
    let frames: [[UInt8]] = [
      [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F],
      [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58],
      [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F],
      [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F], [0x88, 0x02, 0x03, 0xE8],
      [0x82, 0x7E, 0x00, 0x80] + [UInt8](repeating: 7, count: 128),
      [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3],
      [0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],
      [0x41, 0x03, 0xF2, 0x48, 0xCD, 0x80, 0x04, 0xC9, 0xC9, 0x07, 0x00],
      [0xC1, 0x08, 0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],
      [0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00],
    ]
    let bomb = Compression.compress([UInt8](repeating: 0, count: 2 << 20), as: .raw)
    let large = [0xC2, 0x7E, UInt8(bomb.count >> 8), UInt8(bomb.count & 255)] + bomb
    let streams =
      frames + [Array(frames.joined()), frames[7] + frames[10] + frames[9] + frames[10], large]
    return streams.flatMap { stream in
      (0..<8).map { [$0, 3, 0, 1, 0, 4, 0, 9] + stream }
    }
  }
}
