internal import Crypto
internal import Exchanges
internal import HTTP
internal import Redaction
internal import Wire

/// The member `body` of a message: lengths and hashes of its content, as sent and with its codings
/// undone.
enum ShownBody {
  /// - Returns: what is odd about the content.
  static func write(
    _ message: Message, in store: CaptureStore, _ json: inout JSONWriter
  ) -> AnomalySet {
    let decoder = ContentDecoder(for: message.head)
    var sent = SHA256()
    var decoded = SHA256()
    var count = 0
    for piece in message.pieces {
      let bytes = store.bytes(piece.range)
      sent.update(data: bytes)
      guard !decoder.isIdentity, decoder.failure == nil else { continue }
      decoder.decode(bytes[...]) { part in
        count += part.count
        decoded.update(data: Array(part))
      }
    }
    if decoder.isIdentity {
      write(message, plain: sent.finalize(), &json)
      return []
    }
    // A cut or holed message isn't expected to decode to its end.
    if message.bodyState == .complete { decoder.finish() }
    let isWhole = decoder.failure == nil && message.bodyState == .complete
    write(
      message, sha256: sent.finalize(), decoded: isWhole ? (count, decoded.finalize()) : nil, &json)
    return decoder.anomalies
  }

  /// Writes the body of a message whose content has no coding.
  static func write(_ message: Message, plain digest: SHA256.Digest, _ json: inout JSONWriter) {
    write(message, sha256: digest, decoded: (message.bytes, digest), &json)
  }

  /// - Parameter decoded: absent where a coding can't be undone.
  private static func write(
    _ message: Message, sha256: SHA256.Digest, decoded: (bytes: Int, sha256: SHA256.Digest)?,
    _ json: inout JSONWriter
  ) {
    json.key("body")
    json.beginObject()
    json.member("state", message.bodyState.rawValue)
    json.member("bytes", message.bytes)
    json.member("missing", message.missing)
    if message.bodyState != .none {
      json.key("sha256")
      json.plainString { append(sha256, to: &$0) }
      if let decoded {
        json.member("decoded_bytes", decoded.bytes)
        json.key("decoded_sha256")
        json.plainString { append(decoded.sha256, to: &$0) }
      }
    }
    json.endObject()
  }

  private static func append(_ digest: SHA256.Digest, to text: inout [UInt8]) {
    func digit(_ value: UInt8) -> UInt8 {
      (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") &- 10) &+ value
    }
    text.append(addingCapacity: 2 * SHA256.byteCount) { output in
      for byte in digest {
        output.append(digit(byte >> 4))
        output.append(digit(byte & 15))
      }
    }
  }
}
