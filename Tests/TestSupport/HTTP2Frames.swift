/// Frames of HTTP/2 (RFC 9113) as a test tells them.
public enum HTTP2Frames {
  public static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
  public static let settings = frame(4, 0)

  /// - Parameter ends: whether the stream ends with it.
  public static func headers(
    _ stream: UInt32, _ fields: [(String, String)], ends: Bool = false
  ) -> [UInt8] {
    frame(1, stream, flags: ends ? 5 : 4, block(fields))
  }

  public static func data(_ stream: UInt32, _ text: String, ends: Bool = false) -> [UInt8] {
    frame(0, stream, flags: ends ? 1 : 0, Array(text.utf8))
  }

  public static func reset(_ stream: UInt32, code: UInt8 = 8) -> [UInt8] {
    frame(3, stream, [0, 0, 0, code])
  }

  public static func frame(
    _ type: UInt8, _ stream: UInt32, flags: UInt8 = 0, _ payload: [UInt8] = []
  ) -> [UInt8] {
    let length = payload.count
    let number = stride(from: 24, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: stream >> $0)
    }
    return [UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags]
      + number + payload
  }

  /// A header block of literals that stay out of the table (RFC 7541, 6.2.2).
  public static func block(_ fields: [(String, String)]) -> [UInt8] {
    fields.flatMap { name, value in [0] + literal(name) + literal(value) }
  }

  private static func literal(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    precondition(bytes.count < 127 + 128)
    return (bytes.count < 127 ? [UInt8(bytes.count)] : [127, UInt8(bytes.count - 127)]) + bytes
  }

  /// The fields of a request.
  public static func request(
    _ method: String, _ path: String, _ fields: (String, String)...
  ) -> [(String, String)] {
    [(":method", method), (":scheme", "http"), (":path", path), (":authority", "a")] + fields
  }
}
