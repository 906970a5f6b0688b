internal import HTTP
public import Redaction

/// A message with stand-ins of the same length in the place of every secret.
public enum MaskedMessage {
  /// - Parameters:
  ///   - bytes: a message as it goes over the wire (RFC 9112, 2.1).
  ///   - head: how many of them are its start line and fields.
  public static func mask(
    _ bytes: [UInt8], head: Int, _ redactor: inout Redactor
  ) -> [UInt8] {
    let masked =
      lines(bytes.prefix(head), isHead: true, &redactor) + content(bytes, behind: head, &redactor)
    // A stand-in of another length would move every byte behind it: nothing is shown instead.
    return masked.count == bytes.count ? masked : dots(bytes.count)
  }

  static func dots(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x2E, count: count) }

  private static func lines(
    _ bytes: ArraySlice<UInt8>, isHead: Bool, _ redactor: inout Redactor
  ) -> [UInt8] {
    var masked: [UInt8] = []
    masked.reserveCapacity(bytes.count)
    var rest = bytes
    var isFirst = isHead
    while let end = endOfLine(rest) {
      let line = rest[..<end]
      masked += isFirst ? startLine(line, &redactor) : field(line, &redactor)
      isFirst = false
      rest = rest[end...]
    }
    return masked + (isHead ? redactor.text(Array(rest)) : field(rest, &redactor))
  }

  // MARK: Content

  /// The largest content that is looked into, in bytes.
  private static let limit = 64 << 20

  /// What stands behind the head: content as whoever reads the result will have it, chunks put
  /// together and codings undone, and what frames it.
  private static func content(
    _ bytes: [UInt8], behind head: Int, _ redactor: inout Redactor
  ) -> [UInt8] {
    guard head < bytes.count else { return [] }
    let (ranges, isLost) = ranges(of: bytes, behind: head)
    let joined = ranges.flatMap { bytes[$0] }
    let clean = masked(joined, MessageHead(bytes[..<head], isComplete: true), &redactor)
    var masked: [UInt8] = []
    masked.reserveCapacity(bytes.count - head)
    var place = head
    var taken = 0
    for range in ranges {
      // Sizes of chunks.
      masked += lines(bytes[place..<range.lowerBound], isHead: false, &redactor)
      masked += clean[taken..<(taken + range.count)]
      taken += range.count
      place = range.upperBound
    }
    // What no rule of HTTP explains may be anything; else a trailer section, or the next message.
    return masked
      + (isLost ? dots(bytes.count - place) : lines(bytes[place...], isHead: false, &redactor))
  }

  /// Where the content stands, and whether its framing can't be followed.
  private static func ranges(
    of bytes: [UInt8], behind head: Int
  ) -> (ranges: [Range<Int>], isLost: Bool) {
    var decoder = MessageDecoder()
    var ranges: [Range<Int>] = []
    var offset = 0
    while true {
      switch decoder.next(bytes.span, from: &offset) {
      case .more: return (ranges, false)
      case .began, .odd: continue
      case .head:
        guard let parsed = decoder.takeHead() else { return (ranges, true) }
        decoder.frame(
          parsed.isRequest
            ? BodyFraming.ofRequest(parsed).framing
            : BodyFraming.ofResponse(parsed, to: nil).framing)
      case .content(let range):
        guard range.lowerBound >= head else { return ([], true) }
        ranges.append(range)
      case .ended: return (ranges, false)
      case .lost, .stray, .tunnel: return (ranges, true)
      }
    }
  }

  private static func masked(
    _ content: [UInt8], _ head: MessageHead, _ redactor: inout Redactor
  ) -> [UInt8] {
    if OpaqueContent.isOpaque(content, head) { return dots(content.count) }
    let decoder = ContentDecoder(for: head)
    guard !decoder.isIdentity else {
      let clean = redactor.text(content)
      return clean.count == content.count ? clean : dots(content.count)
    }
    var decoded: [UInt8] = []
    decoder.decode(content[...]) { if decoded.count < limit { decoded += $0 } }
    // What nobody can look into may hold anything.
    guard decoder.failure == nil, decoded.count < limit, redactor.text(decoded) == decoded else {
      return dots(content.count)
    }
    return content
  }

  // MARK: Lines

  /// Behind the line's end, and behind the lines that are folded into it (RFC 9112, 5.2): a key may
  /// stand on a line without its name.
  private static func endOfLine(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard var end = bytes.firstIndex(of: 0x0A).map({ $0 + 1 }) else { return nil }
    while end < bytes.endIndex, bytes[end] == 0x20 || bytes[end] == 0x09,
      let next = bytes[end...].firstIndex(of: 0x0A)
    {
      end = next + 1
    }
    return end
  }

  /// A request line has its target between its first and its last blank; in a status line anything
  /// may follow the code (RFC 9112, 3 and 4).
  private static func startLine(
    _ line: ArraySlice<UInt8>, _ redactor: inout Redactor
  ) -> [UInt8] {
    guard !line.starts(with: "HTTP/".utf8), let first = line.firstIndex(of: 0x20),
      let last = line.lastIndex(of: 0x20), first < last
    else { return redactor.text(Array(line)) }
    return redactor.text(Array(line[...first])) + redactor.target(Array(line[(first + 1)..<last]))
      + redactor.text(Array(line[last...]))
  }

  private static func field(_ line: ArraySlice<UInt8>, _ redactor: inout Redactor) -> [UInt8] {
    guard let colon = line.firstIndex(of: 0x3A) else { return redactor.text(Array(line)) }
    func isBlank(_ byte: UInt8) -> Bool {
      byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
    }
    let name = line[..<colon]
    var value = line[(colon + 1)...]
    while let byte = value.first, isBlank(byte) { value = value.dropFirst() }
    while let byte = value.last, isBlank(byte) { value = value.dropLast() }
    return redactor.text(Array(name)) + line[colon..<value.startIndex]
      + redactor.headerValue(name: Array(name), value: Array(value)) + line[value.endIndex...]
  }
}
