import Testing

@testable import HTTP
@testable import Wire

/// Bytes are missing.
@Suite struct HTTP2HolesTests {
  private let post = frame(.headers, 1, flags: endHeaders, block(postFields))
  private let nextGet = frame(.headers, 3, flags: endHeaders | endStream, block(getFields))

  @Test func insideContentOnlyContentIsMissing() {
    let content = frame(.data, 1, flags: endStream, Array("0123456789".utf8))
    var reading = HTTP2Reading(
      client(
        frame(.headers, 1, flags: endHeaders, block(postFields + [("content-length", "10")])),
        Array(content.prefix(9 + 3))))
    #expect(reading.skip(4) == .insideContent(stream: 1, count: 4))
    reading.read(Array("789".utf8) + nextGet)
    #expect(reading.content[1] == Array("012789".utf8))
    #expect(reading.events.contains("ended 1"))
    #expect(reading.anomalies == [])
    #expect(reading.heads.count == 2)
  }

  @Test func aHoleUpToTheEndOfContentEndsIt() {
    var reading = HTTP2Reading(client(post, frame(.data, 1, flags: endStream, [1], length: 3)))
    #expect(reading.skip(2) == .insideContent(stream: 1, count: 2))
    #expect(reading.events.last == "ended 1")
  }

  @Test func paddingIsNoContent() {
    var reading = HTTP2Reading(
      client(post, frame(.data, 1, flags: padded, [4, 0x61], length: 7)))
    #expect(reading.skip(3) == .insideContent(stream: 1, count: 1))
    reading.read([0, 0] + nextGet)
    #expect(reading.heads.count == 2)
    #expect(reading.anomalies == [])
    // The padding's length itself is missing: what is content can't be said.
    reading = HTTP2Reading(client(post, frame(.data, 1, flags: padded, [], length: 7)))
    #expect(reading.skip(3) == .insideContent(stream: 1, count: 7))
    reading.read([1, 2, 0, 0] + nextGet)
    #expect(reading.content == [:])
    #expect(reading.heads.count == 2)
  }

  @Test func insideAHeadWhatItShowsIsKept() {
    let fields = [0x82, 0x84] + indexedLiteral("a", "b") + block(postFields)
    var reading = HTTP2Reading(
      client(
        frame(.headers, 1, flags: endHeaders | endStream, indexedLiteral("old", "1")),
        frame(.headers, 3, flags: endHeaders, Array(fields.prefix(12)), length: fields.count)))
    #expect(reading.skip(fields.count - 12 - 2) == .insideHead(stream: 3))
    reading.read(
      [0, 0]
        + frame(
          .headers, 5, flags: endHeaders | endStream,
          block(getFields) + indexedLiteral("new", "2") + [0xBE, 0xBF]))
    let heads = reading.heads.map(\.head)
    #expect(heads.count == 3)
    #expect(text(heads[1].method) == "GET" && text(heads[1].target) == "/")
    #expect(!heads[1].isComplete)
    #expect(!heads[1].anomalies.contains(.h2BadHeaderBlock))
    #expect(heads[1].value(of: "authorization", unless: .hole) == .unknown(.hole))
    // What the table held is unknown; what came since is known.
    #expect(heads[2].values(of: "new").count == 2)
    #expect(heads[2].fields.last?.isUnknown == true)
    #expect(heads[2].anomalies.contains(.h2UnknownTable))
    #expect(reading.odd == [])
  }

  @Test func betweenFramesTheyAreLookedForAgain() {
    var reading = HTTP2Reading(client(post))
    #expect(reading.skip(100) == .lostFraming)
    reading.read(Array("some content".utf8))
    #expect(!reading.decoder.isFollowing)
    reading.read(frame(.data, 1, flags: endStream, Array("end".utf8)) + nextGet)
    #expect(reading.decoder.isFollowing)
    #expect(
      Array(reading.events.suffix(5)) == [
        "stray some content", "content 1 end", "ended 1", "began 3",
        "head 3 request ends GET /v1/models HTTP/2",
      ])
    #expect(reading.anomalies == [])
  }

  @Test func aHoleBeyondAHeadGivesWhatWasSeenOfIt() {
    let fields = block(postFields)
    var reading = HTTP2Reading(
      client(frame(.headers, 1, flags: endHeaders, Array(fields.prefix(60)), length: fields.count)))
    #expect(reading.skip(5000) == .lostFraming)
    #expect(reading.heads.count == 1)
    #expect(text(reading.heads[0].head.target) == "/v1/chat/completions")
    #expect(!reading.heads[0].head.isComplete)
    // A block whose beginning is missing is none.
    reading.read(frame(.continuation, 5, flags: endHeaders, [0x82]) + nextGet)
    #expect(reading.heads.count == 2)
    #expect(reading.odd == [])
  }

  @Test func theEndOfTheStreamGivesWhatWasSeenOfAHead() {
    var reading = HTTP2Reading(
      client(frame(.headers, 1, flags: endHeaders, Array(block(postFields).prefix(60)), length: 99))
    )
    #expect(reading.heads.isEmpty)
    reading.change { $0.breakOff() }
    reading.read([])
    #expect(reading.heads.map { $0.head.isComplete } == [false])
    #expect(text(reading.heads[0].head.method) == "POST")
  }

  @Test func insideOtherFramesNothingIsMissing() {
    var reading = HTTP2Reading(client(frame(.ping, 0, [1], length: 8)))
    #expect(reading.skip(3) == .insideFrame)
    reading.read([5, 6, 7, 8] + frame(.settings, 0, [0, 1, 0], length: 12))
    #expect(reading.skip(5) == .insideFrame)
    reading.read([0, 3, 0, 0] + nextGet)
    #expect(reading.heads.count == 1)
    #expect(reading.events.filter { $0 == "settings" }.count == 1)
    #expect(reading.odd == [])
    #expect(HTTP2Reading([], isClient: false).decoder.isFollowing)
  }
}
