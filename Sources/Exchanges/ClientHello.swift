internal import Wire

/// The server name in a TLS ClientHello (RFC 8446, 4.1.2; RFC 6066, 3), read in place.
enum ClientHello {
  /// - Returns: `nil` where there is none, or the hello doesn't stand in these bytes.
  static func serverName(in bytes: borrowing Span<UInt8>) -> String? {
    // Record header, handshake header, version and random.
    guard bytes.count > 43, bytes[0] == 0x16, bytes[5] == 1 else { return nil }
    var at = 43
    guard skip(1, bytes, &at), skip(2, bytes, &at), skip(1, bytes, &at), at &+ 2 <= bytes.count
    else { return nil }
    at &+= 2
    while at &+ 4 <= bytes.count {
      let type = bytes.big16(at)
      let length = Int(bytes.big16(at &+ 2))
      at &+= 4
      guard at &+ length <= bytes.count else { return nil }
      if type == 0, length > 5, bytes[at &+ 2] == 0 {
        let count = Int(bytes.big16(at &+ 3))
        guard count > 0, at &+ 5 &+ count <= bytes.count else { return nil }
        var name: [UInt8] = []
        bytes.extracting((at &+ 5)..<(at &+ 5 &+ count)).append(to: &name)
        return String(decoding: name, as: UTF8.self)
      }
      at &+= length
    }
    return nil
  }

  /// Steps over a vector with a length field of `width` bytes.
  private static func skip(
    _ width: Int, _ bytes: borrowing Span<UInt8>, _ at: inout Int
  ) -> Bool {
    guard at &+ width <= bytes.count else { return false }
    let length = width == 1 ? Int(bytes[at]) : Int(bytes.big16(at))
    at &+= width &+ length
    return at <= bytes.count
  }
}
