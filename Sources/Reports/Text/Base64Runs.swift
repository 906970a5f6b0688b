internal import LiteLLM

/// Pictures, recordings and vectors in base64 (RFC 4648) inside a text: counted, not repeated.
enum Base64Runs {
  /// Characters from which on a run is left out; no key or hash is as long.
  private static let shortest = 256

  /// The text with `[4.0 kB base64]` in the place of each run. It comes behind the redactor, which
  /// knows some keys only by all of their form.
  static func elided(_ text: [UInt8]) -> [UInt8] {
    guard text.count >= shortest else { return text }
    var output: [UInt8] = []
    var copied = 0
    var index = 0
    while index < text.count {
      let start = index
      while index < text.count {
        if isLetter(text[index]) {
          index += 1
        } else if text[index] == 0x5C, index + 1 < text.count, text[index + 1] == 0x2F {
          // Some encoders of JSON write a slash so.
          index += 2
        } else {
          break
        }
      }
      let length = index - start
      while index < text.count, text[index] == 0x3D { index += 1 }
      if length >= shortest {
        output += text[copied..<start]
        output += "[\(ByteCount.text(index - start)) base64]".utf8
        copied = index
      } else if index == start {
        index += 1
      }
    }
    guard copied > 0 else { return text }
    return output + text[copied...]
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F, 0x2D, 0x5F: true
    default: false
    }
  }
}
