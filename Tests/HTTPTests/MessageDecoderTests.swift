import Testing

@testable import HTTP
@testable import Wire

/// What a decoder said of a stream: one line for each part of a message, content joined.
private struct Told: Equatable {
  var lines: [String] = []

  mutating func add(_ kind: String, _ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    if let last = lines.last, last.hasPrefix(kind + " ") {
      lines[lines.count - 1] = last + text
    } else {
      lines.append(kind + " " + text)
    }
  }
}

/// Gives a stream to a decoder in pieces. `HEAD` requests are known by the target `/head`.
private func decode(
  _ pieces: [[UInt8]], method: String? = nil, isMidstream: Bool = false,
  holes: [Int: Int] = [:]
) -> Told {
  var decoder = MessageDecoder(isMidstream: isMidstream)
  var told = Told()
  for (number, piece) in pieces.enumerated() {
    if let hole = holes[number] { told.lines.append("hole \(decoder.skip(hole))") }
    var offset = 0
    reading: while true {
      switch decoder.next(piece.span, from: &offset) {
      case .more: break reading
      case .began: told.lines.append("began")
      case .head:
        guard let head = decoder.takeHead() else { break }
        told.lines.append(
          "head \(text(head.target) ?? head.status.map { String($0) } ?? "?") \(head.fields.count)")
        let (framing, _) =
          head.isRequest
          ? BodyFraming.ofRequest(head)
          : BodyFraming.ofResponse(head, to: method.map { Array($0.utf8)[...] })
        decoder.frame(framing)
      case .content(let range): told.add("content", Array(piece[range]))
      case .ended: told.lines.append("ended")
      case .lost(let anomaly): told.lines.append("lost \(anomaly.rawValue)")
      case .odd(let anomaly): told.lines.append("odd \(anomaly.rawValue)")
      case .stray(let range, let reason): told.add("stray-\(reason.rawValue)", Array(piece[range]))
      case .tunnel(let range): told.add("tunnel", Array(piece[range]))
      }
    }
    #expect(offset == piece.count, "all that is given is taken")
  }
  return told
}

private func decode(_ text: String, method: String? = nil, isMidstream: Bool = false) -> [String] {
  decode([Array(text.utf8)], method: method, isMidstream: isMidstream).lines
}

private let chunkedHead = "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

@Suite struct MessageDecoderTests {
  // MARK: Messages

  @Test func aMessageWithoutContentEndsWithItsHead() {
    #expect(decode("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n") == ["began", "head /1 1", "ended"])
  }

