import Testing

@testable import HTTP

/// A segment is known by a look at a few of its bytes, and believed only when all of them are the same.
@Suite struct KnownHeadsTests {
  private let head =
    "GET /model/info HTTP/1.1\r\nHost: litellm:4000\r\nAuthorization: Bearer sk-test-0123456789\r\n"
    + "Accept: application/json\r\nX-Request-Id: 00000000-0000-0000-0000-000000000000\r\n\r\n"

  private func headAlone(
    _ segment: [UInt8], _ heads: inout KnownHeads
  ) -> (bytes: [UInt8], end: Int)? {
    MessageDecoder.headAlone(segment.span, &heads).map { ($0.head.head.bytes, $0.end) }
  }

  @Test func segmentsThatDifferInOneByte() {
    var heads = KnownHeads(capacity: 512)
    for content in ["", "{}", "{\"a\":\"GET / HTTP/1.1\"}"] {
      for place in head.utf8.indices {
        var segment = Array((head + content).utf8)
        let offset = head.utf8.distance(from: head.startIndex, to: place)
        // Letters and digits stay such.
        guard segment[offset] >= 0x30, segment[offset] != 0x3A else { continue }
        segment[offset] ^= 1
        for _ in 0..<2 {
          guard let found = headAlone(segment, &heads) else { continue }
          #expect(found.end == head.utf8.count)
          #expect(found.bytes == Array(segment[..<found.end]))
        }
      }
    }
  }

  @Test func aHeadThatAnotherOneBeginsWithEndsWhereItEnds() {
    var heads = KnownHeads(capacity: 512)
    let short = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    for _ in 0..<3 {
      let alone = headAlone(short, &heads)
      let twice = headAlone(short + short, &heads)
      #expect(alone?.end == short.count && twice?.end == short.count)
      // The empty line isn't there yet.
      let cut = headAlone(short.dropLast(2), &heads)
      #expect(cut == nil)
    }
  }
}
