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
    /// Of the message that is held, what was let go already, because it is too long.
    var released = 0
  }

  /// Another protocol's, where one has begun.
  private var tunnel: (client: HiddenFrames, server: HiddenFrames)?

  /// So much of a message is held, in bytes; of what is longer, the rest isn't shown.
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

  /// Both sides speak another protocol from now on. What the client has sent behind its request
  /// belongs to it.
  public func becomesTunnel() {
    guard recording.isMasking, tunnel == nil else { return }
    tunnel = (HiddenFrames(), HiddenFrames())
    let pieces = fromClient.pieces
    fromClient = Held()
    for piece in pieces { pass(piece.bytes, from: .client, at: piece.time) }
    let answers = fromServer.pieces
    fromServer = Held()
    for piece in answers { pass(piece.bytes, from: .server, at: piece.time) }
    tellHeld()
  }

  private func pass(_ bytes: [UInt8], from side: Side, at time: Int64) {
    let hidden =
      side == .client ? tunnel?.client.hide(bytes) : tunnel?.server.hide(bytes)
    recording.write(masked: masked.send((hidden ?? [])[...], from: side), at: time)
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
    guard tunnel == nil else { return pass(bytes, from: side, at: time) }
    self[side].pieces.append((time, bytes))
    self[side].count += bytes.count
    tellHeld()
    guard self[side].count > Self.limit else { return }
    self[side].released += self[side].count
    releaseAll(side)
  }

  private func messageIsWhole(_ count: Int, head: Int, from side: Side) {
    guard recording.isMasking else { return }
    // What is longer than is held can't be looked into as a whole.
    guard self[side].released == 0 else {
      let rest = max(0, count - self[side].released)
      self[side].released = 0
      return release(MaskedMessage.dots(min(rest, self[side].count))[...], from: side)
    }
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
    guard self[side].released <= bytes.count else {
      return release(MaskedMessage.dots(bytes.count)[...], from: side)
    }
    let head = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? bytes.count
    if Self.isText(bytes) { return release(recording.mask(bytes, head: head)[...], from: side) }
    // Frames of a protocol that nobody has agreed to, or half of what is compressed.
    let shown = Array(bytes.prefix(head))
    guard head < bytes.count, Self.isText(shown) else {
      return release(MaskedMessage.dots(bytes.count)[...], from: side)
    }
    let masked = recording.mask(shown, head: head) + MaskedMessage.dots(bytes.count - head)
    release(masked[...], from: side)
  }

  private static func isText(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 >= 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
      && String(validating: bytes, as: UTF8.self) != nil
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
