/// The body of a request as LiteLLM reads it: with orjson, whose words for what is wrong with it
/// stand in the proxy's answer.
struct RequestJSON {
  struct Failure: Error, Equatable {
    /// As orjson says it, with line, column and character.
    var message: String
  }

  /// Deeper documents are refused; orjson gives up at 1024 as well.
  private static let depthLimit = 512

  private let bytes: [UInt8]
  private var index = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// - Returns: `.null` for a body of nothing.
  static func parse(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
    var parser = RequestJSON(bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw parser.failure("UTF-8 byte order mark (BOM) is not supported", at: 0)
    }
    parser.skipBlanks()
    guard parser.index < bytes.count else { throw parser.failure("input data is empty", at: 0) }
    let value = try parser.value(depth: 0)
    parser.skipBlanks()
    guard parser.index == bytes.count else {
      throw parser.failure("unexpected content after document", at: parser.index)
    }
    return value
  }

  /// Whether orjson would take the bytes for text at all.
  static func isText(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
  }

  // MARK: Values

  private mutating func value(depth: Int) throws(Failure) -> JSONValue {
    guard depth < Self.depthLimit else {
      throw failure("recursion limit reached", at: index)
    }
    guard index < bytes.count else { throw ended() }
    switch bytes[index] {
    case 0x7B: return try object(depth: depth)
    case 0x5B: return try array(depth: depth)
    case 0x22: return .string(try string())
    case 0x74: return try literal("true", .boolean(true))
    case 0x66: return try literal("false", .boolean(false))
    case 0x6E: return try literal("null", .null)
    case 0x2D, 0x30...0x39: return try number()
    case 0x2B, 0x2E: throw failure("no digit after sign", at: index)
    default: throw failure("unexpected character, expected a JSON value", at: index)
    }
  }

  private mutating func object(depth: Int) throws(Failure) -> JSONValue {
    var members: [String: JSONValue] = [:]
    index += 1
    skipBlanks()
    guard index < bytes.count else { throw ended() }
    if bytes[index] == 0x7D {
      index += 1
      return .object(members)
    }
    while true {
      guard index < bytes.count else { throw ended() }
      guard bytes[index] == 0x22 else {
        throw failure("unexpected character, expected a string key", at: index)
      }
      let name = try string()
      skipBlanks()
      guard index < bytes.count else { throw ended() }
      guard bytes[index] == 0x3A else {
        throw failure("unexpected character, expected ':' after key", at: index)
      }
      index += 1
      skipBlanks()
      members[name] = try value(depth: depth + 1)
      if try isAtEnd(0x7D, "unexpected character, expected ',' or '}'") { return .object(members) }
    }
  }

  private mutating func array(depth: Int) throws(Failure) -> JSONValue {
    var elements: [JSONValue] = []
    index += 1
    skipBlanks()
    guard index < bytes.count else { throw ended() }
    if bytes[index] == 0x5D {
      index += 1
      return .array(elements)
    }
    while true {
      elements.append(try value(depth: depth + 1))
      if try isAtEnd(0x5D, "unexpected character, expected ',' or ']'") { return .array(elements) }
    }
  }

  /// Behind a member or element: goes past the comma, or past the end.
  private mutating func isAtEnd(_ end: UInt8, _ message: String) throws(Failure) -> Bool {
    skipBlanks()
    guard index < bytes.count else { throw ended() }
    if bytes[index] == end {
      index += 1
      return true
    }
    guard bytes[index] == 0x2C else { throw failure(message, at: index) }
    let comma = index
    index += 1
    skipBlanks()
    guard index < bytes.count else { throw ended() }
    if bytes[index] == end { throw failure("trailing comma is not allowed", at: comma) }
    return false
  }

  private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(Failure)
    -> JSONValue
  {
    let text = Array(word.description.utf8)
    for (offset, byte) in text.enumerated() {
      guard index + offset < bytes.count else { throw ended() }
      guard bytes[index + offset] == byte else {
        throw failure("invalid literal, expected '\(word)'", at: index)
      }
    }
    index += text.count
    return value
  }

