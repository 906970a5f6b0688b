/// The texts that an event stream carries in small pieces (`data: {"delta":{"content":"…"}}`), put
/// together as a client does it: a key that a model repeats comes in a dozen events.
enum EventTexts {
  /// Members that carry the pieces, at OpenAI, Anthropic and others.
  private static let names = [
    "content", "text", "delta", "partial_json", "arguments", "thinking", "reasoning_content",
    "reasoning", "refusal",
  ].map { Array($0.utf8) }

  /// One view for each name of which there is more than one piece; the pieces are still escaped.
  static func views(of bytes: [UInt8]) -> [DecodedView] {
    var pieces = names.map { _ in [Range<Int>]() }
    var events = 0
    var index = 0
    while index < bytes.count {
      var end = index
      while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
      if end - index > 8, Bytes.has(mark, at: index, in: bytes) {
        events += 1
        collect(index..<end, bytes, &pieces)
      }
      index = end + 1
    }
    guard events > 1 else { return [] }
    return pieces.filter { $0.count > 1 }.map { DecodedView(pieces: $0, of: bytes) }
  }

  private static let mark = Array("data:".utf8)

  private static func collect(_ line: Range<Int>, _ bytes: [UInt8], _ pieces: inout [[Range<Int>]])
  {
    var index = line.lowerBound
    while index < line.upperBound {
      guard bytes[index] == UInt8(ascii: "\"") else {
        index += 1
        continue
      }
      // A string, and a string behind its colon where it is one of the names.
      let name = string(from: index, line, bytes)
      index = name.upperBound + 1
      var next = index
      while next < line.upperBound, Bytes.isBlank(bytes[next]) { next += 1 }
      guard next < line.upperBound, bytes[next] == UInt8(ascii: ":") else { continue }
      next += 1
      while next < line.upperBound, Bytes.isBlank(bytes[next]) { next += 1 }
      guard next < line.upperBound, bytes[next] == UInt8(ascii: "\"") else { continue }
      let value = string(from: next, line, bytes)
      index = value.upperBound + 1
      if let number = names.firstIndex(where: { $0.elementsEqual(bytes[name]) }), !value.isEmpty {
        pieces[number].append(value)
      }
    }
  }

  /// What stands between the quote at `open` and the next one that isn't escaped.
  private static func string(from open: Int, _ line: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
    var end = open + 1
    while end < line.upperBound, bytes[end] != UInt8(ascii: "\"") {
      end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    return (open + 1)..<max(open + 1, min(end, line.upperBound))
  }
}
