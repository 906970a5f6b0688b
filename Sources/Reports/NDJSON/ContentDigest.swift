internal import Crypto
internal import Exchanges
internal import HTTP
internal import Wire

/// Lengths and hashes of a message's content, as sent and with its codings undone.
struct ContentDigest {
  var sha256: String
  /// Absent where a coding can't be undone.
  var decoded: (bytes: Int, sha256: String)?
  var anomalies: AnomalySet = []

  init(_ message: Message, in store: CaptureStore, _ known: inout KnownDigests) {
    if !message.framedHead.hasContentEncoding, message.pieces.count <= 1 {
      sha256 =
        message.pieces.first.map { known.sha256(of: $0.range, in: store) } ?? Self.ofNothing
      decoded = (message.bytes, sha256)
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
    sha256 = Self.hexadecimal(sent.finalize())
    if decoder.isIdentity {
      self.decoded = (message.bytes, sha256)
      return
    }
    // A cut or holed message isn't expected to decode to its end.
    if message.bodyState == .complete { decoder.finish() }
    anomalies = decoder.anomalies
    if decoder.failure == nil, message.bodyState == .complete {
      self.decoded = (count, Self.hexadecimal(decoded.finalize()))
    }
  }

  private static let ofNothing = hexadecimal(SHA256().finalize())
  private static let digits = Array("0123456789abcdef".utf8)

  static func hexadecimal(_ digest: SHA256.Digest) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(2 * SHA256.byteCount)
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