  private mutating func number() throws(Failure) -> JSONValue {
    let start = index
    if bytes[index] == 0x2D { index += 1 }
    guard index < bytes.count else { throw ended() }
    guard isDigit(index) else { throw failure("no digit after sign", at: start) }
    if bytes[index] == 0x30, index + 1 < bytes.count, isDigit(index + 1) {
      throw failure("number with leading zero is not allowed", at: index)
    }
    var isInteger = true
    skipDigits()
    if index < bytes.count, bytes[index] == 0x2E {
      isInteger = false
      try fraction("no digit after decimal point")
    }
    if index < bytes.count, bytes[index] | 0x20 == 0x65 {
      isInteger = false
      if index + 1 < bytes.count, bytes[index + 1] == 0x2B || bytes[index + 1] == 0x2D {
        index += 1
      }
      try fraction("no digit after exponent sign")
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if isInteger, let integer = Int(text) { return .integer(integer) }
    return .number(Double(text) ?? 0)
  }

  private mutating func fraction(_ message: String) throws(Failure) {
    index += 1
    guard index < bytes.count else { throw ended() }
    guard isDigit(index) else { throw failure(message, at: index) }
    skipDigits()
  }

  private func isDigit(_ index: Int) -> Bool { 0x30...0x39 ~= bytes[index] }

  private mutating func skipDigits() {
    while index < bytes.count, isDigit(index) { index += 1 }
  }

  private mutating func skipBlanks() {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      default: return
      }
    }
  }

  // MARK: Strings

  private mutating func string() throws(Failure) -> String {
    let start = index
    index += 1
    let content = index
    while index < bytes.count, bytes[index] != 0x22, bytes[index] != 0x5C, bytes[index] >= 0x20 {
      index += 1
    }
    guard index < bytes.count else { throw ended() }
    if bytes[index] == 0x22 {
      defer { index += 1 }
      return String(decoding: bytes[content..<index], as: UTF8.self)
    }
    return try escapedString(from: content, start)
  }

  private mutating func escapedString(from content: Int, _ start: Int) throws(Failure) -> String {
    var text = Array(bytes[content..<index])
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case 0x22:
        index += 1
        return String(decoding: text, as: UTF8.self)
      case 0x5C: try escape(into: &text)
      case ..<0x20: throw failure("unexpected control character in string", at: index)
      default:
        text.append(byte)
        index += 1
      }
    }
    throw ended()
  }

  private mutating func escape(into text: inout [UInt8]) throws(Failure) {
    let start = index
    index += 1
    guard index < bytes.count else { throw ended() }
    let byte = bytes[index]
    index += 1
    switch byte {
    case 0x22, 0x5C, 0x2F: text.append(byte)
    case 0x62: text.append(0x08)
    case 0x66: text.append(0x0C)
    case 0x6E: text.append(0x0A)
    case 0x72: text.append(0x0D)
    case 0x74: text.append(0x09)
    case 0x75:
      let first = try unit(start)
      var scalar = first
      if 0xDC00...0xDFFF ~= first { throw failure("invalid high surrogate in string", at: start) }
      if 0xD800...0xDBFF ~= first {
        guard index + 1 < bytes.count, bytes[index] == 0x5C, bytes[index + 1] == 0x75 else {
          throw failure("no low surrogate in string", at: start)
        }
        index += 2
        let second = try unit(start)
        guard 0xDC00...0xDFFF ~= second else {
          throw failure("invalid low surrogate in string", at: start)
        }
        scalar = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
      }
      if let scalar = Unicode.Scalar(scalar) { text += Array(String(Character(scalar)).utf8) }
    default: throw failure("invalid escaped sequence in string", at: start)
    }
  }

  private mutating func unit(_ start: Int) throws(Failure) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard index < bytes.count, let digit = Character(UnicodeScalar(bytes[index])).hexDigitValue
      else { throw failure("invalid escaped sequence in string", at: start) }
      unit = unit << 4 | UInt32(digit)
      index += 1
    }
    return unit
  }

  // MARK: Failures

  private func ended() -> Failure { failure("unexpected end of data", at: bytes.count) }

  /// orjson counts characters, not bytes.
  private func failure(_ message: String, at place: Int) -> Failure {
    let before = bytes.prefix(place)
    let characters = before.count { $0 & 0xC0 != 0x80 }
    let line = before.count { $0 == 0x0A } + 1
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
    return Failure(message: "\(message): line \(line) column \(column) (char \(characters))")
  }
}
