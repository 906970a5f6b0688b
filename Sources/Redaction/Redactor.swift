/// Puts fingerprints in the place of secrets. Everything that the tool writes goes through it, unless
/// `--show-secrets` was given.
///
/// It works on bytes, because captured text is not always UTF-8. A text is read as it is and with
/// escapes undone (JSON and percent, also one inside the other, three deep); what is found in any of
/// these readings is replaced in the text. Nothing else is changed, and redacting twice gives the
/// same. The time is linear in the text, whatever the text and the keys are.
///
/// Redacting remembers keys: a key seen once is found from then on wherever it turns up. So one
/// redactor serves one run, and texts go through it in the order of the capture.
public struct Redactor: Sendable {
  /// The keys seen so far.
  public var keys: KeyRing
  /// Whether everything passes unchanged (`--show-secrets`).
  public let isShowingSecrets: Bool
  /// What is written in the place of secrets.
  public var standIns = StandIns.fingerprints

  /// Escapes that are undone one inside the other.
  static let deepest = 3
  /// Bytes from which on a text is read in windows, so that memory doesn't grow with it.
  private static let longestAtOnce = 1 << 18

  /// A redactor that knows the keys of `keys`.
  public init(keys: KeyRing = KeyRing(), showingSecrets: Bool = false) {
    self.keys = keys
    isShowingSecrets = showingSecrets
  }

  /// A field's value with the keys in it replaced.
  ///
  /// In fields that hold credentials (safety rule 1: `Authorization`, `x-api-key`, `*-token`, …) only
  /// the key is replaced, never the scheme: `Bearer key#1`. A value of several words is replaced word
  /// by word, so that it shows how it is malformed. In `Cookie` and `Set-Cookie` names and attributes
  /// stay. Placeholders, unexpanded variables and stringified values stay where they are the whole
  /// credential. Other fields are read as ``text(_:)``.
  public mutating func headerValue(name: [UInt8], value: [UInt8]) -> [UInt8] {
    guard !isShowingSecrets, !value.isEmpty else { return value }
    var found: [SecretRange] = []
    let incidental = CredentialParts(ring: keys, standing: .incidental)
    switch SecretNames.meaning(of: Bytes.trimmed(name[...])) {
    case .doubtful where Self.isNonce(name, value): break
    case .credential:
      found = CredentialParts(ring: keys, standing: .credential).ranges(in: value, value.indices)
    case .doubtful: found = incidental.ranges(in: value, value.indices)
    case .cookies: found = incidental.cookies(in: value, value.indices, isSet: false)
    case .setCookie: found = incidental.cookies(in: value, value.indices, isSet: true)
    case nil:
      let name = Bytes.lowercased(name[...])
      if name == Self.subprotocols {
        let parts = CredentialParts(ring: keys, standing: .credential)
        found = Subprotocols.keys(in: value).flatMap { parts.ranges(in: value, $0) }
      } else if Self.authorities.contains(name) {
        found = userinfo(Userinfo.secrets(inAuthority: value.indices, of: value), value)
      }
    }
    return replacing(found, in: value)
  }

  /// A request target with the secrets in its query and userinfo replaced (RFC 9112, 3.2).
  public mutating func target(_ target: [UInt8]) -> [UInt8] {
    guard !isShowingSecrets else { return target }
    var found = query(of: target)
    found += userinfo(Userinfo.secrets(inTarget: target), target)
    if let mark = target.firstIndex(of: UInt8(ascii: "#")) {
      // No client sends a fragment on purpose.
      let fragment = target[(mark + 1)...]
      let key = DecodedView.percentDecoded(Array(fragment))
      if SecretNames.looksRandom(fragment, from: 16), !fragment.contains(UInt8(ascii: "=")),
        !keys.isShownAsIs(key)
      {
        found.append(
          SecretRange(range: fragment.indices, standIn: .fingerprint(of: key, .incidental)))
      }
    }
    return replacing(found, in: target)
  }

