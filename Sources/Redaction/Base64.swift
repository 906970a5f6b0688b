/// Base64 (RFC 4648, both alphabets), as far as secrets hide in it.
enum Base64 {
  /// How a key looks inside a longer base64 text.
  struct Form: Sendable {
    /// The characters that hold bits of the key and of nothing else.
    var core: [UInt8]
    /// Characters before the core, 0 or 1, that hold bits of the key and of what precedes it.
    var lead: Int
    /// Characters after the core, 0 or 1, that hold bits of the key and of what follows it.
    var trail: Int
  }

  private static let standard = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let urlSafe = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// The forms of `key` at the three alignments, in both alphabets where these differ.
  static func forms(of key: [UInt8]) -> [Form] {
    var forms: [Form] = []
    for skipped in 0..<3 {
      let values = sextets(of: [UInt8](repeating: 0, count: skipped) + key)
      let bits = (skipped + key.count) * 8
      let first = skipped == 0 ? 0 : skipped + 1
      let end = bits / 6
      guard end > first else { continue }
      let core = values[first..<end]
      let lead = skipped == 0 ? 0 : 1
      let trail = bits % 6 == 0 ? 0 : 1
      let plain = core.map { standard[Int($0)] }
      let other = core.map { urlSafe[Int($0)] }
      forms.append(Form(core: plain, lead: lead, trail: trail))
      if other != plain { forms.append(Form(core: other, lead: lead, trail: trail)) }
    }
    return forms
  }

  /// The bytes that `text` encodes, in either alphabet, padded or not; nil where it is no base64.
  static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var held = 0
    var isPadding = false
    for character in text {
      if character == UInt8(ascii: "=") {
        isPadding = true
        continue
      }
      guard !isPadding, let value = value(of: character) else { return nil }
      bits = (bits << 6 | UInt32(value)) & 0xFFFF
      held += 6
      if held >= 8 {
        held -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    return held == 6 ? nil : bytes
  }

  static func value(of character: UInt8) -> UInt8? {
    switch character {
    case 0x41...0x5A: character - 0x41
    case 0x61...0x7A: character - 0x61 + 26
    case 0x30...0x39: character - 0x30 + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }

  private static func sextets(of bytes: [UInt8]) -> [UInt8] {
    var values: [UInt8] = []
    values.reserveCapacity(bytes.count / 3 * 4 + 4)
    var bits: UInt32 = 0
    var held: UInt32 = 0
    for byte in bytes {
      bits = (bits << 8 | UInt32(byte)) & 0xFFFF
      held += 8
      while held >= 6 {
        held -= 6
        values.append(UInt8(truncatingIfNeeded: bits >> held) & 63)
      }
    }
    if held > 0 { values.append(UInt8(truncatingIfNeeded: bits << (6 - held)) & 63) }
    return values
  }
}
