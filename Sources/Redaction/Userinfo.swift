/// Secrets in the userinfo of URLs: `scheme://user:password@host` (RFC 3986, 3.2.1). The password is
/// one, and a user that reads like a key (`https://KEY@host`, `https://KEY:x@host`).
enum Userinfo {
  /// The places of the secrets in the URLs of `bytes`, in one pass.
  static func secrets(in bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: ":"), Bytes.has([0x3A, 0x2F, 0x2F], at: index, in: bytes)
      else {
        index += 1
        continue
      }
      let start = index + 3
      let end = end(ofAuthorityAt: start, bytes)
      // A colon at its end may be that of a URL behind it.
      index = end > start && bytes[end - 1] == UInt8(ascii: ":") ? end - 1 : end
      guard let parts = parts(of: start..<end, bytes) else { continue }
      if let password = parts.password { found.append(password) }
      if SecretNames.looksRandom(bytes[parts.user]) || parts.user.count >= 24 {
        found.append(parts.user)
      }
    }
    return found
  }

  /// The secrets in a place where a request has a host and nothing else: no userinfo belongs there,
  /// so all of it counts.
  static func secrets(inAuthority range: Range<Int>, of bytes: [UInt8]) -> [Range<Int>] {
    guard let parts = parts(of: range, bytes) else { return [] }
    return [parts.password ?? parts.user]
      + (SecretNames.looksRandom(bytes[parts.user]) ? [parts.user] : [])
  }

  /// The secrets in a target without a scheme: that of CONNECT, or one that begins with `//`.
  static func secrets(inTarget target: [UInt8]) -> [Range<Int>] {
    let start = Bytes.has([0x2F, 0x2F], at: 0, in: target) ? 2 : 0
    guard start == 2 || target.first != UInt8(ascii: "/") else { return [] }
    let end = end(ofAuthorityAt: start, target)
    // `http:` of an absolute target: see above.
    guard !Bytes.has([0x3A, 0x2F, 0x2F], at: end - 1, in: target) else { return [] }
    return secrets(inAuthority: start..<end, of: target)
  }

  private static func parts(
    of range: Range<Int>, _ bytes: [UInt8]
  ) -> (user: Range<Int>, password: Range<Int>?)? {
    var colon: Int?
    var at: Int?
    for index in range {
      if bytes[index] == UInt8(ascii: ":"), colon == nil { colon = index }
      // The last one counts, as browsers read it.
      if bytes[index] == UInt8(ascii: "@") { at = index }
    }
    guard let at else { return nil }
    guard let colon, colon < at else { return (range.lowerBound..<at, nil) }
    return (range.lowerBound..<colon, colon + 1 < at ? (colon + 1)..<at : nil)
  }

  private static func end(ofAuthorityAt start: Int, _ bytes: [UInt8]) -> Int {
    var end = start
    while end < bytes.count, !endsAuthority(bytes[end]) { end += 1 }
    return end
  }

  private static func endsAuthority(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x00...0x20, 0x22, 0x23, 0x27, 0x2F, 0x3C, 0x3E, 0x3F, 0x5C, 0x60: true
    default: false
    }
  }
}