  /// Any text, such as a body or an error's message, with the secrets in it replaced: known shapes,
  /// the keys seen so far in any form and in part, members of secret names, passwords in URLs, masked keys and
  /// hashes of keys.
  public mutating func text(_ text: [UInt8]) -> [UInt8] {
    guard !isShowingSecrets else { return text }
    let text = joiningEvents(text)
    if text.count <= Self.longestAtOnce {
      return replacing([], in: text)
    }
    var stream = StreamRedactor()
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var start = 0
    while start < text.count {
      let end = min(text.count, start + Self.longestAtOnce)
      output += stream.feed(text[start..<end], through: &self)
      start = end
    }
    return output + stream.finish(through: &self)
  }

  /// Any text, as ``text(_:)-swift.method``; what isn't UTF-8 in the result becomes U+FFFD.
  public mutating func text(_ text: String) -> String {
    guard !isShowingSecrets else { return text }
    let redacted: [UInt8] = self.text(Array(text.utf8))
    return String(decoding: redacted, as: UTF8.self)
  }

  /// A text that was redacted before, with the keys in it replaced that have become known since.
  /// Nothing else is looked for.
  public mutating func knownKeys(in text: String) -> String {
    guard !isShowingSecrets else { return text }
    let bytes = Array(text.utf8)
    keys.prepareSearch()
    var found: [SecretRange] = []
    find(in: DecodedView(bytes), depth: 0, onlyKnown: true, &found)
    guard !found.isEmpty else { return text }
    return String(
      decoding: replacing(Self.merged(found), in: bytes, bytes.indices), as: UTF8.self)
  }

  /// The scheme of a credential as it may be shown: a word that is none may be the key itself.
  public mutating func scheme(_ scheme: String) -> String {
    let bytes = Array(scheme.utf8)
    guard !isShowingSecrets, !CredentialParts.isScheme(bytes[...]) else { return scheme }
    return keys.fingerprint(of: bytes, as: .incidental) ?? scheme
  }

  /// - Parameter found: secrets by the place of the text, beside those that it shows itself.
  private mutating func replacing(_ found: [SecretRange], in source: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    var rounds = 0
    // A key that was met for the first time may stand in front of that place, too.
    repeat {
      let ranges = Self.merged(found + secrets(in: source))
      output = replacing(ranges, in: source, source.indices)
      rounds += 1
    } while keys.hasKeysToLookFor && rounds < 4
    return output
  }

  // MARK: - Finding

  /// Fields whose value is an authority (RFC 9110, 7.2; RFC 9113, 8.3.1).
  private static let authorities = [Array("host".utf8), Array(":authority".utf8)]

  /// The nonce of a WebSocket's handshake (RFC 6455, 4.1): 16 random bytes in base64, once used.
  private static func isNonce(_ name: [UInt8], _ value: [UInt8]) -> Bool {
    Bytes.lowercased(name[...]).elementsEqual("sec-websocket-key".utf8) && value.count == 24
      && Base64.decoded(value[...])?.count == 16
  }

  private static let subprotocols = Array("sec-websocket-protocol".utf8)

  /// The secrets in `source`, in no particular order, overlapping.
  mutating func secrets(in source: [UInt8]) -> [SecretRange] {
    // No form, shape or member is shorter.
    guard source.count >= KeyRing.shortestSearched else { return [] }
    keys.prepareSearch()
    var found: [SecretRange] = []
    find(in: DecodedView(source), depth: 0, onlyKnown: false, &found)
    return found
  }

  /// - Parameter onlyKnown: whether only the keys of the ring are looked for, in every form.
  func find(
    in view: DecodedView, depth: Int, onlyKnown: Bool, _ found: inout [SecretRange]
  ) {
    findKnown(in: view, &found)
    if !onlyKnown { findTelling(in: view, &found) }
    guard depth < Self.deepest else { return }
    if let inner = view.unescapingJSON() {
      find(in: inner, depth: depth + 1, onlyKnown: onlyKnown, &found)
    }
    if let inner = view.decodingPercent() {
      find(in: inner, depth: depth + 1, onlyKnown: onlyKnown, &found)
    }
  }

