import Testing

@testable import HTTP
@testable import Wire

/// What an endpoint ends the connection for is named, and read on.
@Suite struct HTTP2OddFramesTests {
  private let get = frame(.headers, 1, flags: endHeaders | endStream, block(getFields))
  private let post = frame(.headers, 1, flags: endHeaders, block(postFields))
  private let nextGet = frame(.headers, 3, flags: endHeaders | endStream, block(getFields))

  /// Behind each of them the next request is read.
  @Test(arguments: [
    ("settings of 3 bytes", frame(.settings, 0, [0, 1, 0])),
    ("settings on a stream", frame(.settings, 1)),
    (
      "settings that are acknowledged at length", frame(.settings, 0, flags: 1, [0, 1, 0, 0, 0, 0])
    ),
    ("push that is neither on nor off", frame(.settings, 0, [0, 2, 0, 0, 0, 2])),
    ("a window of 2 GB", frame(.settings, 0, [0, 4, 0x80, 0, 0, 0])),
    ("frames of 1 KB", frame(.settings, 0, [0, 5, 0, 0, 4, 0])),
    ("ping of 7 bytes", frame(.ping, 0, [1, 2, 3, 4, 5, 6, 7])),
    ("ping on a stream", frame(.ping, 1, [1, 2, 3, 4, 5, 6, 7, 8])),
    ("goaway of 7 bytes", frame(.goAway, 0, [0, 0, 0, 0, 0, 0, 0])),
    ("reset of 3 bytes", frame(.reset, 1, [0, 0, 0])),
    ("reset of no stream", frame(.reset, 0, [0, 0, 0, 0])),
    ("reset of an idle stream", frame(.reset, 9, [0, 0, 0, 0])),
    ("priority of 4 bytes", frame(.priority, 1, [0, 0, 0, 0])),
    ("window update of 3 bytes", frame(.windowUpdate, 0, [0, 0, 1])),
    ("window update by nothing", frame(.windowUpdate, 0, [0, 0, 0, 0])),
    ("window update of an idle stream", frame(.windowUpdate, 9, [0, 0, 0, 1])),
    ("content of no stream", frame(.data, 0, [1])),
    ("content of an idle stream", frame(.data, 9, [1])),
    ("content of a closed stream", frame(.data, 1, [1])),
    ("content that is all padding, and more", frame(.data, 1, flags: 8, [9, 1, 2])),
    ("padding without its length", frame(.data, 1, flags: 8)),
    ("a continuation of nothing", frame(.continuation, 1, flags: 4, [0x82])),
    ("a head of no stream", frame(.headers, 0, flags: 4, [0x82])),
    ("a promise from a client", frame(.pushPromise, 1, flags: 4, [0, 0, 0, 2, 0x82])),
    (
      "content of a closed stream that is too large",
      frame(.data, 1, [UInt8](repeating: 1, count: 20_000))
    ),
  ]) func oddFrames(_ name: String, _ bytes: [UInt8]) {
    let reading = HTTP2Reading(client(get, bytes, nextGet))
    #expect(reading.odd.contains(.h2BadFrame), "\(name)")
    #expect(reading.odd.allSatisfy { $0 == .h2BadFrame }, "\(name)")
    #expect(reading.heads.map(\.stream) == [1, 3], "\(name)")
    #expect(reading.content[1] == nil, "\(name)")
  }

  @Test func aFrameThatIsTooLargeKeepsItsContent() {
    let large = [UInt8](repeating: 0x78, count: 20_000)
    var reading = HTTP2Reading(client(post, frame(.data, 1, flags: endStream, large)))
    #expect(reading.odd == [.h2BadFrame])
    #expect(reading.content[1]?.count == 20_000)
    reading = HTTP2Reading(HTTP2Decoder(isClient: true))
    var settings = HTTP2Settings()
    settings.maxFrameSize = 20_000
    reading.change { $0.allow(settings) }
    reading.read(client(post, frame(.data, 1, flags: endStream, large)))
    #expect(reading.odd == [])
  }

  @Test func bytesThatAreNoFrameAtAllLoseTheFrames() {
    var reading = HTTP2Reading(client(get, Array("GET / HTTP/1.1\r\n\r\n".utf8)))
    #expect(Array(reading.events.suffix(2)) == ["lost h2.bad-frame", "stray P/1.1\r\n\r\n"])
    reading.read(nextGet)
    #expect(reading.heads.count == 2)
  }

  /// Something was asked; what, isn't known, and no silence proves anything.
  @Test(arguments: [
    frame(.headers, 1, flags: 12, [255, 0x82]), frame(.headers, 1, flags: 12),
    frame(.headers, 1, flags: 36, [0, 0]),
  ]) func aHeadThatCanNotBeReadIsAHead(_ bytes: [UInt8]) {
    let reading = HTTP2Reading(client(bytes, nextGet))
    #expect(reading.odd == [.h2BadFrame])
    #expect(reading.heads.map(\.stream) == [1, 3])
    #expect(!reading.heads[0].head.isComplete)
    #expect(reading.heads[0].head.isRequest && reading.heads[0].head.method == nil)
    // The table that its receiver has isn't ours any more; literals need none.
    #expect(reading.heads[1].head.isComplete)
  }

