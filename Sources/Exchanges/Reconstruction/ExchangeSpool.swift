internal import HTTP
internal import Wire

/// Exchanges that are over and wait for an earlier one to end: the first of them in memory, the rest
/// in a temporary file, so that one connection that stays open doesn't keep all others in memory.
struct ExchangeSpool {
  /// Bytes that may wait in memory, about, unless somebody says otherwise.
  static let memoryLimit = 8 << 20

  private let limit: Int

  /// Where one waits.
  enum Place {
    case memory(OpenExchange, weight: Int)
    case file(ByteRange)
  }

  /// Bytes that wait in memory, about; also of what isn't kept here, but waits for the same reason.
  var weight = 0
  private var file: TemporarySpool?
  private var hasNoFile = false

  init(memoryLimit: Int = memoryLimit) { limit = memoryLimit }

  /// Whether what isn't written yet may wait as it is.
  var hasRoom: Bool { weight < limit }

  mutating func keep(_ entry: OpenExchange) -> Place {
    let weight = entry.exchange.weight
    if self.weight &+ weight > limit, !hasNoFile, let range = append(entry.exchange) {
      return .file(range)
    }
    self.weight &+= weight
    return .memory(entry, weight: weight)
  }

  mutating func take(_ place: Place, ticket: Int) -> OpenExchange? {
    switch place {
    case .memory(let entry, let weight):
      self.weight &-= weight
      return entry
    case .file(let range):
      guard let bytes = file?.bytes(range) else { return nil }
      var reader = FieldReader(bytes: bytes)
      return Exchange(from: &reader).map { OpenExchange($0, ticket: ticket) }
    }
  }

  /// - Returns: `nil` where there is no file for it: then it waits in memory.
  private mutating func append(_ exchange: Exchange) -> ByteRange? {
    if file == nil { file = TemporarySpool() }
    var writer = FieldWriter()
    exchange.write(to: &writer)
    let range = file?.append(writer.bytes)
    hasNoFile = range == nil
    return range
  }
}

// MARK: Fields

/// Numbers and runs of bytes, one behind the other, as only this process reads them again.
struct FieldWriter {
  private(set) var bytes: [UInt8] = []

  mutating func number(_ value: Int) {
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  mutating func run(_ run: some Collection<UInt8>) {
    number(run.count)
    bytes += run
  }

  mutating func word(_ word: String?) { run(Array((word ?? "").utf8)) }

  mutating func set(_ set: AnomalySet) {
    number(Int(truncatingIfNeeded: set.rawValue))
    number(Int(truncatingIfNeeded: set.rawValue >> 64))
  }
}

struct FieldReader {
  let bytes: [UInt8]
  private var at = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func number() -> Int {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 8) where at < bytes.count {
      value |= UInt64(bytes[at]) << shift
      at &+= 1
    }
    return Int(truncatingIfNeeded: value)
  }

  mutating func run() -> ArraySlice<UInt8> {
    let count = max(0, min(number(), bytes.count &- at))
    defer { at &+= count }
    return bytes[at..<(at &+ count)]
  }

  mutating func word() -> String { String(decoding: run(), as: UTF8.self) }

  mutating func set() -> AnomalySet {
    let low = UInt64(truncatingIfNeeded: number())
    let high = UInt64(truncatingIfNeeded: number())
    return AnomalySet(rawValue: UInt128(high) << 64 | UInt128(low))
  }
}

// MARK: Heads

/// A head as it comes back from the file.
private struct StoredHead {
  var bytes: ArraySlice<UInt8>
  /// Empty where the bytes say all.
  var index: [Int] = []
  var anomalies: AnomalySet = []

  /// What an HTTP/1 head says is read from its bytes once more.
  func read(isComplete: Bool) -> MessageHead {
    if !index.isEmpty,
      let head = MessageHead(http2: bytes, index: index, anomalies: anomalies)
    {
      return head
    }
    return MessageHead(bytes, isComplete: isComplete)
  }
}