  /// Keys of the ring, and parts of them.
  private func findKnown(in view: DecodedView, _ found: inout [SecretRange]) {
    let bytes = view.bytes
    for automaton in keys.automata {
      for match in automaton.matches(in: bytes) where !Self.isInFingerprint(match.range, bytes) {
        found.append(
          SecretRange(range: view.sourceRange(match.range), standIn: .entry(match.entry)))
      }
    }
    for match in keys.fragments.matches(in: bytes)
    where !Self.isInFingerprint(match.range, bytes) {
      found.append(
        SecretRange(range: view.sourceRange(match.range), standIn: .entry(match.entry)))
    }
    if keys.count > 0 {
      for var secret in HexForms.matches(in: bytes, keys) {
        secret.range = view.sourceRange(secret.range)
        found.append(secret)
      }
    }
  }

  /// What its form or its name tells to be a secret.
  private func findTelling(in view: DecodedView, _ found: inout [SecretRange]) {
    let bytes = view.bytes
    for range in KnownShapes.matches(in: bytes) {
      let key = Array(bytes[range])
      if keys.isShownAsIs(key) { continue }
      found.append(
        SecretRange(range: view.sourceRange(range), standIn: .fingerprint(of: key, .credential)))
    }
    for member in Members.matches(in: bytes) {
      for var secret in secrets(of: member, bytes) {
        secret.range = view.sourceRange(secret.range)
        found.append(secret)
      }
    }
    for var secret in userinfo(Userinfo.secrets(in: bytes), bytes) {
      secret.range = view.sourceRange(secret.range)
      found.append(secret)
    }
    for match in MaskedKeys.matches(in: bytes, keys.placeholders) {
      found.append(
        SecretRange(range: view.sourceRange(match.range), standIn: .bytes(match.shown)))
    }
    for var secret in KeyHashes.matches(in: bytes, keys) {
      secret.range = view.sourceRange(secret.range)
      found.append(secret)
    }
  }

  private func userinfo(_ ranges: [Range<Int>], _ bytes: [UInt8]) -> [SecretRange] {
    ranges.compactMap { range in
      let key = DecodedView.percentDecoded(Array(bytes[range]))
      if keys.isShownAsIs(key) { return nil }
      return SecretRange(range: range, standIn: .fingerprint(of: key, .credential))
    }
  }

  private func secrets(of member: Members.Member, _ bytes: [UInt8]) -> [SecretRange] {
    let standing: KeyRing.Standing = member.meaning == .credential ? .credential : .incidental
    let parts = CredentialParts(ring: keys, standing: standing)
    switch member.meaning {
    case .cookies, .setCookie:
      return parts.cookies(in: bytes, member.range, isSet: member.meaning == .setCookie)
    case .credential, .doubtful:
      switch member.notation {
      case .json:
        return parts.ranges(
          in: bytes, member.range, isSplit: member.hasScheme, decode: DecodedView.unescapedJSON)
      case .query:
        return parts.ranges(
          in: bytes, member.range, isSplit: false, decode: DecodedView.percentDecoded)
      case .line: return parts.ranges(in: bytes, member.range, isSplit: member.hasScheme)
      }
    }
  }

