/// One connection of a ``Recording``.
///
/// What a client sends is held until the request is whole: a key that is cut by a segment is found
/// only then. What the judge gets isn't held.
public final class RecordedConnection {
  private let recording: Recording
  private var plain: TCPConversation
  private var masked: TCPConversation
  /// What the client has sent and no request is whole with: when, and what.
  private var held: [(time: Int64, bytes: [UInt8])] = []
  /// Of the answer that was announced, what hasn't been sent yet; masked.
  private var answer: ArraySlice<UInt8> = []

  init(_ recording: Recording, _ conversation: TCPConversation) {
    self.recording = recording
    plain = conversation
    masked = conversation
    note { $0.open() }
  }

  /// The client sent something.
  public func received(_ bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    let time = recording.now()
    if recording.isPlain {
      recording.write(plain: plain.send(bytes[...], from: .client), at: time)
    }
    if recording.isMasking { held.append((time, bytes)) }
  }

  /// The next `count` bytes that the client sent are a whole request.
  ///
  /// - Parameter head: how many of them are its head.
  public func requestIsWhole(_ count: Int, head: Int) {
    guard recording.isMasking else { return }
    var request: [UInt8] = []
    for piece in held where request.count < count { request += piece.bytes }
    release(recording.mask(Array(request.prefix(count)), head: head)[...])
  }

  /// Whether what the server sends is to be announced.
  public var wantsAnswers: Bool { recording.isMasking }

  /// What the server is going to send, as a whole.
  public func willSend(_ bytes: [UInt8]) {
    guard recording.isMasking else { return }
    let head = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? bytes.count
    answer = recording.mask(bytes, head: head)[...]
  }

  /// The server sent something.
  public func sent(_ bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    let time = recording.now()
    if recording.isPlain {
      recording.write(plain: plain.send(bytes[...], from: .server), at: time)
    }
    guard recording.isMasking else { return }
    let shown: ArraySlice<UInt8>
    if answer.count >= bytes.count {
      shown = answer.prefix(bytes.count)
      answer = answer.dropFirst(bytes.count)
    } else {
      shown = recording.mask(bytes, head: bytes.count)[...]
    }
    recording.write(masked: masked.send(shown, from: .server), at: time)
  }

  /// A side sends nothing more.
  public func ended(_ side: Side) {
    if side == .client { releaseAll() }
    note { $0.end(from: side) }
  }

  /// A side has reset the connection.
  public func reset(by side: Side) {
    releaseAll()
    note { $0.reset(from: side) }
  }

  // MARK: -

  private func note(_ packets: (inout TCPConversation) -> [[UInt8]]) {
    let time = recording.now()
    recording.write(plain: packets(&plain), at: time)
    recording.write(masked: packets(&masked), at: time)
  }

  /// What never became a request: it may hold a key all the same.
  private func releaseAll() {
    guard !held.isEmpty else { return }
    let bytes = held.flatMap(\.bytes)
    release(recording.mask(bytes, head: bytes.count)[...])
  }

  /// Writes masked bytes in the pieces in which they came.
  private func release(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while let piece = held.first, !rest.isEmpty {
      let part = rest.prefix(piece.bytes.count)
      rest = rest.dropFirst(part.count)
      recording.write(masked: masked.send(part, from: .client), at: piece.time)
      if part.count < piece.bytes.count {
        held[0].bytes.removeFirst(part.count)
      } else {
        held.removeFirst()
      }
    }
  }
}
