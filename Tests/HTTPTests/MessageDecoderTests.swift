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
  holes: [Int: Int] = [:], shortWay: Bool = false
) -> Told {
  var decoder = MessageDecoder(isMidstream: isMidstream)
  var told = Told()
  for (number, piece) in pieces.enumerated() {
    if let hole = holes[number] { told.lines.append("hole \(decoder.skip(hole))") }
    if shortWay, decoder.isInContent, let content = decoder.contentAlone(piece.span) {
      told.add("content", Array(piece[content]))
      continue
    }
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

  /// Cut at every two places: what is content alone is told as it is otherwise.
  @Test(arguments: [
    chunkedHead + "3\r\nabc\r\nA;x=1\r\n0123456789\r\n0\r\nX: 1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    chunkedHead + "3\r\nabc\r\n00000002\r\nde\r\n4\nfghi\r\n0\r\n\r\n",
    chunkedHead + "3\r\nabcd\r\n", chunkedHead + "g\r\n", chunkedHead + "\r\n\r\n",
    "POST /1 HTTP/1.1\r\nContent-Length: 8\r\n\r\nabcdefghGET /2 HTTP/1.1\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\nabcHTTP/1.1 200 OK\r\n\r\n",
  ]) func contentAloneIsContent(_ text: String) {
    let bytes = Array(text.utf8)
    for first in 1..<bytes.count {
      for second in first..<bytes.count {
        let pieces = [bytes[..<first], bytes[first..<second], bytes[second...]]
          .filter { !$0.isEmpty }.map(Array.init)
        #expect(decode(pieces, shortWay: true) == decode(pieces), "\(first), \(second)")
      }
    }
  }

  @Test func aWholeChunkIsContentAlone() {
    var decoder = MessageDecoder()
    decoder.frame(.chunked)
    #expect(decoder.contentAlone(Array("5\r\nhello\r\n".utf8).span) == 3..<8)
    #expect(decoder.contentAlone(Array("5\r\nhe".utf8).span) == 3..<5)
    #expect(decoder.contentAlone(Array("l".utf8).span) == 0..<1)
    // The end of a chunk, and of a message, is told by itself.
    #expect(decoder.contentAlone(Array("lo".utf8).span) == nil)
  }

  @Test func aKnownHeadIsTheSameByEachByte() throws {
    var heads = KnownHeads(capacity: 1)
    func read(_ text: String) throws -> MessageHead {
      var decoder = MessageDecoder()
      var offset = 0
      while true {
        if case .head = decoder.next(Array(text.utf8).span, from: &offset, &heads) { break }
      }
      let head = decoder.takeHead()
      return try #require(head)
    }
    let one = "GET /1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer one\r\n\r\n"
    for text in [one, one, one.replacing("one", with: "two"), one.replacing("/1", with: "/2"), one]
    {
      #expect(try read(text).bytes == Array(text.utf8))
      #expect(try read(text).values(of: "authorization").count == 1)
    }
    // A long one would stay in memory for nothing.
    let long = one.replacing(
      "Host: a", with: "Host: a\r\nX: " + String(repeating: "x", count: 5000))
    _ = try read(long)
    #expect(heads.find(Array(long.utf8).span) == nil)
    #expect(heads.find(Array(one.utf8).span) != nil)
  }

  @Test func whatAHeadSaysOfFramingIsWhatItsReadersSay() {
    func head(_ text: String) -> FramedHead {
      FramedHead(MessageHead(Array(text.utf8)[...], isComplete: true))
    }
    for fields in [
      "", "Content-Length: 5\r\n", "Content-Length: 0\r\n", "Content-Length: x\r\n",
      "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\nContent-Length: 1\r\n",
      "Upgrade: h2c\r\n", "Upgrade: websocket\r\n", "Connection: close\r\n",
    ] {
      for method in ["GET", "HEAD", "CONNECT", "POST"] {
        let request = head("\(method) /1 HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        #expect(request.requestFraming == BodyFraming.ofRequest(request.head).framing)
        #expect(request.requestAnomalies == BodyFraming.ofRequest(request.head).1)
        #expect(request.isLastRequest == request.head.isLastRequest)
        #expect(request.asksForAnotherProtocol == request.head.asksForAnotherProtocol)
        #expect(request.asksForH2C == request.head.hasToken("h2c", in: "upgrade"))
        for status in ["101", "200", "204", "304", "401"] {
          let answer = head("HTTP/1.1 \(status) X\r\n\(fields)\r\n")
          let told = answer.responseFraming(to: request)
          #expect(told == BodyFraming.ofResponse(answer.head, to: request.head.method))
          #expect(answer.responseFraming(to: nil) == BodyFraming.ofResponse(answer.head, to: nil))
          #expect(answer.hasTransferEncoding == fields.contains("Transfer"))
        }
      }
    }
  }

  @Test func aMessageWithoutContentEndsWithItsHead() {
    #expect(decode("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n") == ["began", "head /1 1", "ended"])
  }

  @Test func contentOfKnownLength() {
    #expect(
      decode("POST /1 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello") == [
        "began", "head /1 1", "content hello", "ended",
      ])
  }

  @Test func aRequestLineWithABadVersionIsARequest() {
    for version in ["HTTP/1.", "HTTP/", "HTTP/x", "HTTP/1,1"] {
      #expect(
        decode("PUT / \(version)\nHost: a\n\n") == ["began", "head / 1", "ended"], "\(version)")
      #expect(
        decode([Array("PUT / \(version)\r\nHost".utf8), Array(": a\r\n\r\n".utf8)]).lines == [
          "began", "head / 1", "ended",
        ], "\(version)")
    }
    for line in ["PUT /HTTP/1.", "PUT / RTSP/1.0", "PUT / XHTTP/"] {
      #expect(decode(line + "\r\nHost: a\r\n\r\n").contains("lost http.not-http"), "\(line)")
    }
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
    #expect(decode("GET / HTTP/1.1\r\n\r\n\r\n\r\n") == ["began", "head / 0", "ended"])
    #expect(decode("\r\n\r\nHTTP/1.1 204 No\r\n\r\n") == ["began", "head 204 0", "ended"])
    // h11 refuses a request behind one.
    #expect(
      decode("\r\nGET / HTTP/1.1\r\n\r\n") == [
        "began", "head / 0", "odd http.junk-before-request", "ended",
      ])
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

  @Test func moreDigitsThanH11ReadsAreNamed() {
    let zeros = String(repeating: "0", count: 19)
    #expect(!decode(chunkedHead + "\(zeros)2\r\nhi\r\n0\r\n\r\n").contains(oddSize))
    #expect(decode(chunkedHead + "\(zeros)02\r\nhi\r\n0\r\n\r\n").contains(oddSize))
  }

  @Test(arguments: [
    (";a", false), (";a=b", false), (";a;b=c", false), (";a=\"x; \\\" y\"", false),
    (";a=\"\";b", false), (";", true), (";a=", true), (";a;", true), ("; a", true), (";a =b", true),
    (";a=b c", true), (";a=\"x", true), (";a=\"x\"y", true), (";a=\"x\u{1}\"", true),
    (";=b", true), (";a\u{7f}", true), (" ", true), (" ;a", true),
  ])
  func chunkExtensionsThatLLHTTPRefusesAreNamedOnce(text: String, isOdd: Bool) {
    let lines = decode(chunkedHead + "2\(text)\r\nhi\r\n0\r\n\r\n")
    #expect(lines.filter { $0 == oddSize }.count == (isOdd ? 1 : 0))
    #expect(lines.last == "ended")
  }

  private let oddSize = "odd http.bad-chunk-size"

  @Test func aLongChunkExtensionIsNamedOnce() {
    let long = String(repeating: "x", count: 40_000)
    let lines = decode(chunkedHead + "2;\(long)\r\nhi\r\n0\r\n\r\n")
    #expect(lines.filter { $0 == "odd http.chunk-extension-too-long" }.count == 1)
    #expect(lines.last == "ended")
  }

  @Test func aCredentialInATrailerIsNamedAnotherFieldIsnt() {
    let plain = decode(chunkedHead + "0\r\nX-Sum: 1\r\nAuth: x\r\n\r\n")
    #expect(plain == ["began", "head /c 2", "ended"])
    for name in ["Authorization", "x-API-key", "x-litellm-api-key"] {
      #expect(
        decode(chunkedHead + "0\r\n\(name): Bearer x\r\n\r\n") == [
          "began", "head /c 2", "odd http.auth-in-trailer", "ended",
        ])
    }
  }

  @Test(arguments: [
    ("X: y\n", "bare-lf"), ("X: a\rb\r\n", "bare-cr"), ("\rX: y\r\n", "bare-cr"),
    ("X y\r\n", "bad-header-line"), (" X: y\r\n", "bad-header-line"),
    ("X : y\r\n", "space-before-colon"), ("X: \u{1}\r\n", "control-in-header"),
    ("Transfer-Encoding: chunked\r\n", "bad-transfer-encoding"),
    ("Content-Length: 5\r\n", "bad-content-length"), ("Connection: close\r\n", "bad-header-name"),
    ("Proxy-Connection: x\r\n", "bad-header-name"), ("Upgrade: x\r\n", "bad-header-name"),
  ])
  func oddTrailersAreNamedAndEndWithAnEmptyLineOnly(line: String, name: String) {
    let lines = decode(chunkedHead + "0\r\n\(line)X: y\r\n\r\n")
    #expect(lines.contains("odd http.\(name)"))
    #expect(lines.filter { $0 == "ended" }.count == 1)
    #expect(lines.last == "ended")
  }

  @Test func aTrailerSectionThatEndsWithABareLFIsNamed() {
    #expect(decode(chunkedHead + "0\r\n\n").suffix(2) == ["odd http.bare-lf", "ended"])
  }

  @Test func aTrailerBeyondTheBoundIsGivenUpInWhateverPieces() {
    let stream = Array(
      (chunkedHead + "0\r\nX: \(String(repeating: "x", count: 70_000))\r\n\r\n").utf8)
    #expect(decode([stream]).lines.contains("lost http.header-too-large"))
    #expect(
      decode([Array(stream[..<50_000]), Array(stream[50_000...])]).lines.contains(
        "lost http.header-too-large"))
  }

  // MARK: Between messages

  @Test func aRequestBehindTheLastOneIsNamed() {
    let next = "GET /2 HTTP/1.1\r\n\r\n"
    for fields in ["Connection: close", "Connection: x, Close", "Proxy-Connection: close"] {
      let lines = decode("GET /1 HTTP/1.1\r\n\(fields)\r\n\r\n\(next)")
      #expect(lines.suffix(4) == ["began", "odd http.data-after-close", "head /2 0", "ended"])
    }
    #expect(decode("GET /1 HTTP/1.0\r\n\r\n\(next)").contains("odd http.data-after-close"))
    for first in [
      "GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET /1 HTTP/1.1\r\n\r\n",
      "GET /1 HTTP/1.1\r\nConnection: closed\r\n\r\n",
    ] {
      #expect(decode(first + next).suffix(3) == ["began", "head /2 0", "ended"])
    }
  }

  @Test func anAnswerMayFollowAnAnswerThatCloses() {
    let lines = decode(
      "HTTP/1.1 204 No\r\nConnection: close\r\n\r\nHTTP/1.1 204 No\r\n\r\n")
    #expect(lines == ["began", "head 204 1", "ended", "began", "head 204 0", "ended"])
  }

  // MARK: What is no message

  @Test func junkBehindAMessageIsNamedWhateverItBeginsWith() {
    for junk in ["{junk}", "junk@\r\n", "junk\r\n\r\n"] {
      let first = "GET /1 HTTP/1.1\r\n\r\n"
      let lines = decode([first, junk, "GET /2 HTTP/1.1\r\n\r\n"].map { Array($0.utf8) }).lines
      #expect(lines.contains("odd http.junk-before-request"))
      #expect(lines.suffix(3) == ["began", "head /2 0", "ended"])
    }
  }

  @Test func aHeadBeyondTheBoundIsGivenUpInOnePieceToo() {
    let long = "GET / HTTP/1.1\r\nLong: \(String(repeating: "x", count: MessageDecoder.headLimit))"
    #expect(decode(long + "\r\n\r\n").contains("lost http.header-too-large"))
  }

  @Test(arguments: [
    "a@b GET / HTTP/1.1\r\n\r\n", "GET", "HTTP/x 200 HTTP/1.1\r\n\r\n", "HTTP/1.1x 200\r\n\r\n",
    "GET\t/ HTTP/1.1\r\n\r\n", "\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    "LONGMETHODOFMORETHANTHIRTYTWOLETTERS / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\nx@y\r\n", "GET / HTTP/1.1\r\n\r\n\u{1}\r\n", "\u{16}\u{2}\u{1}",
  ])
  func whatIsNoMessageIsNoneInWhateverPieces(stream: String) {
    let bytes = Array(stream.utf8)
    let whole = Reading([bytes[...]])
    for cut in bytes.indices.dropFirst() {
      #expect(Reading([bytes[..<cut], bytes[cut...]]) == whole, "cut at \(cut)")
    }
    #expect(Reading(bytes.indices.map { bytes[$0...$0] }) == whole)
  }

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

  @Test(arguments: [
    String(repeating: "word", count: 10) + "\r\n", String(repeating: "word", count: 10) + " a\r\n",
    "HTTP/1&1 200 OK\r\nServer: a\r\n\r\n",
  ])
  func whatIsNoFirstLineBeginsNoMessageHoweverItIsCut(text: String) {
    let stream = Array(text.utf8)
    let whole = decode([stream]).lines
    #expect(whole.contains { $0.hasPrefix("lost") })
    for cut in 1..<stream.count {
      let lines = decode([Array(stream[..<cut]), Array(stream[cut...])]).lines
      #expect(!lines.contains { $0.hasPrefix("head") }, "cut at \(cut): \(lines)")
      #expect(lines.contains { $0.hasPrefix("lost") }, "cut at \(cut): \(lines)")
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
    #expect(hole(5, after: "GET /1 HTTP/1.1\r\n\r\n").last == "hole insteadOfMessage")
    #expect(hole(5, after: "").last == "hole insteadOfMessage")
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
        "hole insteadOfMessage", "stray-after-gap -Key: x\r\n\r\nGET /no HTTP/1.1\r\n\r\n", "began",
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
