import TestSupport
import Testing

@testable import HTTP
@testable import Wire

@Suite struct ContentDecoderTests {
  let content = Array(String(repeating: "{\"model\": \"gpt-4o\"}\n", count: 9).utf8)

  /// What comes of content in pieces of `step` bytes, and what stopped it.
  func decode(
    _ bytes: [UInt8], coding: String?, step: Int = .max, isWhole: Bool = true
  ) -> (decoded: [UInt8], failure: Anomaly?) {
    let lines = coding.map { "Content-Encoding: \($0)\r\n" } ?? ""
    let decoder = ContentDecoder(for: head("HTTP/1.1 200 OK\r\n\(lines)\r\n"))
    var decoded: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      decoder.decode(rest.prefix(step)) { decoded += $0 }
      rest = rest.dropFirst(step)
    }
    if isWhole { decoder.finish() }
    return (decoded, decoder.failure)
  }

  func gzip(_ bytes: [UInt8]) -> [UInt8] { Compression.compress(bytes, as: .gzip) }

  @Test(arguments: [nil, "identity", "", " , "])
  func withoutACodingTheContentIsWhatWasSent(coding: String?) {
    let (decoded, failure) = decode(content, coding: coding)
    #expect(decoded == content)
    #expect(failure == nil)
  }

  @Test(arguments: [1, 7, Int.max])
  func gzipAndDeflateWithAndWithoutItsWrapper(step: Int) {
    for (packed, coding) in [
      (gzip(content), "gzip"), (gzip(content), "X-GZIP"),
      (Compression.compress(content, as: .zlib), "deflate"),
      (Compression.compress(content, as: .raw), "deflate"),
    ] {
      let (decoded, failure) = decode(packed, coding: coding, step: step)
      #expect(decoded == content, "\(coding)")
      #expect(failure == nil)
    }
  }

  @Test(arguments: [1, 5, Int.max])
  func theMembersOfGzipAreOneContent(step: Int) {
    let (decoded, failure) = decode(
      gzip(content) + gzip([]) + gzip(content), coding: "gzip", step: step)
    #expect(decoded == content + content)
    #expect(failure == nil)
  }

  @Test(arguments: [1, Int.max])
  func twoCodingsComeOffInTheOppositeOrder(step: Int) {
    let packed = gzip(Compression.compress(content, as: .zlib))
    let (decoded, failure) = decode(packed, coding: "deflate, gzip", step: step)
    #expect(decoded == content)
    #expect(failure == nil)
    #expect(decode(packed, coding: "gzip, deflate").failure == .decodeError)
  }

  @Test func whatCantBeUndoneIsNamed() {
    #expect(decode(content, coding: "br").failure == .unsupportedEncoding)
    #expect(decode(content, coding: "br").decoded.isEmpty)
    #expect(decode(content, coding: "gzip, gzip, gzip").failure == .tooManyEncodings)
    let three = head(
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Encoding: gzip\r\n\r\n")
    #expect(ContentDecoder(for: three).failure == .tooManyEncodings)
    #expect(
      ContentDecoder(for: three).anomalies.anomalies == [.decompressionLimit, .tooManyEncodings])
    #expect(!ContentDecoder(for: three).isIdentity)
  }

  @Test func damagedContentIsNamed() {
    #expect(decode(content, coding: "gzip").failure == .decodeError)
    var checksum = gzip(content)
    checksum[checksum.count - 5] ^= 1
    #expect(decode(checksum, coding: "gzip").failure == .decodeError)
    let trailing = Compression.compress(content, as: .zlib) + [1]
    #expect(decode(trailing, coding: "deflate").failure == .decodeError)
  }

  @Test func cutContentIsNamedAndWhatWasThereIsKept() {
    for (packed, coding) in [
      (gzip(content), "gzip"), (Compression.compress(content, as: .zlib), "deflate"),
      (Compression.compress(content, as: .raw), "deflate"),
    ] {
      for count in 1..<packed.count {
        let (decoded, failure) = decode(Array(packed.prefix(count)), coding: coding)
        #expect(content.starts(with: decoded))
        #expect(failure == .decodeError, "\(coding), \(count) bytes")
        let (_, open) = decode(Array(packed.prefix(count)), coding: coding, isWhole: false)
        #expect(open == nil)
      }
    }
  }

  @Test func aCodingThatIsCutInsideAnotherIsNamed() {
    let inner = Compression.compress(content, as: .zlib)
    let packed = gzip(Array(inner.dropLast(9)))
    #expect(decode(packed, coding: "deflate, gzip").failure == .decodeError)
  }

  @Test func noContentNeedsNoEnd() {
    #expect(decode([], coding: "gzip").failure == nil)
  }

  @Test func aBombIsStoppedByItsRatio() {
    let zeros = [UInt8](repeating: 0, count: 32 << 20)
    let (decoded, failure) = decode(gzip(gzip(zeros)), coding: "gzip, gzip")
    #expect(failure == .decompressionLimit)
    #expect(decoded.count <= ContentDecoder.ratioFrom)
  }

  @Test func aBombIsStoppedInOnePieceAsInMany() {
    // What comes behind the bomb would make up for it.
    var dice: UInt32 = 1
    let noise = (0..<100_000).map { _ in
      dice = dice &* 1_664_525 &+ 1_013_904_223
      return UInt8(dice >> 24)
    }
    let content = gzip([UInt8](repeating: 0, count: 8 << 20)) + gzip(noise)
    for length in [1, 1000, 5000, content.count] {
      let (_, failure) = decode(content, coding: "gzip", step: length)
      #expect(failure == .decompressionLimit, "in pieces of \(length)")
    }
  }

  @Test func aSmallContentMayBeAsDenseAsItLikes() {
    let zeros = [UInt8](repeating: 0, count: ContentDecoder.ratioFrom)
    let (decoded, failure) = decode(gzip(gzip(zeros)), coding: "gzip, gzip")
    #expect(failure == nil)
    #expect(decoded.count == ContentDecoder.ratioFrom)
  }

  @Test func moreThanTheBoundIsNeverGivenOut() {
    // One byte in 256 that differs keeps the ratio low.
    var large = [UInt8](repeating: 0, count: ContentDecoder.sizeLimit + 1)
    for index in stride(from: 0, to: large.count, by: 256) {
      large[index] = UInt8(truncatingIfNeeded: index / 256 &* 37)
    }
    let (decoded, failure) = decode(gzip(large), coding: "gzip")
    #expect(failure == .decompressionLimit)
    #expect(decoded.count <= ContentDecoder.sizeLimit)
  }
}
