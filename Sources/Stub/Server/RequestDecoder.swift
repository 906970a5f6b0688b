internal import LiteLLM
internal import Sockets

/// Turns a connection's bytes into requests by the rules of LiteLLM's server (uvicorn with h11):
/// it takes bare line feeds and folded fields, and answers one sentence to whatever it refuses.
///
/// Not the witness's decoder, which has to go on where a server stops.
struct RequestDecoder {
  enum Step {
    case needsMore
    /// The client waits for `100 Continue`; told once.
    case expectsContinue
    case request(ServedRequest)
    /// Byte for byte the request before it: clients that poll send the same again and again.
    case repeated
    /// "Invalid HTTP request received."
    case refused
    /// The content is larger than the stub takes.
    case tooLarge
  }

  /// h11's `max_incomplete_event_size`: a head, or a chunk's first line, in bytes.
  static let headLimit = 16 << 10
  /// The largest content that is taken, in bytes.
  static let bodyLimit = 64 << 20

  private enum State {
    case head
    case body(length: Int)
    case chunkHead
    case chunk(left: Int)
    case chunkEnd
    case trailer
    case dead
  }

  private var buffer: [UInt8] = []
  private var position = 0
  /// Up to here there is no end of a head.
  private var searched = 0
  private var state = State.head
  private var pending = ServedRequest()
  private var expectsContinue = false
  /// Where the request that is being read begins; `nil` where it won't be compared with the next.
  private var start: Int?
  /// The request before, as it came.
  private var latest: [UInt8] = []
  /// Of the request before: how many bytes it took, and how many of them its head.
  private(set) var latestLength = 0
  private(set) var latestHeadLength = 0
  /// How many bytes have come, and where the request that is being read begins among them.
  private var fed = 0
  private var begin = 0
  /// Requests up to this length are compared with the one before them, in bytes.
  private static let comparedLimit = 64 << 10

  /// Bytes that came and aren't part of a request yet.
  var buffered: Int { buffer.count - position }

  /// Nothing of a request has come.
  var isIdle: Bool {
    if case .head = state { buffered == 0 } else { false }
  }

  mutating func feed(_ bytes: some Collection<UInt8>) {
    fed += bytes.count
    if position == buffer.count {
      buffer.removeAll(keepingCapacity: true)
      position = 0
      searched = 0
    } else if position > 1 << 16 {
      buffer.removeSubrange(..<position)
      start = nil
      searched = max(0, searched - position)
      position = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// No byte of a request has been read, though some may have come.
  private var isAtStart: Bool { if case .head = state { true } else { false } }

  mutating func next() -> Step {
    if isAtStart, !latest.isEmpty, UnsafeSystem.isEqual(buffer, from: position, latest) {
      position += latest.count
      searched = position
      return .repeated
    }
    while true {
      switch state {
      case .dead: return .needsMore
      case .head:
        guard let step = readHead() else { continue }
        return step
      case .body(let length):
        guard buffered >= length else { return waiting() }
        pending.request.body = Array(buffer[position..<position + length])
        position += length
        return finished()
      case .chunkHead:
        guard let line = line(limit: Self.headLimit) else {
          return buffered > Self.headLimit ? refuse() : waiting()
        }
        guard let size = Self.chunkSize(line) else { return refuse() }
        guard size <= Self.bodyLimit - pending.request.body.count else { return tooLarge() }
        state = size == 0 ? .trailer : .chunk(left: size)
      case .chunk(let left):
        let count = min(left, buffered)
        guard count > 0 else { return waiting() }
        pending.request.body += buffer[position..<position + count]
        position += count
        state = count == left ? .chunkEnd : .chunk(left: left - count)
      case .chunkEnd:
        guard buffered >= 2 else { return waiting() }
        guard buffer[position] == 0x0D, buffer[position + 1] == 0x0A else { return refuse() }
        position += 2
        state = .chunkHead
      case .trailer:
        guard let line = line(limit: Self.headLimit) else {
          return buffered > Self.headLimit ? refuse() : waiting()
        }
        if line.isEmpty { return finished() }
      }
    }
  }

  private mutating func waiting() -> Step {
    guard expectsContinue else { return .needsMore }
    expectsContinue = false
    return .expectsContinue
  }

  private mutating func refuse() -> Step {
    state = .dead
    return .refused
  }

  private mutating func tooLarge() -> Step {
    state = .dead
    return .tooLarge
  }

  private mutating func finished() -> Step {
    state = .head
    latestLength = fed - buffered - begin
    searched = position
    expectsContinue = false
    if let start, position - start <= Self.comparedLimit {
      latest = Array(buffer[start..<position])
    } else {
      latest = []
    }
    let request = pending
    pending = ServedRequest()
    return .request(request)
  }

  /// - Returns: the next line without its end, which it goes past; `nil` where there is none yet.
  private mutating func line(limit: Int) -> ArraySlice<UInt8>? {
    guard let end = buffer[position...].prefix(limit + 1).firstIndex(of: 0x0A) else { return nil }
    let start = position
    position = end + 1
    return buffer[start..<(end > start && buffer[end - 1] == 0x0D ? end - 1 : end)]
  }

  /// - Returns: `nil` where the content is to be read next.
  private mutating func readHead() -> Step? {
    guard buffered > 0 else { return .needsMore }
    // No method begins with a control character or a blank, and TLS's first byte is one.
    guard buffer[position] > 0x20 else { return refuse() }
    guard let end = headEnd() else {
      return buffered > Self.headLimit ? refuse() : .needsMore
    }
    guard end - position <= Self.headLimit, let head = RequestHead(buffer[position..<end]) else {
      return refuse()
    }
    start = head.expectsContinue ? nil : position
    begin = fed - buffered
    latestHeadLength = end - position
    position = end
    pending = head.served
    expectsContinue = head.expectsContinue
    switch head.framing {
    case .length(let length):
      guard length <= Self.bodyLimit else { return tooLarge() }
      if length == 0 { return finished() }
      state = .body(length: length)
    case .chunked:
      state = .chunkHead
    }
    return nil
  }

  /// Behind the empty line.
  private mutating func headEnd() -> Int? {
    var index = max(position, searched)
    while let feed = buffer[index...].firstIndex(of: 0x0A) {
      var next = feed + 1
      if next < buffer.count, buffer[next] == 0x0D { next += 1 }
      guard next < buffer.count else {
        searched = feed
        return nil
      }
      if buffer[next] == 0x0A { return next + 1 }
      index = feed + 1
    }
    searched = buffer.count
    return nil
  }

  private static func chunkSize(_ line: ArraySlice<UInt8>) -> Int? {
    var size = 0
    var digits = 0
    var rest = line
    while let byte = rest.first, let digit = hexadecimalDigit(byte) {
      digits += 1
      guard digits <= 20 else { return nil }
      // Larger than any that is taken: the limit says so.
      size = size > bodyLimit ? size : size << 4 | digit
      rest = rest.dropFirst()
    }
    guard digits > 0 else { return nil }
    let behind = rest.drop { $0 == 0x20 || $0 == 0x09 }
    return behind.isEmpty || behind.first == 0x3B ? size : nil
  }

  private static func hexadecimalDigit(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x41...0x46: Int(byte) - 0x37
    case 0x61...0x66: Int(byte) - 0x57
    default: nil
    }
  }
}
