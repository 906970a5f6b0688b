internal import Crypto
internal import Exchanges
internal import HTTP
internal import Redaction
internal import Wire

/// The member `body` of a message: lengths and hashes of its content, as sent and with its codings
/// undone.
struct ShownBody {
  var json: [UInt8]
  var anomalies: AnomalySet = []

  init(_ message: Message, in store: CaptureStore, _ known: inout KnownBodies) {
    if !message.framedHead.hasContentEncoding, message.pieces.count <= 1 {
      if let piece = message.pieces.first {
        json = known.json(of: message, piece.range, in: store)
      } else if message.bodyState == .none, message.bytes == 0, message.missing == 0 {
        json = Self.ofNone
      } else {
        json = Self.json(message, Hashes(ofPlain: SHA256().finalize(), bytes: message.bytes))
      }
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
      json = Self.json(message, Hashes(ofPlain: sent.finalize(), bytes: message.bytes))
      return
    }
    // A cut or holed message isn't expected to decode to its end.
    if message.bodyState == .complete { decoder.finish() }
    anomalies = decoder.anomalies
    let isWhole = decoder.failure == nil && message.bodyState == .complete
    json = Self.json(
      message,
      Hashes(
        sha256: Self.hexadecimal(sent.finalize()),
        decoded: isWhole ? (count, Self.hexadecimal(decoded.finalize())) : nil))
  }

  /// In hexadecimal.
  struct Hashes {
    var sha256: [UInt8]
    /// Absent where a coding can't be undone.
    var decoded: (bytes: Int, sha256: [UInt8])?
  }

  static func json(_ message: Message, _ hashes: Hashes) -> [UInt8] {
    var json = JSONWriter(capacity: 280)
    json.beginObject()
    json.member("state", message.bodyState.rawValue)
    json.member("bytes", message.bytes)
    json.member("missing", message.missing)
    if message.bodyState != .none {
      json.key("sha256")
      json.plainString { $0 += hashes.sha256 }
      if let decoded = hashes.decoded {
        json.member("decoded_bytes", decoded.bytes)
        json.key("decoded_sha256")
        json.plainString { $0 += decoded.sha256 }
      }
    }
    json.endObject()
    return json.bytes
  }

  private static let ofNone = Array(#"{"state":"none","bytes":0,"missing":0}"#.utf8)
  private static let digits = Array("0123456789abcdef".utf8)

  fileprivate static func hexadecimal(_ digest: SHA256.Digest) -> [UInt8] {
    [UInt8](capacity: 2 * SHA256.byteCount) { text in
      for byte in digest {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
      }
    }
  }
}

extension ShownBody.Hashes {
  /// Of a content without a coding.
  init(ofPlain digest: SHA256.Digest, bytes: Int) {
    sha256 = ShownBody.hexadecimal(digest)
    decoded = (bytes, sha256)
  }
}
