/// Passwords in URLs: `scheme://user:password@host` (RFC 3986, 3.2.1).
enum Userinfo {
  /// The places of the passwords in `bytes`, in one pass.
  static func passwords(in bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: ":"), Bytes.has([0x3A, 0x2F, 0x2F], at: index, in: bytes)
      else {
        index += 1
        continue
      }
      let start = index + 3
      var end = start
      var colon: Int?
      var at: Int?
      while end < bytes.count, !endsAuthority(bytes[end]) {
        if bytes[end] == UInt8(ascii: ":"), colon == nil { colon = end }
        // The last one counts, as browsers read it.
        if bytes[end] == UInt8(ascii: "@") { at = end }
        end += 1
      }
      if let colon, let at, colon + 1 < at { found.append((colon + 1)..<at) }
      index = end
    }
    return found
  }

  private static func endsAuthority(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x00...0x20, 0x22, 0x23, 0x27, 0x2F, 0x3C, 0x3E, 0x3F, 0x5C, 0x60: true
    default: false
    }
  }
}
