/// What people and models wrote, made unreadable without moving a byte.
enum Prose {
  /// Members whose values a protocol gives, and nobody writes.
  private static let kept: Set<String> = [
    "model", "role", "type", "object", "id", "finish_reason", "stop_reason", "status", "event",
    "name", "tool_choice", "encoding_format", "service_tier", "system_fingerprint", "call_id",
    "tool_call_id", "item_id", "code", "param", "detail", "format", "reasoning_effort",
  ]

  /// - Returns: as many bytes, in which letters and digits of texts are `x`.
  static func hidden(_ content: [UInt8], isEventStream: Bool) -> [UInt8] {
    if isEventStream { return hiddenEvents(content) }
    let first = content.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return hiddenJSON(content[...]) }
    return content.map(x)
  }

  private static func hiddenEvents(_ content: [UInt8]) -> [UInt8] {
    let data = Array("data:".utf8)
    var result: [UInt8] = []
    result.reserveCapacity(content.count)
    for line in content.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if !result.isEmpty || line.startIndex > 0 { result.append(0x0A) }
      if line.starts(with: data), !line.dropFirst(5).trimmedStarts(with: "[DONE]") {
        result += data + hiddenJSON(line.dropFirst(5))
      } else {
        result += line
      }
    }
    return result
  }

  /// Every string that is a value, but for those of known members, whatever the rest is: this is
  /// read by nobody who could complain.
  private static func hiddenJSON(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result = Array(text)
    var name = ""
    var index = 0
    while index < result.count {
      guard result[index] == UInt8(ascii: "\"") else {
        index += 1
        continue
      }
      let start = index + 1
      var end = start
      while end < result.count, result[end] != UInt8(ascii: "\"") {
        end += result[end] == UInt8(ascii: "\\") ? 2 : 1
      }
      end = min(end, result.count)
      var next = end + 1
      while next < result.count, [0x20, 0x09, 0x0A, 0x0D].contains(result[next]) { next += 1 }
      if next < result.count, result[next] == UInt8(ascii: ":") {
        name = String(decoding: result[start..<end], as: UTF8.self)
      } else if !kept.contains(name) {
        hide(&result, start..<end)
      }
      index = end + 1
    }
    return result
  }

  /// Escapes stay what they are, so that the text stays as long when they are undone.
  private static func hide(_ bytes: inout [UInt8], _ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound {
      if bytes[index] == UInt8(ascii: "\\"), index + 1 < range.upperBound {
        if bytes[index + 1] == UInt8(ascii: "u") {
          let digits = Array("0078".utf8)
          for place in 0..<4 where index + 2 + place < range.upperBound {
            bytes[index + 2 + place] = digits[place]
          }
          index += 6
        } else {
          index += 2
        }
      } else {
        bytes[index] = x(bytes[index])
        index += 1
      }
    }
  }

  private static func x(_ byte: UInt8) -> UInt8 {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: UInt8(ascii: "x")
    default: byte
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func trimmedStarts(with text: StaticString) -> Bool {
    drop { $0 == 0x20 }.starts(with: "\(text)".utf8)
  }
}