  /// The values of secret members in the query of a target; names may be percent-encoded.
  private func query(of target: [UInt8]) -> [SecretRange] {
    guard let mark = target.firstIndex(of: UInt8(ascii: "?")) else { return [] }
    var found: [SecretRange] = []
    let members = target[(mark + 1)...].split {
      $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: ";")
    }
    for member in members {
      guard let equals = member.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = DecodedView.percentDecoded(Array(member[..<equals]))
      guard let meaning = SecretNames.meaning(of: name[...]) else { continue }
      let standing: KeyRing.Standing = meaning == .credential ? .credential : .incidental
      found += CredentialParts(ring: keys, standing: standing)
        .ranges(
          in: target, (equals + 1)..<member.endIndex, isSplit: false,
          decode: DecodedView.percentDecoded)
    }
    return found
  }

  /// Whether a match lies inside a stand-in that is there already.
  private static func isInFingerprint(_ range: Range<Int>, _ bytes: [UInt8]) -> Bool {
    let mark: [UInt8] = [0x6B, 0x65, 0x79, 0x23]
    var start = range.lowerBound
    while start >= 0, range.lowerBound - start < 16 {
      if Bytes.has(mark, at: start, in: bytes) {
        var end = start + 4
        while end < bytes.count, end - start < 17, Bytes.isAlphanumeric(bytes[end]) { end += 1 }
        return end >= range.upperBound && KeyRing.isFingerprint(bytes[start..<end])
      }
      start -= 1
    }
    return false
  }

  // MARK: - Replacing

  /// The ranges in order, overlapping ones made one: the longest says what is shown.
  static func merged(_ ranges: [SecretRange]) -> [SecretRange] {
    guard ranges.count > 1 else { return ranges.filter { !$0.range.isEmpty } }
    let order = ranges.indices.sorted {
      let (first, second) = (ranges[$0].range, ranges[$1].range)
      if first.lowerBound != second.lowerBound { return first.lowerBound < second.lowerBound }
      if first.upperBound != second.upperBound { return first.upperBound > second.upperBound }
      return $0 < $1
    }
    var merged: [SecretRange] = []
    var longest = 0
    for index in order where !ranges[index].range.isEmpty {
      let next = ranges[index]
      guard let last = merged.last, next.range.lowerBound < last.range.upperBound else {
        merged.append(next)
        longest = next.range.count
        continue
      }
      let upper = max(last.range.upperBound, next.range.upperBound)
      var winner = last
      if next.range.count > longest {
        winner = next
        longest = next.range.count
      }
      winner.range = last.range.lowerBound..<upper
      merged[merged.count - 1] = winner
    }
    return merged
  }

  private mutating func shown(for secret: SecretRange, in bytes: [UInt8]) -> [UInt8] {
    if case .part(let part) = secret.standIn, part.count == secret.range.count { return part }
    return shown(in: secret.standIn, of: bytes[secret.range])
  }

  /// - Parameter secret: as it is written.
  mutating func shown(in standIn: SecretRange.StandIn, of secret: ArraySlice<UInt8>) -> [UInt8] {
    var label: [UInt8]
    var isExpected = false
    switch standIn {
    case .fingerprint(let key, let standing):
      label = keys.label(of: key, as: standing)
      isExpected = keys.isExpected(key)
    case .entry(let entry): label = keys.label(ofEntry: entry)
    case .bytes(let shown), .part(let shown): label = shown
    }
    guard standIns == .ofSameLength else { return label }
    let standIn = StandIn.bytes(like: secret, label: isExpected ? nil : label)
    keys.registerStandIn(standIn)
    return standIn
  }

  /// `bytes[part]` with the ranges replaced that reach into it.
  mutating func replacing(
    _ ranges: [SecretRange], in bytes: [UInt8], _ part: Range<Int>
  ) -> [UInt8] {
    guard !ranges.isEmpty else {
      return part.count == bytes.count ? bytes : Array(bytes[part])
    }
    var output: [UInt8] = []
    output.reserveCapacity(part.count)
    var written = part.lowerBound
    for secret in ranges {
      guard secret.range.upperBound > written, secret.range.lowerBound < part.upperBound else {
        continue
      }
      if secret.range.lowerBound > written { output += bytes[written..<secret.range.lowerBound] }
      output += shown(for: secret, in: bytes)
      for key in secret.others { _ = keys.fingerprint(of: key) }
      if let form = secret.form, case .fingerprint(let key, _) = secret.standIn {
        keys.register(form: form, of: key)
      }
      written = secret.range.upperBound
    }
    if written < part.upperBound { output += bytes[written..<part.upperBound] }
    return output
  }
}
