internal import Crypto
internal import Exchanges
internal import HTTP
internal import Redaction
internal import Wire

/// Lengths and hashes of a message's content, as sent and with its codings undone.
struct ContentDigest {
  /// `sha256`; also `decoded_bytes` and `decoded_sha256`, but where a coding can't be undone.
  var members: [UInt8]
  var anomalies: AnomalySet = []

  init(_ message: Message, in store: CaptureStore, _ known: inout KnownDigests) {
    if !message.framedHead.hasContentEncoding, message.pieces.count <= 1 {
      members = message.pieces.first.map { known.members(of: $0.range, in: store) } ?? Self.ofNothing
      return
    }
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
      members = Self.members(ofPlain: sent.finalize(), bytes: message.bytes)
      return
    }
    // A cut or holed message isn't expected to decode to its end.
    if message.bodyState == .complete { decoder.finish() }
    anomalies = decoder.anomalies
    let isWhole = decoder.failure == nil && message.bodyState == .complete
    members = Self.members(
      Self.hexadecimal(sent.finalize()),
      decoded: isWhole ? (count, Self.hexadecimal(decoded.finalize())) : nil)
  }

  /// ``members`` of a content without a coding.
  static func members(ofPlain digest: SHA256.Digest, bytes: Int) -> [UInt8] {
    let sha256 = hexadecimal(digest)
    return members(sha256, decoded: (bytes, sha256))
  }

  private static func members(
    _ sha256: [UInt8], decoded: (bytes: Int, sha256: [UInt8])?
  ) -> [UInt8] {
    var json = JSONWriter(capacity: 240)
    json.key("sha256")
    json.plainString { $0 += sha256 }
    if let decoded {
      json.member("decoded_bytes", decoded.bytes)
      json.key("decoded_sha256")
      json.plainString { $0 += decoded.sha256 }
    }
    return json.bytes
  }

  private static let ofNothing = members(ofPlain: SHA256().finalize(), bytes: 0)
  private static let digits = Array("0123456789abcdef".utf8)

  private static func hexadecimal(_ digest: SHA256.Digest) -> [UInt8] {
    [UInt8](capacity: 2 * SHA256.byteCount) { text in
      for byte in digest {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
      }
    }
  }
}
