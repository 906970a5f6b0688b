import Foundation
import TestSupport
import Testing

@testable import HTTP
@testable import Wire

private func base64(_ text: String) -> [UInt8] { Array(Data(base64Encoded: text) ?? Data()) }

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

  /// `content`, as the brotli program packs it.
  let brotli = base64("H7MA+B0F7i7+djjkQut5LdJCt7cVQGjOtM4bXJ+aRMAaYQj3GnQrDQ==")
  /// `content`, as the zstd program packs it: with a checksum behind it.
  let zstd = base64("KLUv/QRo3QAAoHsibW9kZWwiOiAiZ3B0LTRvIn0KAQA6R00mMZUeXw==")

  /// One frame of blocks that are each so many times one byte (RFC 8878, 3.1.1).
  func zstdFrame(_ runs: [(byte: UInt8, count: Int)], windowLog: Int = 20) -> [UInt8] {
    var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0, UInt8(windowLog - 10) << 3]
    for (index, run) in runs.enumerated() {
      let header = run.count << 3 | 1 << 1 | (index + 1 == runs.count ? 1 : 0)
      frame += [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16), run.byte]
    }
    return frame
  }

  func skippable(_ bytes: [UInt8], kind: UInt8 = 0) -> [UInt8] {
    [0x50 | kind, 0x2A, 0x4D, 0x18, UInt8(bytes.count), 0, 0, 0] + bytes
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

  @Test(arguments: [1, 3, Int.max])
  func brotliAndZstd(step: Int) {
    for (packed, coding) in [
      (brotli, "br"), (brotli, "BR"), (zstd, "zstd"), (Array(zstd.dropLast(4)), "Zstd"),
    ] {
      var packed = packed
      // The checksum is absent where its flag says so.
      if coding == "Zstd" { packed[4] &= ~4 }
      let (decoded, failure) = decode(packed, coding: coding, step: step)
      #expect(decoded == content, "\(coding)")
      #expect(failure == nil, "\(coding)")
    }
    #expect(decode(base64("Pw=="), coding: "br", step: step) == ([], nil))
  }

  @Test(arguments: [1, 5, Int.max])
  func theFramesOfZstdAreOneContent(step: Int) {
    let packed =
      skippable([1, 2, 3]) + zstd + skippable([], kind: 15) + zstdFrame([(0x61, 3), (0x62, 2)])
      + zstdFrame([(0x63, 0)]) + skippable([0])
    let (decoded, failure) = decode(packed, coding: "zstd", step: step)
    #expect(decoded == content + Array("aaabb".utf8))
    #expect(failure == nil)
    #expect(decode(skippable([7]), coding: "zstd", step: step) == ([], nil))
  }

  @Test func aWindowOfZstdHasItsBound() {
    let runs: [(byte: UInt8, count: Int)] = [(0x61, 9), (0x62, 1)]
    #expect(decode(zstdFrame(runs, windowLog: 23), coding: "zstd").failure == nil)
    #expect(decode(zstdFrame(runs, windowLog: 24), coding: "zstd").failure == .decodeError)
    #expect(decode(zstdFrame(runs, windowLog: 41), coding: "zstd").failure == .decodeError)
  }

  @Test func brotlisLargeWindowIsOff() {
    let packed = base64("EVnMAuB3FLi7+NvhkAut57VIC93eVgChOdM6b3B9ahIBawRDcK9Bt9IA")
    #expect(decode(packed, coding: "br").failure == .decodeError)
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
    #expect(decode(gzip(brotli), coding: "br, gzip", step: step) == (content, nil))
    #expect(decode(gzip(zstd), coding: "zstd, gzip", step: step) == (content, nil))
    #expect(decode(gzip(zstd), coding: "br, gzip", step: step).failure == .decodeError)
  }

  @Test(arguments: ["compress", "x-compress", "dcb", "dcz", "brotli", "x-br", "gzip;q=1", "*"])
  func whatIsNotKnownIsNamed(coding: String) {
    #expect(decode(content, coding: coding).failure == .unsupportedEncoding)
    #expect(decode(content, coding: coding).decoded.isEmpty)
    #expect(decode(gzip(content), coding: "\(coding), gzip").failure == .unsupportedEncoding)
  }

  @Test func whatIsTooDeepIsNamed() {
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
    for packed in [content, gzip(content), zstd, brotli + [0]] {
      #expect(decode(packed, coding: "br").failure == .decodeError)
    }
    checksum = zstd
    checksum[checksum.count - 1] ^= 1
    // The last one is a frame of a version before the standard.
    let old: [UInt8] = [0x27, 0xB5, 0x2F, 0xFD, 0, 0, 0xC0, 0, 0]
    for packed in [
      content, gzip(content), brotli, checksum, zstd + [0], zstd + zstd.dropFirst(), old,
    ] {
      #expect(decode(packed, coding: "zstd").failure == .decodeError)
      #expect(decode(packed, coding: "zstd", step: 1).failure == .decodeError)
    }
  }

  @Test func cutContentIsNamedAndWhatWasThereIsKept() {
    for (packed, coding) in [
      (gzip(content), "gzip"), (Compression.compress(content, as: .zlib), "deflate"),
      (Compression.compress(content, as: .raw), "deflate"), (brotli, "br"), (zstd, "zstd"),
      (skippable([1, 2]), "zstd"),
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
    for coding in ["gzip", "br", "zstd"] { #expect(decode([], coding: coding).failure == nil) }
  }

  @Test func aBombIsStoppedByItsRatio() {
    let zeros = [UInt8](repeating: 0, count: 32 << 20)
    let (decoded, failure) = decode(gzip(gzip(zeros)), coding: "gzip, gzip")
    #expect(failure == .decompressionLimit)
    #expect(decoded.count <= DecodingBound.ratioFrom)
  }

  @Test(arguments: [1, 1000, Int.max])
  func bombsOfBrotliAndZstdAreStopped(step: Int) {
    // 32 MB of zeros.
    let brotli = base64("z///f/gnAOKxQCD3/p/////wTwDEYQGA7v3/")
    let zstd = zstdFrame([(byte: UInt8, count: Int)](repeating: (0, 128 << 10), count: 256))
    for (packed, coding) in [(brotli, "br"), (zstd, "zstd"), (gzip(brotli), "br, gzip")] {
      let (decoded, failure) = decode(packed, coding: coding, step: step)
      #expect(failure == .decompressionLimit, "\(coding)")
      #expect(decoded.count <= DecodingBound.ratioFrom)
    }
  }

  @Test func aBombInsideThatGivesNothingIsStopped() {
    // A skippable frame of zstd, of 16 MB of zeros.
    let inner = [0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 16 << 20)
    #expect(decode(gzip(inner), coding: "zstd, gzip") == ([], .decompressionLimit))
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
    let zeros = [UInt8](repeating: 0, count: DecodingBound.ratioFrom)
    let (decoded, failure) = decode(gzip(gzip(zeros)), coding: "gzip, gzip")
    #expect(failure == nil)
    #expect(decoded.count == DecodingBound.ratioFrom)
  }

  @Test func moreThanTheBoundIsNeverGivenOut() {
    // One byte in 256 that differs keeps the ratio low.
    var large = [UInt8](repeating: 0, count: DecodingBound.sizeLimit + 1)
    for index in stride(from: 0, to: large.count, by: 256) {
      large[index] = UInt8(truncatingIfNeeded: index / 256 &* 37)
    }
    let (decoded, failure) = decode(gzip(large), coding: "gzip")
    #expect(failure == .decompressionLimit)
    #expect(decoded.count <= DecodingBound.sizeLimit)
  }
}