  @Test func contentOfKnownLength() {
    #expect(
      decode("POST /1 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello") == [
        "began", "head /1 1", "content hello", "ended",
      ])
  }

  @Test func pipelinedMessagesFollowEachOther() {
    #expect(
      decode("POST /1 HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET /2 HTTP/1.1\r\n\r\n") == [
        "began", "head /1 1", "content hi", "ended", "began", "head /2 0", "ended",
      ])
  }

  @Test func contentThatLooksLikeAMessageIsContent() {
    let inner = "GET /inner HTTP/1.1\r\n\r\n"
    let pieces = ["POST /1 HTTP/1.1\r\nContent-Length: \(inner.utf8.count)\r\n\r\n", inner]
    #expect(
      decode(pieces.map { Array($0.utf8) }).lines == [
        "began", "head /1 1", "content \(inner)", "ended",
      ])
  }

  @Test func anAnswerUntilCloseTakesEverything() {
    #expect(
      decode("HTTP/1.1 200 OK\r\n\r\nabcHTTP/1.1 200 OK\r\n\r\n") == [
        "began", "head 200 0", "content abcHTTP/1.1 200 OK\r\n\r\n",
      ])
    var decoder = MessageDecoder()
    decoder.frame(.untilClose)
    #expect(decoder.endsWithStream)
    decoder.frame(.length(3))
    #expect(!decoder.endsWithStream)
  }

  @Test func anEmptyLineOrTwoBeforeAMessageAreIgnoredMoreAreOdd() {
    #expect(decode("\r\n\r\nGET / HTTP/1.1\r\n\r\n").first == "began")
    #expect(
      decode("\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n").prefix(2) == [
        "odd http.junk-before-request", "began",
      ])
  }

  @Test(arguments: [
    "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello\r\nGET /2 HTTP/1.1\r\n\r\n",
    "GET /1 HTTP/1.1\nHost: a\n\nGET /2 HTTP/1.1\r\n\n",
    chunkedHead
      + "5;x=\"y\"\r\nhello\r\n00A\r\n0123456789\r\n0\r\nX: y\r\nZ:\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    chunkedHead + "5 \r\nhello\n0\r\nAuthorization: Bearer x\r\n\r\n",
    chunkedHead + "5\r\nhelloX\r\n",
    chunkedHead + "zz\r\nhello",
    chunkedHead + "11111111111111111\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nHTTP/1.1 200 OK\r\n\r\nrest",
    "HTTP/1.1 101 Switching\r\n\r\n~frames",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "GET /old\r\n\r\n",
    "\r\n\r\n\r\n\nGET / HTTP/1.1\r\n\r\n",
  ])
  func aStreamCutAtEveryByteSaysTheSameAsTheWhole(stream: String) {
    let bytes = Array(stream.utf8)
    let whole = decode([bytes])
    for cut in 1..<bytes.count {
      let halves = decode([Array(bytes[..<cut]), Array(bytes[cut...])])
      #expect(withoutStrays(halves) == withoutStrays(whole), "cut at \(cut)")
    }
    let single = decode(bytes.map { [$0] })
    #expect(withoutStrays(single) == withoutStrays(whole))
  }

  /// Where a stream is given up, how much of it was taken before depends on its packets.
  private func withoutStrays(_ told: Told) -> [String] {
    told.lines.filter { !$0.hasPrefix("stray") }
  }

  // MARK: Chunks

  @Test func chunksAreContentWithoutTheirFraming() {
    #expect(
      decode(
        chunkedHead + "5\r\nhello\r\n0006\r\n world\r\na;n=v;q=\"\"\r\n0123456789\r\n0\r\n\r\n")
        == ["began", "head /c 2", "content hello world0123456789", "ended"])
  }

  @Test(arguments: [
    ("5\nhello\r\n0\r\n\r\n", "odd http.bad-chunk-size", true),
    ("5 \r\nhello\r\n0\r\n\r\n", "odd http.bad-chunk-size", true),
    ("5\r\nhello\n0\r\n\r\n", "odd http.bad-chunk", true),
    ("\r\nhello", "lost http.bad-chunk-size", false),
    ("g\r\nhello", "lost http.bad-chunk-size", false),
    ("0x5\r\nhello", "lost http.bad-chunk-size", false),
    ("-5\r\nhello", "lost http.bad-chunk-size", false),
    ("8000000000000000\r\nhello", "lost http.bad-chunk-size", false),
    ("10000000000000005\r\nhello", "lost http.bad-chunk-size", false),
    ("5\rhello", "lost http.bad-chunk-size", false),
    ("5\r\nhello5\r\nworld", "lost http.bad-chunk", false),
    ("5\r\nhello\r\r\n", "lost http.bad-chunk", false),
  ])
  func oddChunksAreNamedAndBadOnesEndTheFraming(
    chunks: String, line: String, ends: Bool
  ) {
    let lines = decode(chunkedHead + chunks)
    #expect(lines.contains(line))
    #expect((lines.last == "ended") == ends)
  }

  @Test func aChunkSizeHasAsManyZerosAsItLikes() {
    let zeros = String(repeating: "0", count: 40)
    #expect(decode(chunkedHead + "\(zeros)2\r\nhi\r\n\(zeros)\r\n\r\n").last == "ended")
  }

  @Test func aLongChunkExtensionIsNamedOnce() {
    let long = String(repeating: "x", count: 40_000)
    let lines = decode(chunkedHead + "2;\(long)\r\nhi\r\n0\r\n\r\n")
    #expect(lines.filter { $0 == "odd http.chunk-extension-too-long" }.count == 1)
    #expect(lines.last == "ended")
  }

  @Test func aCredentialInATrailerIsNamedAnotherFieldIsnt() {
    let plain = decode(chunkedHead + "0\r\nX-Sum: 1\r\nAuth: x\r\n\r\n")
    #expect(plain == ["began", "head /c 2", "ended"])
    for name in ["Authorization", "x-API-key", "x-litellm-api-key", "authorization "] {
      #expect(
        decode(chunkedHead + "0\r\n\(name): Bearer x\r\n\r\n") == [
          "began", "head /c 2", "odd http.auth-in-trailer", "ended",
        ])
    }
  }

  // MARK: What is no message

  @Test func junkInFrontOfAMessageIsOddAndTheNextOneIsFound() {
    let pieces = [
      "GET /1 HTTP/1.1\r\n\r\n", "{\"junk\": 1}", "more junk\r\nGET /no HTTP/1.1\r\n\r\n",
      "GET /2 HTTP/1.1\r\n\r\n",
    ]
    #expect(
      decode(pieces.map { Array($0.utf8) }).lines == [
        "began", "head /1 0", "ended", "odd http.junk-before-request",
        "stray-junk {\"junk\": 1}more junk\r\nGET /no HTTP/1.1\r\n\r\n", "began", "head /2 0",
        "ended",
      ])
  }

  @Test func tlsHTTP2AndOtherProtocolsAreToldApart() {
    let hello = decode([[22, 3, 1, 0, 1, 1], [23, 3, 3]]).lines
    #expect(hello.count == 1)
    #expect(hello.first?.hasPrefix("stray-tls") == true)
    #expect(
      decode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == [
        "began", "lost http.not-http", "stray-http2 SM\r\n\r\n",
      ])
    #expect(
      decode("EHLO there\r\nMAIL FROM:<a@b>\r\n").prefix(2) == ["began", "lost http.not-http"])
    #expect(decode("\u{1}\u{2}binary") == ["stray-not-http \u{1}\u{2}binary"])
  }

  @Test(arguments: ["", " / HTTP/1.1\r\n\r\n", " HTTP/1.0\r\nHost: a\r\n\r\n"])
  func aWordTooLongForAMethodBeginsNoMessageHoweverItIsCut(rest: String) {
    let stream = Array((String(repeating: "word", count: 10) + rest).utf8)
    #expect(decode([stream]).lines.first?.hasPrefix("stray-not-http") == true)
    for cut in 1..<stream.count {
      let lines = decode([Array(stream[..<cut]), Array(stream[cut...])]).lines
      #expect(!lines.contains { $0.hasPrefix("head") }, "cut at \(cut): \(lines)")
      #expect(lines.last != "began", "cut at \(cut): \(lines)")
    }
  }

  @Test func aVersionWithoutItsDotIsNoStatusLineHoweverItIsCut() {
    let stream = Array("HTTP/1&1 200 OK\r\nServer: a\r\n\r\n".utf8)
    #expect(decode([stream]).lines.first?.hasPrefix("stray-not-http") == true)
    for cut in 1..<stream.count {
      let lines = decode([Array(stream[..<cut]), Array(stream[cut...])]).lines
      #expect(!lines.contains { $0.hasPrefix("head") }, "cut at \(cut): \(lines)")
    }
  }

  @Test func tlsWhoseFirstSegmentIsAByteOrTwoIsTLS() {
    for cut in 1...2 {
      let hello: [UInt8] = [22, 3, 1, 0, 2, 1, 0]
      let lines = decode([Array(hello[..<cut]), Array(hello[cut...])]).lines
      #expect(lines.allSatisfy { $0.hasPrefix("stray-tls") })
    }
  }

  @Test func aStreamThatBeginsInTheMiddleIsHuntedForAMessage() {
    let pieces = ["end of a body", "GET /1 HTTP/1.1\r\n\r\n"]
    #expect(
      decode(pieces.map { Array($0.utf8) }, isMidstream: true).lines == [
        "stray-mid-stream end of a body", "began", "head /1 0", "ended",
      ])
    #expect(decode("GETTING / old", isMidstream: true) == ["stray-mid-stream GETTING / old"])
  }

  @Test func aHeadBeyondTheBoundIsGivenUp() {
    let long = String(repeating: "x", count: MessageDecoder.headLimit)
    #expect(decode("GET /\(long)").contains("lost http.request-line-too-long"))
    #expect(
      decode("GET / HTTP/1.1\r\nLong: \(long)").contains("lost http.header-too-large"))
  }

  // MARK: Holes

  private func hole(_ length: Int, after text: String, then rest: String = "") -> [String] {
    decode([Array(text.utf8), Array(rest.utf8)], holes: [1: length]).lines
  }

  @Test func aHoleInsideContentOfKnownLengthIsSkipped() {
    let post = "POST /1 HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"
    #expect(
      hole(4, after: post, then: "hiGET /2 HTTP/1.1\r\n\r\n").suffix(6) == [
        "hole insideContent", "content hi", "ended", "began", "head /2 0", "ended",
      ])
    #expect(hole(6, after: post).suffix(2) == ["hole insideContent", "ended"])
    #expect(hole(7, after: post).last == "hole lostFraming")
  }

  @Test func aHoleInsideAChunkIsSkippedOneInTheFramingIsnt() {
    let chunk = chunkedHead + "9\r\nabc"
    #expect(
      hole(6, after: chunk, then: "\r\n0\r\n\r\n").suffix(2) == ["hole insideContent", "ended"])
    #expect(hole(7, after: chunk).last == "hole lostFraming")
    #expect(hole(1, after: chunk + "defghi").last == "hole lostFraming")
    #expect(hole(1, after: chunkedHead).last == "hole lostFraming")
    #expect(hole(1, after: chunkedHead + "0\r\nX:").last == "hole lostFraming")
  }

  @Test func aHoleElsewhere() {
    #expect(hole(5, after: "GET /1 HTTP/1.1\r\nHo").last == "hole insideHead")
    #expect(hole(5, after: "GET /1 HTTP/1.1\r\n\r\n").last == "hole betweenMessages")
    #expect(hole(5, after: "").last == "hole betweenMessages")
    #expect(hole(5, after: "HTTP/1.1 200 OK\r\n\r\nab").last == "hole insideContent")
    #expect(hole(5, after: "HTTP/1.1 101 X\r\n\r\nab").last == "hole insideTunnel")
    #expect(hole(5, after: "\u{1}\u{2}\u{3}").last == "hole insideStray")
  }

  @Test func behindAHoleTheNextMessageAtTheStartOfASegmentIsFound() {
    let pieces = [
      "GET /1 HTTP/1.1\r\n\r\n", "-Key: x\r\n\r\nGET /no HTTP/1.1\r\n\r\n",
      "GET /2 HTTP/1.1\r\n\r\n",
    ]
    #expect(
      decode(pieces.map { Array($0.utf8) }, holes: [1: 30]).lines.suffix(5) == [
        "hole betweenMessages", "stray-after-gap -Key: x\r\n\r\nGET /no HTTP/1.1\r\n\r\n", "began",
        "head /2 0", "ended",
      ])
  }

  @Test func thePartOfAHeadThatWasSeenIsKept() {
    var decoder = MessageDecoder()
    var offset = 0
    let bytes = Array("GET /1 HTTP/1.1\r\nHost: a\r\nAuth".utf8)
    reading: while true {
      if case .more = decoder.next(bytes.span, from: &offset) { break reading }
    }
    #expect(decoder.isInHead)
    #expect(decoder.isInMessage)
    let head = decoder.takePartialHead()
    #expect(text(head.target) == "/1")
    #expect(fields(head) == ["Host: a"])
    #expect(!head.isComplete)
  }
}
