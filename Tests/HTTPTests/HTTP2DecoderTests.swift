import Testing

@testable import HTTP
@testable import Wire

/// Frames as a client and a server send them (RFC 9113).
@Suite struct HTTP2DecoderTests {
  private let get = frame(.headers, 1, flags: endHeaders | endStream, block(getFields))
  private let post = frame(.headers, 1, flags: endHeaders, block(postFields))

  // MARK: Messages

  @Test func aRequestIsAHeadAndContent() {
    let reading = HTTP2Reading(
      client(
        post, frame(.data, 1, Array("{\"a\"".utf8)),
        frame(.data, 1, flags: endStream, Array(":1}".utf8))))
    #expect(
      reading.events == [
        "settings", "began 1", "head 1 request POST /v1/chat/completions HTTP/2",
        "content 1 {\"a\":1}", "ended 1",
      ])
    let head = reading.heads[0].head
    #expect(text(head.method) == "POST")
    #expect(text(head.target) == "/v1/chat/completions")
    #expect(text(head.version) == "HTTP/2")
    #expect(head.isHTTP2 && head.isRequest && head.isComplete && !head.isHTTP10)
    #expect(head.value(of: "host") == .present(Array("proxy:4000".utf8)[...]))
    #expect(head.value(of: "authorization") == .present(Array("Bearer sk-test-1".utf8)[...]))
    #expect(
      fields(head) == [
        ":scheme: http", ":authority: proxy:4000", "authorization: Bearer sk-test-1",
      ])
    #expect(reading.anomalies == [])
  }

  @Test func aRequestWithoutContentEndsWithItsHead() {
    let reading = HTTP2Reading(client(get))
    #expect(
      reading.events == ["settings", "began 1", "head 1 request ends GET /v1/models HTTP/2"])
  }

  @Test func interimAnswersTheAnswerAndTrailers() {
    let reading = HTTP2Reading(
      server(
        frame(.headers, 1, flags: endHeaders, block([(":status", "103"), ("link", "a")])),
        frame(.headers, 1, flags: endHeaders, [0x88] + block([("content-length", "2")])),
        frame(.data, 1, Array("ok".utf8)),
        frame(.headers, 1, flags: endHeaders | endStream, block([("x-cost", "3")]))),
      isClient: false)
    #expect(
      reading.events == [
        "settings", "began 1", "head 1 interim HTTP/2 103", "began 1", "head 1 response HTTP/2 200",
        "content 1 ok", "began 1", "head 1 trailer ends x-cost: 3",
      ])
    #expect(reading.heads.map(\.head.status) == [103, 200, nil])
    #expect(reading.heads[1].head.reason?.isEmpty == true)
    #expect(reading.anomalies == [])
  }

  @Test func streamsRunSideBySide() {
    let other = frame(.headers, 3, flags: endHeaders, block(postFields))
    let reading = HTTP2Reading(
      client(
        post, other, frame(.data, 3, Array("b".utf8)), frame(.data, 1, Array("a".utf8)),
        frame(.data, 3, flags: endStream, Array("b".utf8)), frame(.data, 1, flags: endStream)))
    #expect(reading.content == [1: Array("a".utf8), 3: Array("bb".utf8)])
    #expect(reading.events.filter { $0.hasPrefix("ended") } == ["ended 3", "ended 1"])
    #expect(reading.anomalies == [])
  }

  /// The second request refers to what the first one put into the table.
  @Test func theTableGoesOnFromRequestToRequest() {
    let fields = block(Array(postFields.dropLast())) + indexedLiteral("authorization", "Bearer k")
    let reading = HTTP2Reading(
      client(
        frame(.headers, 1, flags: endHeaders | endStream, fields),
        frame(.headers, 3, flags: endHeaders | endStream, block(getFields) + [0xBE])))
    #expect(
      reading.heads[1].head.value(of: "authorization") == .present(Array("Bearer k".utf8)[...]))
  }

  // MARK: Framing

  @Test func paddingAndPriorityAreNoContent() {
    let fields = block(postFields)
    let head = frame(
      .headers, 1, flags: endHeaders | padded | priority,
      [3] + big32(0x8000_0000) + [255] + fields + [0, 0, 0])
    let reading = HTTP2Reading(
      client(
        head, frame(.data, 1, flags: padded, [2] + Array("hi".utf8) + [0, 0]),
        // Nothing but padding.
        frame(.data, 1, flags: padded | endStream, [3, 0, 0, 0])))
    #expect(reading.heads[0].head.bytes == HTTP2Reading(client(post)).heads[0].head.bytes)
    #expect(reading.content == [1: Array("hi".utf8)])
    #expect(reading.events.last == "ended 1")
    #expect(reading.anomalies == [])
  }

  @Test func aBlockGoesOnInContinuations() {
    let fields = block(postFields)
    let reading = HTTP2Reading(
      client(
        frame(.headers, 1, flags: endStream, Array(fields[..<10])),
        frame(.continuation, 1, Array(fields[10..<11])),
        frame(.continuation, 1, flags: endHeaders, Array(fields[11...]))))
    #expect(
      reading.events == [
        "settings", "began 1", "head 1 request ends POST /v1/chat/completions HTTP/2",
      ])
    #expect(reading.anomalies == [])
  }

  @Test func controlFramesAreTold() {
    let reading = HTTP2Reading(
      client(
        frame(.settings, 0, [0, 1, 0, 0, 0x20, 0, 0, 5, 0, 0, 0x80, 0, 0, 8, 0, 0, 0, 1]),
        frame(.settings, 0, flags: 1), frame(.ping, 0, [UInt8](repeating: 0, count: 8)), post,
        frame(.windowUpdate, 0, big32(1000)), frame(.windowUpdate, 1, big32(1000)),
        frame(.priority, 5, big32(0) + [1]), frame(type: 0x77, 9, [1, 2, 3]),
        frame(.reset, 1, big32(8)), frame(.goAway, 0, big32(7) + big32(2) + Array("why".utf8))))
    #expect(
      reading.events == [
        "settings", "settings", "settings ack", "began 1",
        "head 1 request POST /v1/chat/completions HTTP/2", "reset 1 8", "goaway 7 2",
      ])
    #expect(reading.settings[1].headerTableSize == 0x2000)
    #expect(reading.settings[1].maxFrameSize == 0x8000)
    #expect(reading.settings[1].allowsConnectProtocol == true)
    #expect(reading.anomalies == [])
  }

  @Test func aServerPushesARequest() {
    let reading = HTTP2Reading(
      server(
        frame(.headers, 1, flags: endHeaders, [0x88]),
        frame(.pushPromise, 1, flags: endHeaders | padded, [1] + big32(2) + block(getFields) + [0]),
        frame(.data, 1, flags: endStream),
        frame(.headers, 2, flags: endHeaders | endStream, [0x89])), isClient: false)
    #expect(
      reading.events == [
        "settings", "began 1", "head 1 response HTTP/2 200", "promise 1 2 GET /v1/models HTTP/2",
        "ended 1", "began 2", "head 2 response ends HTTP/2 204",
      ])
    #expect(reading.anomalies == [])
  }

  /// No packet boundary changes what is read.
  @Test func everyCutSaysTheSame() {
    let fields = block(postFields)
    let stream = client(
      frame(.headers, 1, flags: priority | padded, [1] + big32(0) + [0] + fields[..<9] + [0]),
      frame(.continuation, 1, flags: endHeaders, Array(fields[9...])),
      frame(.data, 1, flags: padded, [2] + Array("hello".utf8) + [0, 0]),
      frame(.settings, 0, [0, 1, 0, 0, 0x20, 0]), frame(.reset, 5, big32(1)),
      frame(.headers, 3, flags: endHeaders | padded, [255] + fields),
      frame(.headers, 7, flags: endHeaders, fields), frame(.ping, 0, [1]),
      frame(.headers, 9, [0x82]), frame(.data, 1, flags: endStream, Array("!".utf8)))
    let whole = HTTP2Reading(stream)
    #expect(whole.anomalies.anomalies == [.h2BadFrame])
    #expect(whole.events.contains("content 1 hello"))
    for cut in 1..<stream.count {
      var halves = HTTP2Reading(HTTP2Decoder(isClient: true))
      halves.read(Array(stream[..<cut]))
      halves.read(Array(stream[cut...]))
      #expect(halves.told == whole.told, "cut at \(cut)")
    }
    var single = HTTP2Reading(HTTP2Decoder(isClient: true))
    for byte in stream { single.read([byte]) }
    #expect(single.told == whole.told)
  }

  // MARK: Other protocols, and connections older than the capture

  @Test func whatIsNoHTTP2IsTold() {
    #expect(HTTP2Reading(Array("PRI * HTTP/1.1\r\n\r\n".utf8)).events[0] == "lost http.not-http")
    let events = HTTP2Reading(Array("HTTP/1.1 200 OK\r\n\r\n".utf8), isClient: false).events
    #expect(events == ["lost http.not-http", "stray 200 OK\r\n\r\n"])
  }

  @Test func aClientWithoutAPrefaceIsReadAndFlagged() {
    let reading = HTTP2Reading(settingsFrame + get)
    #expect(
      reading.events == [
        "odd h2.bad-frame", "settings", "began 1", "head 1 request ends GET /v1/models HTTP/2",
      ])
  }

  @Test func aServerThatDoesNotBeginWithSettingsIsFlagged() {
    let answer = frame(.headers, 1, flags: endHeaders, [0x88])
    #expect(HTTP2Reading(answer, isClient: false).odd == [.h2BadFrame])
    #expect(HTTP2Reading(server(answer), isClient: false).odd == [])
  }

  @Test func anOlderConnectionIsReadFromTheNextFrameOn() {
    var reading = HTTP2Reading(HTTP2Decoder(isClient: true, isMidstream: true))
    reading.read(Array("the end of some content".utf8))
    reading.read(
      frame(.data, 5, Array("more".utf8))
        + frame(.headers, 7, flags: endHeaders, [0x82, 0x86, 0xBE, 0xBF]))
    reading.read(frame(.headers, 9, flags: endHeaders, [0x84] + indexedLiteral("x", "y")))
    reading.read(frame(.headers, 11, flags: endHeaders, [0x82, 0xBE]))
    #expect(
      reading.events == [
        "stray the end of some content", "content 5 more", "began 7",
        "head 7 request GET  HTTP/2", "began 9", "head 9 request  / HTTP/2", "began 11",
        "head 11 request GET  HTTP/2",
      ])
    let heads = reading.heads.map(\.head)
    #expect(heads[0].anomalies.anomalies == [.h2UnknownTable])
    #expect(!heads[0].isComplete)
    #expect(heads[0].target == nil && text(heads[0].method) == "GET")
    #expect(heads[0].value(of: "authorization", unless: .midStream) == .unknown(.midStream))
    #expect(heads[0].fields.count(where: \.isUnknown) == 2)
    // This one is known to lack what it must have.
    #expect(heads[1].method == nil && heads[1].isComplete)
    #expect(heads[1].anomalies.anomalies == [.missingHost, .h2BadHeaderBlock])
    #expect(heads[2].value(of: "x") == .present(Array("y".utf8)[...]))
  }

  @Test func aPrefaceInTheCaptureIsTheBeginning() {
    var reading = HTTP2Reading(HTTP2Decoder(isClient: true, isMidstream: true))
    reading.read(client(frame(.headers, 1, flags: endHeaders | endStream, [0x82, 0xBE])))
    #expect(reading.heads[0].head.anomalies.contains(.h2BadHeaderBlock))
    #expect(!reading.heads[0].head.anomalies.contains(.h2UnknownTable))
  }

  @Test func framesAreToldFromOtherBytes() {
    func looks(_ bytes: [UInt8]) -> Bool { HTTP2Decoder.looksLikeFrames(bytes.span) }
    func settles(_ bytes: [UInt8]) -> Bool { HTTP2Decoder.looksLikeSettings(bytes.span) }
    func opens(_ bytes: [UInt8]) -> Bool { HTTP2Decoder.beginsWithPreface(bytes.span) }
    #expect(looks(get) && looks(get + frame(.data, 1, [1, 2]) + [0, 0]))
    #expect(looks(Array(get.prefix(12))))
    #expect(!looks(Array(get.prefix(8))))
    #expect(!looks(get + Array("GET / HTTP/1.1".utf8)))
    #expect(!looks(Array("HTTP/1.1 200 OK\r\n".utf8)))
    #expect(!looks([UInt8](repeating: 0, count: 20)))
    #expect(!looks([0x17, 3, 3, 0, 9, 1, 4, 0, 0, 0, 1, 2, 3]))
    #expect(settles(server(get)))
    #expect(!settles(get))
    #expect(opens(client()))
    #expect(!opens(Array("PRI".utf8)))
    #expect(!opens(Array("PRINT / HTTP/1.1".utf8)))
  }

  // MARK: Bounds

  @Test func whatIsKeptOfABlockIsBounded() {
    var reading = HTTP2Reading(client(frame(.headers, 1, [])))
    let piece = frame(.continuation, 1, [UInt8](repeating: 0x82, count: 16_000))
    for _ in 0..<100 {
      reading.read(piece)
      #expect(reading.decoder.carriedBytes <= HTTP2Decoder.blockLimit)
    }
    #expect(reading.odd == [.h2Flood])
    reading.read(frame(.continuation, 1, flags: endHeaders, []))
    #expect(reading.heads[0].head.anomalies.contains(.headerTooLarge))
    #expect(!reading.heads[0].head.isComplete)
    #expect(reading.decoder.carriedBytes == 0)
  }

  @Test func floodsAreToldOnce() {
    let empty = (0..<20).map { _ in frame(.continuation, 1) }
    let small = (0..<200).map { _ in frame(.continuation, 1, [0x86]) }
    let pings = (0..<2000).map { _ in frame(.ping, 0, [UInt8](repeating: 0, count: 8)) }
    let settings = (0..<2000).map { _ in settingsFrame }
    let resets = (0..<2000).map { number in
      let stream = UInt32(2 * number + 3)
      return frame(.headers, stream, flags: endHeaders | endStream, block(getFields))
        + frame(.reset, stream, big32(8))
    }
    let streams = (0..<10_010).map { number in
      frame(.headers, UInt32(2 * number + 3), flags: endHeaders, block(getFields))
    }
    for flood in [
      [frame(.headers, 1, [0x82])] + empty, [frame(.headers, 1, [0x82])] + small, pings, settings,
      resets, streams,
    ] {
      let reading = HTTP2Reading(client(flood.flatMap { $0 }))
      #expect(reading.odd == [.h2Flood])
      #expect(reading.decoder.streams.count <= HTTP2Decoder.streamLimit)
    }
  }

  @Test func whatABusyConnectionDoesIsNoFlood() {
    var frames: [[UInt8]] = []
    for number in 0..<1500 {
      let stream = UInt32(2 * number + 1)
      frames.append(frame(.headers, stream, flags: endHeaders | endStream, block(getFields)))
      frames.append(frame(.windowUpdate, 0, big32(1000)))
      frames.append(frame(.ping, 0, [UInt8](repeating: 0, count: 8)))
      // One in three is given up.
      if number % 3 == 0 { frames.append(frame(.reset, stream, big32(8))) }
    }
    #expect(HTTP2Reading(client(frames.flatMap { $0 })).odd == [])
  }
}
