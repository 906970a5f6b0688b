/// Finds values under secret names: JSON members, `name=value` in queries, forms and logs, and header
/// lines in a text.
enum Members {
  struct Member {
    /// The value, without its quotes.
    var range: Range<Int>
    var meaning: SecretNames.Meaning
    var notation: Notation
    /// Whether the value is a credential with a scheme before the key.
    var hasScheme: Bool
  }

  enum Notation {
    /// `"name": "value"`, also with single quotes.
    case json
    /// `name=value`.
    case query
    /// `name: value` at the start of a line or after a quote.
    case line
  }

  /// The values under secret names in `bytes`, in one pass.
  static func matches(in bytes: [UInt8]) -> [Member] {
    var found: [Member] = []
    var index = 0
    while index < bytes.count {
      let member: Member?
      switch bytes[index] {
      case UInt8(ascii: ":"): member = colon(at: index, bytes)
      case UInt8(ascii: "="): member = equals(at: index, bytes)
      case 0x20: member = scheme(before: index, bytes)
      case UInt8(ascii: "["):
        found += list(at: index, bytes)
        member = nil
      default: member = nil
      }
      index += 1
      guard let member else { continue }
      found.append(member)
      // No member begins inside a secret value: `?key=?key=?key=…` is one, and read once.
      index = max(index, member.range.upperBound)
    }
    return found
  }

  // MARK: - `:`

  private static func colon(at index: Int, _ bytes: [UInt8]) -> Member? {
    var last = index - 1
    while last >= 0, Bytes.isBlank(bytes[last]) { last -= 1 }
    guard last > 0 else { return nil }
    if Bytes.isQuote(bytes[last]) { return json(endingAt: last, colon: index, bytes) }
    return last == index - 1 ? line(colon: index, bytes) : nil
  }

  private static func json(endingAt last: Int, colon: Int, _ bytes: [UInt8]) -> Member? {
    let start = startOfName(before: last, bytes)
    guard start > 0, bytes[start - 1] == bytes[last],
      let meaning = SecretNames.meaning(of: bytes[start..<last])
    else { return nil }
    var open = colon + 1
    while open < bytes.count, Bytes.isBlank(bytes[open]) { open += 1 }
    guard open < bytes.count, Bytes.isQuote(bytes[open]) else { return nil }
    let range = quoted(from: open, bytes)
    if meaning == .doubtful, !SecretNames.looksSecret(bytes[range]) { return nil }
    return Member(
      range: range, meaning: meaning, notation: .json,
      hasScheme: isAuthorization(bytes[start..<last]))
  }

  /// The strings of a list: `"api_key": ["…", "…"]`.
  private static func list(at open: Int, _ bytes: [UInt8]) -> [Member] {
    var colon = open - 1
    while colon > 0, Bytes.isBlank(bytes[colon]) { colon -= 1 }
    guard colon > 0, bytes[colon] == UInt8(ascii: ":") else { return [] }
    var last = colon - 1
    while last > 0, Bytes.isBlank(bytes[last]) { last -= 1 }
    guard last > 0, Bytes.isQuote(bytes[last]) else { return [] }
    let name = startOfName(before: last, bytes)..<last
    guard name.lowerBound > 0, bytes[name.lowerBound - 1] == bytes[last] else { return [] }
    let meaning = SecretNames.meaning(of: bytes[name])
    guard meaning == .credential || SecretNames.isPlural(bytes[name]) else { return [] }
    var found: [Member] = []
    var index = open + 1
    while index < bytes.count {
      if Bytes.isQuote(bytes[index]) {
        let range = quoted(from: index, bytes)
        found.append(
          Member(range: range, meaning: .credential, notation: .json, hasScheme: false))
        index = range.upperBound + 1
      } else if Bytes.isBlank(bytes[index]) || bytes[index] == UInt8(ascii: ",") {
        index += 1
      } else {
        break
      }
    }
    return found
  }

  // MARK: - Schemes

