/// Keys that are spread over the events of a stream, or over messages.
extension Redactor {
  /// The texts of messages that one peer sent one after the other, redacted as
  /// ``text(_:)-swift.method``, also where a key is spread over several of them.
  public mutating func messages(_ messages: [[UInt8]]) -> [[UInt8]] {
    guard !isShowingSecrets else { return messages }
    var joined: [UInt8] = []
    var lines: [UInt8] = []
    var parts: [Range<Int>] = []
    for message in messages {
      joined += Self.eventStart
      lines += Self.eventStart
      parts.append(joined.count..<(joined.count + message.count))
      joined += message
      // A line's end is a blank in JSON; here it would end the event.
      lines += message.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
      joined.append(0x0A)
      lines.append(0x0A)
    }
    let spread = spreadSecrets(in: lines)
    return parts.map { text(replacing(spread, in: joined, $0)) }
  }

  private static let eventStart = Array("data: ".utf8)

  /// The text with the keys replaced that are spread over the events of a stream: the first piece
  /// becomes the stand-in, the others nothing.
  mutating func joiningEvents(_ text: [UInt8]) -> [UInt8] {
    guard text.count > 32 else { return text }
    let spread = spreadSecrets(in: text)
    return spread.isEmpty ? text : replacing(spread, in: text, text.indices)
  }

  private mutating func spreadSecrets(in text: [UInt8]) -> [SecretRange] {
    var spread: [SecretRange] = []
    keys.prepareSearch()
    for group in EventTexts.groups(of: text) {
      let size = group.pieces.reduce(0) { $0 + $1.count }
      guard size >= KeyRing.shortestSearched else { continue }
      let view = DecodedView(pieces: group.pieces, of: text)
      for inner in [view, view.unescapingJSON()].compactMap(\.self) {
        for secret in Self.merged(secrets(inJoined: inner, of: text, isSure: group.isSure)) {
          let places = inner.sourceRanges(secret.range)
          guard places.count > 1 else { continue }
          spread += pieces(of: secret, at: places, in: text)
        }
      }
    }
    return Self.merged(spread)
  }

  private mutating func pieces(
    of secret: SecretRange, at places: [Range<Int>], in text: [UInt8]
  ) -> [SecretRange] {
    guard standIns == .ofSameLength else {
      return places.enumerated().map { number, place in
        SecretRange(range: place, standIn: number == 0 ? secret.standIn : .bytes([]))
      }
    }
    // One stand-in, cut where the secret is: joined again, it is known to be none.
    var rest = shown(in: secret.standIn, of: places.flatMap { text[$0] }[...])[...]
    return places.map { place in
      defer { rest = rest.dropFirst(place.count) }
      return SecretRange(range: place, standIn: .part(Array(rest.prefix(place.count))))
    }
  }

  /// - Parameter isSure: whether a client joins the text so. Then names tell of secrets in it, too.
  private func secrets(
    inJoined view: DecodedView, of text: [UInt8], isSure: Bool
  ) -> [SecretRange] {
    var found: [SecretRange] = []
    let joined = DecodedView(view.bytes)
    find(in: joined, depth: Self.deepest, onlyKnown: !isSure, &found)
    // Behind a key that is known another one may begin.
    var rest = view.bytes
    for secret in found {
      for index in secret.range { rest[index] = 0x20 }
    }
    for range in KnownShapes.matches(in: rest) {
      let key = Array(rest[range])
      guard !keys.isShownAsIs(key), let first = view.sourceRanges(range).first else { continue }
      // A key that is whole in one piece doesn't go on in another one's.
      let alone = Array(text[first]) + [0x20]
      if !isSure, KnownShapes.matches(in: alone).first?.lowerBound == 0 { continue }
      found.append(SecretRange(range: range, standIn: .fingerprint(of: key, .credential)))
    }
    return found
  }
}
