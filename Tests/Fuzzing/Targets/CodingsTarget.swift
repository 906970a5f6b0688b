internal import Foundation
internal import TestSupport
internal import Wire

@testable internal import HTTP

/// What undoes the content codings of a message.
///
/// An input is the codings, the length of the pieces in which the content comes, and the content.
enum CodingsTarget: FuzzTarget {
  private static let codings = [
    "gzip", "deflate", "gzip, gzip", "deflate, gzip", "gzip, deflate", "deflate, deflate",
    "x-gzip,identity", "compress, gzip", "gzip, gzip, gzip", "br", "zstd", "br, gzip", "zstd, br",
  ]

  static func run(_ input: [UInt8]) {
    var input = InputBytes(input)
    let coding = codings[Int(input.byte()) % codings.count]
    let pieceLength = Int(input.byte()) + 1
    let content = input.all()
    let whole = decode(content, coding, pieceLength: max(1, content.count))
    let pieces = decode(content, coding, pieceLength: pieceLength)
    // Where the libraries of brotli and zstd see damage, they keep back what they had made in the
    // same call: then it isn't the bound that stops the content, which is refused all the same.
    let isKeptBack =
      (coding.contains("br") || coding.contains("zstd"))
      && [whole, pieces].allSatisfy { stops.contains($0.failure) }
    require(
      isKeptBack || whole.failure == pieces.failure,
      "\(whole) in one piece, \(pieces) in several")
    if whole.failure == nil { require(whole == pieces, "\(whole), \(pieces)") }
  }

  private static let stops: [String?] = [
    Anomaly.decodeError.rawValue, Anomaly.decompressionLimit.rawValue,
  ]

  private struct Result: Equatable {
    var count = 0
    var sum: UInt64 = 14_695_981_039_346_656_037
    var failure: String?
  }

  private static func decode(_ content: [UInt8], _ coding: String, pieceLength: Int) -> Result {
    let head = HeadParser.parse(
      Array("HTTP/1.1 200 OK\r\nContent-Encoding: \(coding)\r\n\r\n".utf8), isComplete: true)
    let decoder = ContentDecoder(for: head)
    var result = Result()
    var start = 0
    while start < content.count {
      let end = min(content.count, start + pieceLength)
      decoder.decode(content[start..<end]) { piece in
        result.count += piece.count
        for byte in piece { result.sum = (result.sum ^ UInt64(byte)) &* 1_099_511_628_211 }
      }
      start = end
    }
    decoder.finish()
    require(result.count <= DecodingBound.sizeLimit, "\(result.count) bytes are too many")
    result.failure = decoder.failure?.rawValue
    return result
  }

  static var seeds: [[UInt8]] {
    let text = Array(
      "{\"error\": {\"message\": \"No api key passed in.\", \"code\": \"401\"}}".utf8)
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    func packed(_ bytes: [UInt8], _ wrappers: [Compression.Wrapper]) -> [UInt8] {
      wrappers.reduce(bytes) { Compression.compress($0, as: $1) }
    }
    let all: [(UInt8, [UInt8])] = [
      (0, packed(text, [.gzip])), (0, packed(text, [.gzip]) + packed(text, [.gzip])),
      (1, packed(text, [.zlib])), (1, packed(text, [.raw])), (2, packed(text, [.gzip, .gzip])),
      (3, packed(text, [.raw, .gzip])), (4, packed(text, [.gzip, .zlib])),
      (0, packed(zeros, [.gzip])),
      (5, packed(zeros, [.zlib, .raw])), (0, []), (6, packed([], [.gzip])),
      (7, packed(text, [.gzip])), (9, brotli), (10, zstd), (10, zstd + skippable + zstd),
      (11, packed(brotli, [.gzip])), (9, bomb), (11, packed(bomb, [.gzip])),
    ]
    return all.flatMap { coding, content in [[coding, 255] + content, [coding, 0] + content] }
  }

  /// Nine lines of JSON, as the programs pack them, and 32 MB of zeros.
  private static let brotli = base64("H7MA+B0F7i7+djjkQut5LdJCt7cVQGjOtM4bXJ+aRMAaYQj3GnQrDQ==")
  private static let zstd = base64("KLUv/QRo3QAAoHsibW9kZWwiOiAiZ3B0LTRvIn0KAQA6R00mMZUeXw==")
  private static let bomb = base64("z///f/gnAOKxQCD3/p/////wTwDEYQGA7v3/")
  private static let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 0xFF]

  private static func base64(_ text: String) -> [UInt8] {
    Array(Data(base64Encoded: text) ?? Data())
  }
}
