/// One connection of a ``Recording``.
///
/// What a side sends is held until its message is whole: a key that is cut by a segment is found
/// only then. What the judge gets isn't held.
public final class RecordedConnection {
  private let recording: Recording
  private let number: Int
  private var plain: TCPConversation
  private var masked: TCPConversation
  private var fromClient = Held()
  private var fromServer = Held()
  /// Of the answer that was announced, what hasn't been sent yet; masked.
  private var answer: ArraySlice<UInt8> = []

  /// What a side has sent and no message is whole with: when, and what.
  private struct Held {
    var pieces: [(time: Int64, bytes: [UInt8])] = []
    var count = 0
  }

  /// So much of a message is held, in bytes: what is longer is masked in parts.
  private static let limit = 32 << 20

  init(_ recording: Recording, number: Int, _ conversation: TCPConversation) {
    self.recording = recording
    self.number = number
    plain = conversation
    masked = conversation
    note { $0.open() }
  }

  /// The client sent something.
  public func received(_ bytes: some Collection<UInt8>) { take(Array(bytes), from: .client) }

  /// The server sent something that nobody announced.
  public func answered(_ bytes: some Collection<UInt8>) { take(Array(bytes), from: .server) }

  /// The next `count` bytes that the client sent are a whole request.
  ///
  /// - Parameter head: how many of them are its head.
  public func requestIsWhole(_ count: Int, head: Int) {
    messageIsWhole(count, head: head, from: .client)
  }

  /// The next `count` bytes of ``answered(_:)`` are a whole answer.
  public func answerIsWhole(_ count: Int, head: Int) {
    messageIsWhole(count, head: head, from: .server)
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
    releaseAll()
    note { $0.end(from: side) }
  }

  /// A side has reset the connection.
  public func reset(by side: Side) {
    releaseAll()
    note { $0.reset(from: side) }
  }

  // MARK: -

  private subscript(side: Side) -> Held {
    get { side == .client ? fromClient : fromServer }
    // In its place: a copy for each piece of a long answer would cost its square.
    _modify { if side == .client { yield &fromClient } else { yield &fromServer } }
  }

  private func take(_ bytes: [UInt8], from side: Side) {
    let time = recording.now()
    if recording.isPlain {
      recording.write(plain: plain.send(bytes[...], from: side), at: time)
    }
    guard recording.isMasking, !bytes.isEmpty else { return }
    self[side].pieces.append((time, bytes))
    self[side].count += bytes.count
    tellHeld()
    if self[side].count > Self.limit { releaseAll(side) }
  }

  private func messageIsWhole(_ count: Int, head: Int, from side: Side) {
    guard recording.isMasking else { return }
    var message: [UInt8] = []
    for piece in self[side].pieces where message.count < count { message += piece.bytes }
    release(recording.mask(Array(message.prefix(count)), head: head)[...], from: side)
  }

  private func note(_ packets: (inout TCPConversation) -> [[UInt8]]) {
    let time = recording.now()
    recording.write(plain: packets(&plain), at: time)
    recording.write(masked: packets(&masked), at: time)
  }

  private func releaseAll() {
    releaseAll(.client)
    releaseAll(.server)
  }

  /// What never became a message: it may hold a key all the same.
  private func releaseAll(_ side: Side) {
    guard !self[side].pieces.isEmpty else { return }
    let bytes = self[side].pieces.flatMap(\.bytes)
    release(recording.mask(bytes, head: bytes.count)[...], from: side)
  }

  /// Writes masked bytes in the pieces in which they came.
  private func release(_ bytes: ArraySlice<UInt8>, from side: Side) {
    var rest = bytes
    var whole = 0
    for piece in self[side].pieces where !rest.isEmpty {
      let part = rest.prefix(piece.bytes.count)
      rest = rest.dropFirst(part.count)
      recording.write(masked: masked.send(part, from: side), at: piece.time)
      if part.count == piece.bytes.count {
        whole += 1
      } else {
        self[side].pieces[whole].bytes.removeFirst(part.count)
      }
    }
    self[side].count -= bytes.count - rest.count
    self[side].pieces.removeFirst(whole)
    tellHeld()
  }

  private func tellHeld() {
    let earliest = [fromClient, fromServer].compactMap { $0.pieces.first?.time }.min()
    recording.hold(since: earliest, by: number)
  }
}
