public import Exchanges
internal import HTTP
internal import Recording
public import Redaction
public import Wire

/// A message without secrets, as HTTP/1 (RFC 9112) writes it.
///
/// Its head is the recorded one where that can stay: the bytes of a head of HTTP/2 are none, and one
/// that names a coding, or a length, that its content no longer has is written anew.
public struct CleanMessage {
  public struct Part {
    public internal(set) var bytes: [UInt8]
    var place: Transcript.Place
  }

  public internal(set) var head: [UInt8]
  /// Content with its framing: where a part stands decides when it is sent.
  public internal(set) var parts: [Part] = []
  /// Nobody can look into the content: there are dots in its place.
  public private(set) var isHidden = false
  /// Bytes that are missing in the content, and in front of which part.
  var missing = 0
  var missingAt = 0
  /// The content as whoever reads the result will see it, in bytes.
  var length = 0

  /// The largest content that is read, in bytes.
  static let limit = 64 << 20

  /// - Parameters:
  ///   - opening: of the result's head where the recorded one can't be used: `GET / HTTP/1.1`.
  ///   - hidesProse: what people wrote is replaced, too.
  public init(
    _ message: Message, opening: String, in store: CaptureStore, hidesProse: Bool,
    upgrades: Bool = false, _ redactor: inout Redactor
  ) {
    let head = message.head
    let content = Self.content(message, in: store, hidesProse: hidesProse, &redactor)
    let isChunked = !head.isHTTP2 && head.hasToken("chunked", in: "transfer-encoding")
    isHidden = content.isHidden
    let isRewritten = head.isHTTP2 || content.isDecoded || upgrades
    // Only a part of a chunked message's framing is known where bytes are missing.
    let needsChunks =
      isChunked
      || (isRewritten && message.bodyState != .none && !content.isDecoded
        && head.values(of: "content-length").isEmpty)
    let total = content.pieces.reduce(0) { $0 + $1.bytes.count }
    length = total
    missing = message.missing
    let plain =
      isRewritten
      ? Self.rewritten(
        head, opening, dropping: content.isDecoded,
        length: content.isDecoded && !isChunked
          ? total &+ missing : nil, addsChunks: needsChunks && !isChunked, upgrades: upgrades)
      : head.bytes
    self.head = MaskedMessage.mask(plain, head: plain.count, &redactor)
    // A chunk of nothing would end the content.
    parts = content.pieces.filter { !$0.bytes.isEmpty }.map { piece in
      needsChunks ? Part(bytes: Self.chunk(piece.bytes), place: piece.place) : piece
    }
    missingAt = message.bodyState == .cut ? parts.count : max(0, parts.count - 1)
    guard needsChunks else { return }
    if missing > 0 {
      // Whose chunk it was isn't known; it is one that was seen to begin, and not to end.
      let place = parts.last?.place ?? Transcript.Place(frame: 0, time: message.end.nanoseconds)
      parts.append(Part(bytes: Array("\(String(missing, radix: 16))\r\n".utf8), place: place))
      missingAt = parts.count
      if message.bodyState != .cut { parts.append(Part(bytes: Array("\r\n".utf8), place: place)) }
    }
    if message.bodyState == .complete || message.bodyState == .gap {
      parts.append(
        Part(
          bytes: Array("0\r\n\r\n".utf8),
          place: Transcript.Place(
            frame: message.frames.runs.last?.upperBound ?? 0, time: message.end.nanoseconds)))
    }
  }

  private static func chunk(_ bytes: [UInt8]) -> [UInt8] {
    Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
  }

  // MARK: Content

  private struct Content {
    var pieces: [Part] = []
    /// Codings were undone, because a secret stood inside.
    var isDecoded = false
    var isHidden = false
  }

  private static func content(
    _ message: Message, in store: CaptureStore, hidesProse: Bool, _ redactor: inout Redactor
  ) -> Content {
    let sent = message.pieces.map {
      Part(bytes: store.bytes($0.range), place: Transcript.Place($0))
    }
    let decoder = ContentDecoder(for: message.head)
    if !redactor.isShowingSecrets,
      OpaqueContent.isOpaque(sent.flatMap(\.bytes), message.head)
    {
      return hidden(sent)
    }
    guard !decoder.isIdentity, !redactor.isShowingSecrets else {
      return Content(pieces: masked(sent, message.head, hidesProse, &redactor))
    }
    var decoded: [Part] = []
    var total = 0
    for part in sent {
      var bytes: [UInt8] = []
      decoder.decode(part.bytes[...]) { if total + bytes.count < limit { bytes += $0 } }
      total += bytes.count
      decoded.append(Part(bytes: bytes, place: part.place))
    }
    // What nobody can look into may hold anything.
    guard decoder.failure == nil, total < limit else {
      return hidden(sent)
    }
    let clean = masked(decoded, message.head, hidesProse, &redactor)
    let isClean = zip(clean, decoded).allSatisfy { $0.bytes == $1.bytes }
    return isClean
      ? Content(pieces: sent) : Content(pieces: clean.filter { !$0.bytes.isEmpty }, isDecoded: true)
  }

  private static func hidden(_ sent: [Part]) -> Content {
    Content(
      pieces: sent.map { Part(bytes: dots($0.bytes.count), place: $0.place) }, isHidden: true)
  }

  /// The parts with stand-ins, each as long as before.
  private static func masked(
    _ parts: [Part], _ head: MessageHead, _ hidesProse: Bool, _ redactor: inout Redactor
  ) -> [Part] {
    let whole = parts.flatMap(\.bytes)
    var clean = redactor.text(whole)
    if clean.count != whole.count { clean = dots(whole.count) }
    if hidesProse { clean = Prose.hidden(clean, isEventStream: head.isEventStream) }
    var start = 0
    return parts.map { part in
      defer { start += part.bytes.count }
      return Part(bytes: Array(clean[start..<(start + part.bytes.count)]), place: part.place)
    }
  }

  private static func dots(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x2E, count: count) }

  // MARK: Heads

  private static func rewritten(
    _ head: MessageHead, _ opening: String, dropping isDecoded: Bool, length: Int?,
    addsChunks: Bool, upgrades: Bool
  ) -> [UInt8] {
    var bytes = Array("\(opening)\r\n".utf8)
    for field in head.fields where !field.isUnknown {
      let name = Array(head.name(of: field))
      if field.isAuthority {
        bytes += Array("host: ".utf8) + printable(head.value(of: field)) + [0x0D, 0x0A]
        continue
      }
      guard name.first != 0x3A else { continue }
      if isDecoded, head.isNamed(field, "content-encoding") { continue }
      if length != nil, head.isNamed(field, "content-length") { continue }
      // Its messages are written without compression.
      if upgrades, head.isNamed(field, "sec-websocket-extensions") { continue }
      bytes +=
        printable(name[...]) + [0x3A, 0x20] + printable(head.value(of: field)) + [0x0D, 0x0A]
    }
    if let length { bytes += Array("content-length: \(length)\r\n".utf8) }
    if addsChunks { bytes += Array("transfer-encoding: chunked\r\n".utf8) }
    return bytes + [0x0D, 0x0A]
  }

  /// HTTP/2 carries bytes in values that would end a line.
  private static func printable(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.map { $0 == 0x0D || $0 == 0x0A || $0 == 0 ? 0x20 : $0 }
  }
}

extension Transcript.Place {
  init(_ piece: Message.Piece) {
    self.init(frame: piece.frame, time: piece.time.nanoseconds)
  }
}