extension FieldWriter {
  fileprivate mutating func head(_ head: MessageHead) {
    run(head.bytes)
    let index = head.index
    number(index.count)
    guard !index.isEmpty else { return }
    for part in index { number(part) }
    set(head.anomalies)
  }
}

extension FieldReader {
  fileprivate mutating func head() -> StoredHead {
    var head = StoredHead(bytes: run())
    let count = max(0, number())
    guard count > 0 else { return head }
    head.index.reserveCapacity(count)
    for _ in 0..<count { head.index.append(number()) }
    head.anomalies = set()
    return head
  }
}

// MARK: Exchanges

extension Exchange {
  /// About how much memory it takes, in bytes.
  var weight: Int {
    let messages = (request?.weight ?? 0) &+ (response?.weight ?? 0) &+ (webSocket?.weight ?? 0)
    return 1024 &+ messages &+ interim.reduce(0) { $0 &+ 512 &+ $1.head.bytes.count }
  }

  fileprivate func write(to writer: inout FieldWriter) {
    writer.number(connection)
    for endpoint in [client, server] {
      writer.run(endpoint.address.bytes)
      writer.number(Int(endpoint.port))
    }
    for message in [request, response] {
      writer.number(message == nil ? 0 : 1)
      message?.write(to: &writer)
    }
    writer.number(interim.count)
    for response in interim {
      writer.number(Int(response.time.nanoseconds))
      writer.head(response.head)
    }
    writer.word(outcome.rawValue)
    writer.number(observations)
    writer.set(anomalies)
    writer.set(requestAnomalies)
    writer.number(beganBeforeCapture ? 1 : 0)
    writer.number(tunnelBytes)
    writer.number(tls == nil ? 0 : 1)
    if let tls {
      for word in [tls.version, tls.cipherSuite, tls.applicationProtocol, tls.serverName] {
        writer.word(word)
      }
    }
    writer.number(webSocket == nil ? 0 : 1)
    webSocket?.write(to: &writer)
  }

  fileprivate init?(from reader: inout FieldReader) {
    let connection = reader.number()
    guard let client = Self.endpoint(&reader), let server = Self.endpoint(&reader) else {
      return nil
    }
    self.init(connection: connection, client: client, server: server)
    request = reader.number() == 0 ? nil : Message(from: &reader)
    response = reader.number() == 0 ? nil : Message(from: &reader)
    for _ in 0..<max(0, reader.number()) {
      let time = Timestamp(nanoseconds: Int64(reader.number()))
      interim.append(Interim(time: time, head: reader.head().read(isComplete: true)))
    }
    outcome = Outcome(rawValue: reader.word()) ?? .complete
    observations = reader.number()
    anomalies = reader.set()
    requestAnomalies = reader.set()
    beganBeforeCapture = reader.number() != 0
    tunnelBytes = reader.number()
    if reader.number() != 0 {
      let words = (0..<4).map { _ in reader.word() }.map { $0.isEmpty ? nil : $0 }
      tls = TLSParameters(
        version: words[0], cipherSuite: words[1], applicationProtocol: words[2],
        serverName: words[3])
    }
    guard reader.number() != 0 else { return }
    let extensions = response?.head.values(of: "sec-websocket-extensions") ?? []
    webSocket = WebSocketTraffic(
      from: &reader, deflate: PerMessageDeflate(responseExtensions: extensions))
  }

  private static func endpoint(_ reader: inout FieldReader) -> Endpoint? {
    guard let address = IPAddress(bytes: reader.run()) else { return nil }
    return Endpoint(address: address, port: UInt16(truncatingIfNeeded: reader.number()))
  }
}

extension Message {
  fileprivate var weight: Int {
    1024 &+ head.bytes.count &+ 24 &* pieces.count
  }

  fileprivate func write(to writer: inout FieldWriter) {
    writer.head(head)
    writer.word(headState.rawValue)
    writer.word(headDoubt?.rawValue)
    writer.number(Int(time.nanoseconds))
    writer.number(Int(end.nanoseconds))
    writer.word(bodyState.rawValue)
    writer.pieces(pieces)
    writer.number(bytes)
    writer.number(missing)
    writer.number(headFrames.runs.count)
    for run in headFrames.runs {
      writer.number(Int(run.lowerBound) << 32 | Int(run.upperBound))
    }
  }