  @Test func nothingStandsBetweenTheFramesOfABlock() {
    let fields = block(postFields)
    for between in [frame(.ping, 0, [0, 0, 0, 0, 0, 0, 0, 0]), nextGet] {
      let reading = HTTP2Reading(
        client(
          frame(.headers, 1, Array(fields[..<40])), between,
          frame(.continuation, 1, flags: endHeaders, Array(fields[40...]))))
      #expect(reading.odd == [.h2BadFrame, .h2BadFrame])
      #expect(text(reading.heads[0].head.method) == "POST")
      #expect(!reading.heads[0].head.isComplete)
    }
    // Two heads at once, neither of them whole.
    let short = HTTP2Reading(
      client(frame(.headers, 1, Array(fields[..<40])), frame(.headers, 3, flags: 12)))
    #expect(short.heads.map(\.stream) == [1, 3])
    #expect(text(short.heads[0].head.method) == "POST")
    #expect(short.heads[1].head.method == nil)
    let foreign = HTTP2Reading(
      client(
        frame(.headers, 1, Array(fields[..<40])), frame(.continuation, 3, flags: endHeaders, fields)
      ))
    #expect(foreign.odd.first == .h2BadFrame)
    #expect(foreign.heads.count == 1)
  }

  @Test func clientsOpenOddStreamsUpwards() {
    func request(_ stream: UInt32) -> [UInt8] {
      frame(.headers, stream, flags: endHeaders | endStream, block(getFields))
    }
    #expect(HTTP2Reading(client(request(1), request(5), request(7))).odd == [])
    for stream in [2, 1, 3] as [UInt32] {
      // It's told as the request that it is.
      let reading = HTTP2Reading(client(request(1), request(5), request(stream)))
      #expect(reading.odd == [.h2BadFrame])
      #expect(reading.heads.map(\.kind) == [.request, .request, .request])
    }
  }

  @Test func answersStandOnStreamsThatWereAskedOn() {
    var reading = HTTP2Reading(HTTP2Decoder(isClient: false))
    reading.change {
      $0.expectAnswer(to: 1, isHEAD: false)
      $0.expectAnswer(to: 3, isHEAD: false)
    }
    reading.read(server(frame(.headers, 3, flags: endHeaders | endStream, [0x88])))
    reading.read(frame(.headers, 1, flags: endHeaders | endStream, [0x88]))
    #expect(reading.odd == [])
    reading.read(frame(.headers, 1, flags: endHeaders | endStream, [0x88]))
    reading.read(frame(.data, 3, [1]))
    reading.read(frame(.headers, 2, flags: endHeaders | endStream, [0x88]))
    #expect(reading.odd == [.h2BadFrame, .h2BadFrame, .h2BadFrame])
  }

  @Test func contentBehindAResetIsNoFault() {
    var reading = HTTP2Reading(client(post))
    reading.change { $0.close(1) }
    reading.read(frame(.data, 1, flags: endStream, [0x61]))
    #expect(reading.odd == [])
    #expect(reading.events.last == "stray a")
    reading.read(frame(.reset, 1, big32(0)))
    #expect(reading.odd == [])
  }

  @Test func contentBeforeTheAnswerIsFlagged() {
    let reading = HTTP2Reading(
      server(
        frame(.headers, 1, flags: endHeaders, block([(":status", "100")])), frame(.data, 1, [0x61])),
      isClient: false)
    #expect(reading.odd == [.h2BadFrame])
    #expect(reading.content[1] == [0x61])
  }

  // MARK: Lengths

  private func length(_ length: String, _ content: String) -> HTTP2Reading {
    let head = frame(
      .headers, 1, flags: endHeaders | (content.isEmpty ? endStream : 0),
      block(postFields + [("content-length", length)]))
    guard !content.isEmpty else { return HTTP2Reading(client(head)) }
    return HTTP2Reading(client(head, frame(.data, 1, flags: endStream, Array(content.utf8))))
  }

  @Test func contentIsAsLongAsItsHeadSays() {
    #expect(length("3", "abc").anomalies == [])
    #expect(length("0", "").anomalies == [])
    #expect(length("4", "abc").odd == [.h2BadHeaderBlock])
    #expect(length("2", "abc").odd == [.h2BadHeaderBlock])
    #expect(length("4", "").anomalies.anomalies == [.h2BadHeaderBlock])
    #expect(
      length("99999999999999999999", "abc").anomalies.anomalies
        == [.badContentLength, .h2BadHeaderBlock])
    let trailers = HTTP2Reading(
      client(
        frame(.headers, 1, flags: endHeaders, block(postFields + [("content-length", "9")])),
        frame(.headers, 1, flags: endHeaders | endStream, block([("x", "y")]))))
    #expect(trailers.odd == [.h2BadHeaderBlock])
  }

  @Test func answersThatHaveNoContentSayHowLongItWouldBe() {
    let head = frame(
      .headers, 1, flags: endHeaders | endStream, [0x88] + block([("content-length", "5")]))
    let unchanged = frame(
      .headers, 1, flags: endHeaders | endStream, [0x8B] + block([("content-length", "5")]))
    for isHEAD in [true, false] {
      var reading = HTTP2Reading(HTTP2Decoder(isClient: false))
      reading.change { $0.expectAnswer(to: 1, isHEAD: isHEAD) }
      reading.read(server(head))
      #expect(reading.anomalies.contains(.h2BadHeaderBlock) != isHEAD)
    }
    #expect(HTTP2Reading(server(head), isClient: false).anomalies == [])
    #expect(HTTP2Reading(server(unchanged), isClient: false).anomalies == [])
  }

  @Test func trailersEndTheStreamAndInterimAnswersDoNot() {
    let open = HTTP2Reading(
      client(post, frame(.headers, 1, flags: endHeaders, block([("x", "y")]))))
    #expect(open.heads[1].head.anomalies.anomalies == [.h2BadHeaderBlock])
    let early = HTTP2Reading(
      server(frame(.headers, 1, flags: endHeaders | endStream, block([(":status", "100")]))),
      isClient: false)
    #expect(early.heads[0].head.anomalies.anomalies == [.h2BadHeaderBlock])
  }
}
