import Testing

@testable import HTTP
@testable import Wire

/// What a peer of a WebSocket connection hears: one direction, read from end to end.
struct Hearing: Equatable {
  var messages: [WebSocketMessage] = []
  /// Frames that the decoder found odd.
  var oddFrames = 0
  var isLost = false
  var strayBytes = 0

  /// - Parameter holes: so many bytes are missing in front of the piece of that number.
  init(
    _ pieces: [ArraySlice<UInt8>], fromClient: Bool = false, deflate: PerMessageDeflate? = nil,
    holes: [Int: Int] = [:]
  ) {
    var decoder = WebSocketDecoder(fromClient: fromClient, allowsCompression: deflate != nil)
    let joined = WebSocketMessages(fromClient: fromClient, deflate: deflate)
    for (number, piece) in pieces.enumerated() {
      if let hole = holes[number] {
        if !decoder.skip(hole) { isLost = true }
        joined.lose()
      }
      let bytes = Array(piece)
      var offset = 0
      reading: while true {
        switch decoder.next(bytes.span, from: &offset) {
        case .more: break reading
        case .began(let header): joined.begin(header)
        case .payload(let range): joined.take(payload: bytes[range])
        case .ended: joined.end { messages.append($0) }
        case .odd(let anomaly):
          #expect(anomaly == .wsBadFrame)
          oddFrames += 1
        case .lost(let anomaly):
          #expect(anomaly == .wsBadFrame)
          isLost = true
          joined.lose()
        case .stray(let range): strayBytes += range.count
        }
      }
      #expect(offset == bytes.count, "all that is given is taken")
    }
    joined.finish { messages.append($0) }
    #expect(joined.carriedBytes == 0)
  }

  init(_ bytes: [UInt8], fromClient: Bool = false, deflate: PerMessageDeflate? = nil) {
    self.init([bytes[...]], fromClient: fromClient, deflate: deflate)
  }

  /// One line for each message: its kind, its payload as text, and what isn't as it should be.
  var lines: [String] {
    messages.map { message in
      var line = "\(message.kind) \(String(decoding: message.payload, as: UTF8.self))"
      if case .close(let code, let reason) = message.kind {
        line = "close \(code.map { String($0) } ?? "-") \(String(decoding: reason, as: UTF8.self))"
      }
      if !message.isComplete { line += " incomplete" }
      if message.isCut { line += " cut" }
      return message.anomalies.anomalies.reduce(line) { $0 + " " + $1.rawValue }
    }
  }
}

/// A frame as it is sent (RFC 6455, 5.2).
func frame(
  _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, rsv: UInt8 = 0, mask: UInt32? = nil,
  lengthBytes: Int? = nil
) -> [UInt8] {
  let count = payload.count
  let bytes = lengthBytes ?? (count < 126 ? 0 : count < 1 << 16 ? 2 : 8)
  let short = bytes == 0 ? UInt8(count) : bytes == 2 ? 126 : 127
  var frame = [(isFinal ? 0x80 : 0) | rsv << 4 | opcode, short | (mask == nil ? 0 : 0x80)]
  for place in (0..<bytes).reversed() {
    frame.append(UInt8(truncatingIfNeeded: count >> (8 * place)))
  }
  guard let mask else { return frame + payload }
  let key = (0..<4).map { UInt8(truncatingIfNeeded: mask >> UInt32(24 - 8 * $0)) }
  return frame + key + payload.enumerated().map { $1 ^ key[$0 & 3] }
}

func frame(
  _ opcode: UInt8, _ payload: String, isFinal: Bool = true, rsv: UInt8 = 0, mask: UInt32? = nil
) -> [UInt8] {
  frame(opcode, Array(payload.utf8), isFinal: isFinal, rsv: rsv, mask: mask)
}