  fileprivate init(from reader: inout FieldReader) {
    let stored = reader.head()
    let state = HeadState(rawValue: reader.word()) ?? .absent
    let doubt = UnknownReason(rawValue: reader.word())
    let time = Timestamp(nanoseconds: Int64(reader.number()))
    let end = Timestamp(nanoseconds: Int64(reader.number()))
    self.init(
      head: FramedHead(stored.read(isComplete: state == .complete)), headState: state, time: time,
      end: end, start: 0, headEnd: 0)
    headDoubt = doubt
    bodyState = BodyState(rawValue: reader.word()) ?? .none
    pieces = reader.pieces()
    bytes = reader.number()
    missing = reader.number()
    for _ in 0..<max(0, reader.number()) {
      let (first, last) = reader.halves()
      headFrames.add(first...max(first, last))
    }
  }
}

// MARK: WebSockets

extension WebSocketTraffic {
  fileprivate var weight: Int {
    64 &* frames.count &+ 24 &* (clientPieces.count &+ serverPieces.count)
  }

  fileprivate func write(to writer: inout FieldWriter) {
    writer.number(frames.count)
    for frame in frames {
      writer.number(Int(frame.time.nanoseconds))
      writer.number((frame.fromClient ? 1 : 0) | (frame.isComplete ? 2 : 0))
      writer.number(Int(frame.header.mask ?? 0) << 1 | (frame.header.mask == nil ? 0 : 1))
      writer.number(
        Int(frame.header.opcode.rawValue) << 2 | (frame.header.isFinal ? 1 : 0)
          | (frame.header.rsv1 ? 2 : 0))
      writer.number(frame.header.length)
      writer.number(frame.pieces.lowerBound)
      writer.number(frame.pieces.count)
    }
    writer.pieces(clientPieces)
    writer.pieces(serverPieces)
    writer.number(uncounted)
  }

  fileprivate init(from reader: inout FieldReader, deflate: PerMessageDeflate?) {
    self.init(deflate: deflate)
    for _ in 0..<max(0, reader.number()) {
      let time = Timestamp(nanoseconds: Int64(reader.number()))
      let (flags, mask, kind) = (reader.number(), reader.number(), reader.number())
      let header = WebSocketDecoder.FrameHeader(
        isFinal: kind & 1 != 0, rsv1: kind & 2 != 0,
        opcode: .init(rawValue: UInt8(truncatingIfNeeded: kind >> 2)) ?? .binary,
        mask: mask & 1 == 0 ? nil : UInt32(truncatingIfNeeded: mask >> 1),
        length: reader.number())
      let (start, count) = (reader.number(), reader.number())
      frames.append(
        Frame(
          fromClient: flags & 1 != 0, time: time, header: header, pieces: start..<(start &+ count),
          isComplete: flags & 2 != 0))
    }
    clientPieces = reader.pieces()
    serverPieces = reader.pieces()
    uncounted = reader.number()
  }
}

extension FieldWriter {
  fileprivate mutating func pieces(_ pieces: [Message.Piece]) {
    number(pieces.count)
    for piece in pieces {
      number(piece.offset)
      number(Int(piece.time.nanoseconds))
      number(Int(piece.count) << 32 | Int(piece.frame))
    }
  }
}

extension FieldReader {
  fileprivate mutating func pieces() -> [Message.Piece] {
    let count = max(0, number())
    var pieces: [Message.Piece] = []
    pieces.reserveCapacity(count)
    for _ in 0..<count {
      let offset = number()
      let time = Timestamp(nanoseconds: Int64(number()))
      let (length, frame) = halves()
      pieces.append(Message.Piece(offset: offset, time: time, count: length, frame: frame))
    }
    return pieces
  }

  fileprivate mutating func halves() -> (Int32, Int32) {
    let number = number()
    return (Int32(truncatingIfNeeded: number >> 32), Int32(truncatingIfNeeded: number))
  }
}
