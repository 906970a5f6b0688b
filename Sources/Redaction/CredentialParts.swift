/// Splits the value of a credential header into what is secret and what is shown: the scheme stays,
/// and so does everything that is the diagnosis (quotes, doubled schemes, commas, placeholders).
struct CredentialParts {
  let ring: KeyRing
  let standing: KeyRing.Standing

  private static let schemes = words([
    "bearer", "basic", "token", "apikey", "api-key", "key", "jwt",
  ])
  /// Schemes whose parameters are a secret as a whole.
  private static let wholeSchemes = words([
    "digest", "negotiate", "ntlm", "oauth", "hmac", "hoba", "mutual", "vapid", "dpop", "gnap",
    "privatetoken", "aws4-hmac-sha256", "scram-sha-1", "scram-sha-256", "sharedkey", "signature",
  ])

  /// The secret parts of `bytes[range]`.
  /// - Parameters:
  ///   - isSplit: whether a value of several words is taken word by word.
  ///   - decode: undoes the escapes of the place that the value was found in.
  func ranges(
    in bytes: [UInt8], _ range: Range<Int>, isSplit: Bool = true,
    decode: ([UInt8]) -> [UInt8] = { $0 }
  ) -> [SecretRange] {
    var rest = Bytes.trimmed(bytes[range])
    var scheme: [UInt8] = []
    while let first = Self.firstScheme(of: rest) {
      scheme = Bytes.lowercased(rest[first])
      rest = Bytes.trimmed(rest[first.upperBound...])
      if scheme.last == UInt8(ascii: ":") { scheme.removeLast() }
      if Self.wholeSchemes.contains(scheme) { break }
    }
    guard !rest.isEmpty else { return [] }
    let key = decode(Array(rest))
    if ring.isShownAsIs(key) { return [] }
    if scheme == Array("basic".utf8), let found = basic(key, rest.indices) { return found }
    let isWhole = !isSplit || ring.contains(key) || Self.wholeSchemes.contains(scheme)
    if isWhole || !rest.contains(where: { Self.separates($0) }) {
      return [SecretRange(range: rest.indices, standIn: .fingerprint(of: key, standing))]
    }
    return pieces(of: rest, decode)
  }

  /// RFC 7617: base64 of user-id, colon, password. The password is the secret; where there is none,
  /// the user-id is (`curl -u KEY:`). Nil where that can't be read: then the text is the key.
  private func basic(_ key: [UInt8], _ range: Range<Int>) -> [SecretRange]? {
    guard let decoded = Base64.decoded(key[...]), let colon = decoded.firstIndex(of: 0x3A) else {
      return nil
    }
    let password = Array(decoded[(colon + 1)...])
    let user = Array(decoded[..<colon])
    let secret = password.isEmpty ? user : password
    let others = !password.isEmpty && SecretNames.looksRandom(user[...], from: 12) ? [user] : []
    // `admin:changeme` shows nothing; the text stays what was sent.
    if ring.isShownAsIs(secret) {
      return KnownShapes.matches(in: user).isEmpty && !ring.contains(user) && others.isEmpty
        ? [] : nil
    }
    return [
      SecretRange(
        range: range, standIn: .fingerprint(of: secret, standing), form: key, others: others)
    ]
  }

  /// Each word of a malformed value on its own, so that the report shows how it is malformed.
  private func pieces(of rest: ArraySlice<UInt8>, _ decode: ([UInt8]) -> [UInt8]) -> [SecretRange] {
    var found: [SecretRange] = []
    var start = rest.startIndex
    while start < rest.endIndex {
      guard !Self.separates(rest[start]), !Self.brackets(rest[start]) else {
        start += 1
        continue
      }
      var end = start
      while end < rest.endIndex, !Self.separates(rest[end]), !Self.brackets(rest[end]) { end += 1 }
      var word = rest[start..<end]
      start = end
      if let last = word.last, last == UInt8(ascii: ":") || last == UInt8(ascii: "=") {
        let name = word.dropLast()
        if SecretNames.meaning(of: name) != nil || Self.isScheme(name) { word = name }
      }
      guard word.contains(where: { Bytes.isAlphanumeric($0) }), !Self.isScheme(word),
        SecretNames.meaning(of: word) == nil
      else { continue }
      let key = decode(Array(word))
      if ring.isShownAsIs(key) { continue }
      // Words of an error text that was sent as a key must not be searched for everywhere.
      let isKey =
        word.count >= 8 && SecretNames.looksSecret(word) && word.contains { Bytes.isDigit($0) }
      found.append(
        SecretRange(
          range: word.indices, standIn: .fingerprint(of: key, isKey ? standing : .incidental)))
    }
    return found
  }

  /// The values in a Cookie header, or the first value in a Set-Cookie header (RFC 6265, 4).
  func cookies(in bytes: [UInt8], _ range: Range<Int>, isSet: Bool) -> [SecretRange] {
    var found: [SecretRange] = []
    for pair in bytes[range].split(separator: UInt8(ascii: ";")) {
      // A cookie without a name is all value (RFC 6265bis, 5.6).
      let start = pair.firstIndex(of: UInt8(ascii: "=")).map { $0 + 1 } ?? pair.startIndex
      var value = Bytes.trimmed(pair[start...])
      if value.count >= 2, value.first == UInt8(ascii: "\""), value.last == UInt8(ascii: "\"") {
        value = value.dropFirst().dropLast()
      }
      let key = Array(value)
      if !ring.isShownAsIs(key) {
        found.append(
          SecretRange(range: value.indices, standIn: .fingerprint(of: key, .incidental)))
      }
      if isSet { break }
    }
    return found
  }

  private static func firstScheme(of value: ArraySlice<UInt8>) -> Range<Int>? {
    var end = value.startIndex
    while end < value.endIndex, !Bytes.isBlank(value[end]), end - value.startIndex < 24 { end += 1 }
    let word = value[value.startIndex..<end]
    guard end == value.endIndex || Bytes.isBlank(value[end]) else { return nil }
    return isScheme(word.last == UInt8(ascii: ":") ? word.dropLast() : word) ? word.indices : nil
  }

  static func isScheme(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.count >= 3, word.count <= 20 else { return false }
    let lower = Bytes.lowercased(word)
    return schemes.contains(lower) || wholeSchemes.contains(lower)
  }

  private static func separates(_ byte: UInt8) -> Bool {
    Bytes.isBlank(byte) || Bytes.isQuote(byte) || byte == UInt8(ascii: ",")
  }

  private static func brackets(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x28, 0x29, 0x5B, 0x5D, 0x7B, 0x7D, 0x3B, 0x3C, 0x3E: true
    default: false
    }
  }

  private static func words(_ words: [String]) -> Set<[UInt8]> { Set(words.map { Array($0.utf8) }) }
}
