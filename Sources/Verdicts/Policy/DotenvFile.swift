/// A file of `NAME=value` lines, as python-dotenv and Docker Compose read it.
///
/// Takes an `export` in front, blanks around `=`, single and double quotes (also over several lines)
/// and comments; of repeated names the last counts. Values that refer to other variables are not
/// expanded but refused, since the result would depend on who expands them.
struct DotenvFile {
  /// What a name stands for.
  enum Value: Equatable {
    case text([UInt8])
    /// Can't be taken as it stands; `line` is counted from 1.
    case unusable(reason: String, line: Int)
  }

  private var entries: [(name: String, value: Value)] = []

  /// The names in order of their lines, repeats included.
  var names: [String] { entries.map(\.name) }

  /// The last value of a name; nil if the file doesn't have it.
  func value(of name: String) -> Value? {
    entries.last { $0.name == name }?.value
  }

  /// Reads the whole file; lines that aren't `NAME=value` are passed over.
  init(_ bytes: [UInt8]) {
    var reader = Reader(bytes: bytes)
    while let entry = reader.next() { entries.append(entry) }
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0
    var line = 1

    init(bytes: [UInt8]) {
      self.bytes = bytes
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// The next `NAME=value`.
    mutating func next() -> (name: String, value: Value)? {
      while byte != nil {
        if let entry = readLine() { return entry }
        skipLine()
      }
      return nil
    }

    private mutating func readLine() -> (name: String, value: Value)? {
      skipBlanks()
      var name = readName()
      if name == "export", byte == 0x20 || byte == 0x09 {
        skipBlanks()
        if byte != UInt8(ascii: "=") { name = readName() }
      }
      guard ExpectedKeySource.isVariableName(name) else { return nil }
      skipBlanks()
      guard byte == UInt8(ascii: "=") else { return nil }
      position += 1
      skipBlanks()
      let start = line
      let value = readValue()
      switch value {
      case .text(let text, let isLiteral) where !isLiteral && Self.refersToVariable(text):
        return (name, .unusable(reason: "it refers to another variable", line: start))
      case .text(let text, _):
        return (name, .text(text))
      case .broken(let reason):
        return (name, .unusable(reason: reason, line: start))
      }
    }

    private enum RawValue {
      case text([UInt8], isLiteral: Bool)
      case broken(String)
    }

    private mutating func readValue() -> RawValue {
      switch byte {
      case UInt8(ascii: "'"): readQuoted(by: UInt8(ascii: "'"))
      case UInt8(ascii: "\""): readQuoted(by: UInt8(ascii: "\""))
      default: .text(readPlain(), isLiteral: false)
      }
    }

    /// Up to the line's end or a comment, which needs a blank before its `#`.
    private mutating func readPlain() -> [UInt8] {
      var value: [UInt8] = []
      var previous: UInt8 = 0x20
      while let byte, byte != 0x0A {
        if byte == UInt8(ascii: "#"), previous == 0x20 || previous == 0x09 { break }
        value.append(byte)
        previous = byte
        position += 1
      }
      while let last = value.last, last == 0x20 || last == 0x09 || last == 0x0D {
        value.removeLast()
      }
      return value
    }

    private mutating func readQuoted(by quote: UInt8) -> RawValue {
      let start = (position: position, line: line)
      let isSingle = quote == UInt8(ascii: "'")
      position += 1
      var value: [UInt8] = []
      while let byte, byte != quote {
        position += 1
        if byte == 0x0A { line += 1 }
        guard byte == UInt8(ascii: "\\"), let escaped = self.byte else {
          value.append(byte)
          continue
        }
        if isSingle, escaped != quote, escaped != UInt8(ascii: "\\") {
          value.append(byte)
          continue
        }
        position += 1
        if escaped == 0x0A { line += 1 }
        switch escaped {
        case UInt8(ascii: "n"): value.append(0x0A)
        case UInt8(ascii: "r"): value.append(0x0D)
        case UInt8(ascii: "t"): value.append(0x09)
        case quote, UInt8(ascii: "\\"), UInt8(ascii: "$"): value.append(escaped)
        default: value += [byte, escaped]
        }
      }
      guard byte == quote else {
        // Without this a quote left open would swallow every later line.
        (position, line) = start
        skipToLineEnd()
        return .broken("a quote is not closed")
      }
      position += 1
      skipBlanks()
      guard byte == nil || byte == 0x0A || byte == 0x0D || byte == UInt8(ascii: "#") else {
        skipToLineEnd()
        return .broken("there is text behind the closing quote")
      }
      return .text(value, isLiteral: isSingle)
    }

    private static func refersToVariable(_ value: [UInt8]) -> Bool {
      zip(value, value.dropFirst()).contains { $0 == UInt8(ascii: "$") && $1 == UInt8(ascii: "{") }
    }

    private mutating func readName() -> String {
      let start = position
      while let byte, byte == 0x5F || byte == 0x2E || byte == 0x2D || Self.isAlphanumeric(byte) {
        position += 1
      }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
      (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
    }

    private mutating func skipBlanks() {
      while byte == 0x20 || byte == 0x09 { position += 1 }
    }

    private mutating func skipToLineEnd() {
      while let byte, byte != 0x0A { position += 1 }
    }

    private mutating func skipLine() {
      skipToLineEnd()
      guard byte != nil else { return }
      position += 1
      line += 1
    }
  }
}
