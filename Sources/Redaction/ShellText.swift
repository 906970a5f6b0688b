/// Captured bytes as one word of a POSIX shell, so that the shell gives the same bytes back
/// (POSIX.1-2024, Shell Command Language, 2.2).
///
/// `$'…'` is newer than many a `/bin/sh`, so control characters, invisible ones and bytes that aren't
/// UTF-8 come from `printf` in octal: `'a'"$(printf '\033')"'b'`. A substitution drops line feeds at its
/// end, so these stand between single quotes as they are; the line after one begins with `''`, never
/// with captured text.
public enum ShellText {
  /// The word, or nil where the bytes hold a zero: no argument can.
  public static func quote(_ bytes: [UInt8]) -> String? {
    guard !bytes.contains(0) else { return nil }
    if !bytes.isEmpty, bytes.allSatisfy({ isPlain($0) }) {
      return String(decoding: bytes, as: UTF8.self)
    }
    var output: [UInt8] = []
    var state = State.outside
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let scalar = UTF8Text.scalar(in: bytes[...], at: index)
      let length = scalar?.length ?? 1
      if byte == 0x0A {
        change(&state, to: .quoted, &output)
        output.append(byte)
        output += "''".utf8
      } else if byte == UInt8(ascii: "'") {
        change(&state, to: .outside, &output)
        output += "\\'".utf8
      } else if let scalar, !UTF8Text.isHidden(scalar.value) {
        change(&state, to: .quoted, &output)
        // `##[` is a command of CI systems wherever it stands in what they log.
        if byte == UInt8(ascii: "#"), index > 0, bytes[index - 1] == byte { output += "''".utf8 }
        output += bytes[index..<(index + length)]
      } else {
        change(&state, to: .octal, &output)
        for byte in bytes[index..<(index + length)] {
          output += [
            UInt8(ascii: "\\"), 0x30 + (byte >> 6), 0x30 + (byte >> 3 & 7), 0x30 + (byte & 7),
          ]
        }
      }
      index += length
    }
    change(&state, to: .outside, &output)
    return output.isEmpty ? "''" : String(decoding: output, as: UTF8.self)
  }

  /// The word for a text; nil where it holds U+0000.
  public static func quote(_ text: String) -> String? { quote(Array(text.utf8)) }

  private enum State {
    case outside
    case quoted
    case octal
  }

  private static func change(_ state: inout State, to next: State, _ output: inout [UInt8]) {
    guard state != next else { return }
    switch state {
    case .outside: break
    case .quoted: output += "'".utf8
    case .octal: output += "')\"".utf8
    }
    switch next {
    case .outside: break
    case .quoted: output += "'".utf8
    case .octal: output += "\"$(printf '".utf8
    }
    state = next
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    if Bytes.isAlphanumeric(byte) { return true }
    switch byte {
    case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"),
      UInt8(ascii: "@"), UInt8(ascii: "%"), UInt8(ascii: "+"), UInt8(ascii: ","):
      return true
    default: return false
    }
  }
}