  /// `Bearer …` or `Basic …` in prose, where what follows reads like a credential.
  private static func scheme(before blank: Int, _ bytes: [UInt8]) -> Member? {
    guard blank >= 5, blank + 8 < bytes.count else { return nil }
    let isBearer = bytes[blank - 1] | 0x20 == UInt8(ascii: "r")
    let isBasic = bytes[blank - 1] | 0x20 == UInt8(ascii: "c")
    guard isBearer || isBasic else { return nil }
    let word = isBearer ? bearer : basic
    let start = blank - word.count
    guard start >= 0, Bytes.lowercased(bytes[start..<blank]) == word,
      start == 0 || !Bytes.isAlphanumeric(bytes[start - 1])
    else { return nil }
    var end = blank + 1
    while end < bytes.count, isToken68(bytes[end]) { end += 1 }
    let value = bytes[(blank + 1)..<end]
    if isBearer {
      guard SecretNames.looksRandom(value) else { return nil }
    } else {
      guard value.count >= 8, let pair = Base64.decoded(value), pair.contains(0x3A),
        pair.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
      else { return nil }
    }
    return Member(
      range: start..<end, meaning: .credential, notation: .line, hasScheme: true)
  }

  private static let bearer = Array("bearer".utf8)
  private static let basic = Array("basic".utf8)

  /// RFC 9110, 11.2.
  private static func isToken68(_ byte: UInt8) -> Bool {
    Bytes.isToken(byte) || byte == 0x2E || byte == 0x7E || byte == 0x2B || byte == 0x2F
      || byte == 0x3D
  }

  // MARK: - Lines

  private static func line(colon: Int, _ bytes: [UInt8]) -> Member? {
    let start = startOfName(before: colon, bytes)
    guard start < colon, let meaning = SecretNames.meaning(of: bytes[start..<colon]) else {
      return nil
    }
    let before = start > 0 ? bytes[start - 1] : 0x0A
    guard before == 0x0A || before == 0x0D || Bytes.isBlank(before) || Bytes.isQuote(before) else {
      return nil
    }
    var value = colon + 1
    while value < bytes.count, bytes[value] == 0x20 || bytes[value] == 0x09 { value += 1 }
    if meaning == .cookies || meaning == .setCookie {
      guard before != 0x20, before != 0x09 else { return nil }
      var end = value
      while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D, bytes[end] != before {
        end += 1
      }
      return Member(range: value..<end, meaning: meaning, notation: .line, hasScheme: false)
    }
    // The schemes and one word: a sentence about passwords is no password.
    var end = value
    var word = value..<value
    for _ in 0..<4 {
      let from = end
      while end < bytes.count, !endsWord(bytes[end]) { end += 1 }
      word = from..<end
      guard isAuthorization(bytes[start..<colon]), CredentialParts.isScheme(bytes[word]) else {
        break
      }
      while end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x09 { end += 1 }
    }
    let isBare = word.lowerBound == value
    guard !word.isEmpty, !isBare || SecretNames.looksSecret(bytes[word]) else { return nil }
    if meaning == .doubtful {
      // `X-Signing-Key: …` of a head, but not a word and a colon in prose.
      guard before == 0x0A || before == 0x0D,
        SecretNames.looksRandom(bytes[word], from: KeyRing.shortestIncidental)
      else { return nil }
    }
    return Member(range: word, meaning: meaning, notation: .line, hasScheme: false)
  }

  // MARK: - `=`

  private static func equals(at index: Int, _ bytes: [UInt8]) -> Member? {
    let start = startOfName(before: index, bytes)
    if bytes[start..<index].elementsEqual(name) { return part(at: index, bytes) }
    guard start < index, let meaning = SecretNames.meaning(of: bytes[start..<index]),
      meaning == .credential || meaning == .doubtful, index + 1 < bytes.count,
      bytes[index + 1] != UInt8(ascii: "=")
    else { return nil }
    let before = start > 0 ? bytes[start - 1] : 0
    // `key=` is a member of a query after `?` and `&`, of a fragment after `#`; elsewhere it may be
    // anything.
    let isQuery =
      before == UInt8(ascii: "?") || before == UInt8(ascii: "&") || before == UInt8(ascii: "#")
      || (before == UInt8(ascii: ";") && Bytes.has(Array("&amp;".utf8), at: start - 5, in: bytes))
    // A parameter of a path, and the first member of a form.
    let maybeQuery = start == 0 || before == UInt8(ascii: ";")
    if meaning == .doubtful, !isQuery, !maybeQuery { return nil }
    let range: Range<Int>
    if Bytes.isQuote(bytes[index + 1]) {
      range = quoted(from: index + 1, bytes)
    } else {
      var end = index + 1
      let isVariable = bytes[end] == UInt8(ascii: "$") || bytes[end] == UInt8(ascii: "{")
      while end < bytes.count,
        !endsWord(bytes[end]) || (isVariable && bytes[end] == UInt8(ascii: "}")),
        bytes[end] != UInt8(ascii: "&"),
        bytes[end] != UInt8(ascii: "#") || Bytes.has(Array("key#".utf8), at: end - 3, in: bytes)
      {
        end += 1
      }
      range = (index + 1)..<end
    }
    guard !range.isEmpty else { return nil }
    if meaning == .doubtful, !isQuery, !SecretNames.looksRandom(bytes[range]) { return nil }
    return Member(range: range, meaning: meaning, notation: .query, hasScheme: false)
  }

  private static let name = Array("name".utf8)

  /// The content of a part of a form (RFC 7578, 4.2): `…; name="api_key"`, an empty line, the value.
  private static func part(at index: Int, _ bytes: [UInt8]) -> Member? {
    guard index + 1 < bytes.count, Bytes.isQuote(bytes[index + 1]) else { return nil }
    let quoted = quoted(from: index + 1, bytes)
    guard let meaning = SecretNames.meaning(of: bytes[quoted]),
      meaning == .credential || meaning == .doubtful
    else { return nil }
    // Further fields of the part's head may follow.
    var start = quoted.upperBound
    let limit = min(bytes.count, start + 256)
    while start < limit, !Bytes.has(emptyLine, at: start, in: bytes) { start += 1 }
    guard start < limit else { return nil }
    start += emptyLine.count
    var end = start
    while end < bytes.count, bytes[end] != 0x0D, bytes[end] != 0x0A { end += 1 }
    if meaning == .doubtful, !SecretNames.looksSecret(bytes[start..<end]) { return nil }
    return start < end
      ? Member(range: start..<end, meaning: meaning, notation: .line, hasScheme: false) : nil
  }

  private static let emptyLine: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]

  // MARK: - Parts

  private static func isAuthorization(_ name: ArraySlice<UInt8>) -> Bool {
    let lower = Bytes.lowercased(name)
    return lower.suffix(13).elementsEqual("authorization".utf8)
  }

  /// Where the name begins that ends before `end`; names that are too long are cut, and match nothing.
  private static func startOfName(before end: Int, _ bytes: [UInt8]) -> Int {
    var start = end
    while start > 0, end - start <= SecretNames.longest,
      Bytes.isToken(bytes[start - 1]) || bytes[start - 1] == 0x2E
    {
      start -= 1
    }
    return start
  }

  /// What stands between the quote at `open` and the next one like it that isn't escaped. A line's end
  /// and the end of the text end it too: the text may be cut.
  private static func quoted(from open: Int, _ bytes: [UInt8]) -> Range<Int> {
    let quote = bytes[open]
    var end = open + 1
    while end < bytes.count, bytes[end] != quote, bytes[end] != 0x0A, bytes[end] != 0x0D {
      end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    return (open + 1)..<min(end, bytes.count)
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x00...0x20, 0x22, 0x27, 0x29, 0x2C, 0x3B, 0x3C, 0x3E, 0x5C, 0x5D, 0x60, 0x7C, 0x7D: true
    default: false
    }
  }
}
