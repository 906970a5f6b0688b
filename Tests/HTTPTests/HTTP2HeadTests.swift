import Testing

@testable import HTTP
@testable import Wire

private func head(
  _ fields: [(String, String)], as kind: MessageHead.Kind = .request
) -> MessageHead {
  var section = FieldSection()
  for (name, value) in fields {
    let start = Int32(section.bytes.count)
    section.bytes += name.utf8
    let middle = Int32(section.bytes.count)
    section.bytes += value.utf8
    section.fields.append(
      FieldSection.Field(name: start..<middle, value: middle..<Int32(section.bytes.count)))
  }
  return MessageHead(http2: section, as: kind)
}

/// Heads made of field sections (RFC 9113, 8.2 and 8.3).
@Suite struct HTTP2HeadTests {
  @Test func itLooksLikeAHeadOfHTTP1() {
    let head = head(postFields)
    #expect(
      String(decoding: head.bytes, as: UTF8.self)
        == "POST /v1/chat/completions HTTP/2\r\n:scheme: http\r\n:authority: proxy:4000\r\n"
        + "authorization: Bearer sk-test-1\r\n\r\n")
    let answer = MessageHead(http2: section([0x88]), as: .response)
    #expect(String(decoding: answer.bytes, as: UTF8.self) == "HTTP/2 200\r\n\r\n")
  }

  private func section(_ block: [UInt8]) -> FieldSection {
    var (decoder, section) = (HPACKDecoder(), FieldSection())
    try? decoder.decode(block.span, into: &section)
    return section
  }

  @Test func theAuthorityIsTheHost() {
    let head = head(getFields + [("x", "y")])
    #expect(head.values(of: "host").map { text($0) } == ["proxy:4000"])
    #expect(head.values(of: ":authority").count == 1)
    #expect(head.fields.contains { head.isNamed($0, Array("host".utf8)) })
    #expect(!head.fields.contains { head.isNamed($0, "hosT") && !$0.isAuthority })
    let both = self.head(getFields, ("host", "PROXY:4000"))
    #expect(both.anomalies == [])
    #expect(both.values(of: "host").count == 2)
    #expect(
      self.head(getFields, ("host", "other")).anomalies.anomalies
        == [.duplicateHost, .h2BadHeaderBlock])
    let onlyHost = self.head(Array(getFields.dropLast()), ("host", "a"))
    #expect(onlyHost.anomalies == [])
    #expect(self.head(Array(getFields.dropLast())).anomalies.anomalies == [.missingHost])
  }

  private func head(_ fields: [(String, String)], _ more: (String, String)...) -> MessageHead {
    HTTPTests.head(fields + more)
  }

  /// A line break in a value makes no field.
  @Test func aValueStaysAValue() {
    let head = head(postFields.dropLast() + [("x", "1\r\nauthorization: Bearer sk-evil")])
    #expect(head.value(of: "authorization") == .absent)
    #expect(head.fields.count == 3)
    #expect(head.anomalies.anomalies == [.controlInHeader, .h2BadHeaderBlock])
  }

  @Test(
    arguments: [
      ("X-Upper", "1", []), ("bad name", "1", [.badHeaderName]), ("a:b", "1", [.badHeaderName]),
      ("", "1", [.badHeaderName]), ("a\u{7F}", "1", [.badHeaderName]),
      ("é", "1", [.badHeaderName]), ("a", "\0", [.nulInHeader]), ("a", "b\rc", [.controlInHeader]),
      ("a", "b\nc", [.controlInHeader]), ("a", " b", []), ("a", "b\t", []),
      ("connection", "close", []), ("keep-alive", "5", []), ("proxy-connection", "close", []),
      ("transfer-encoding", "chunked", [.badTransferEncoding]), ("upgrade", "h2c", []),
      ("te", "gzip", []), ("content-length", "x", [.badContentLength]),
      ("content-length", "", [.badContentLength]), ("content-length", "+5", [.badContentLength]),
      (":path", "/again", []), (":authority", "again", []), (":x", "1", []), (":status", "200", []),
      ("authorization", "Bearer other", []),
    ] as [(String, String, [Anomaly])]) func malformedFields(
      _ name: String, _ value: String, _ more: [Anomaly]
    )
  {
    let anomalies = head(postFields, (name, value)).anomalies
    #expect(anomalies.contains(.h2BadHeaderBlock))
    #expect(anomalies.anomalies.filter { $0 != .h2BadHeaderBlock } == more)
  }

  @Test(arguments: [
    ("te", "trailers"), ("content-length", "5"), ("cookie", "a=b"), ("a", "b c"), ("a", ""),
    ("x", "é"),
  ]) func wellFormedFields(_ name: String, _ value: String) {
    #expect(head(postFields, (name, value)).anomalies == [])
  }

  @Test func fieldsThatAreGivenTwice() {
    let twice = head(postFields, ("content-length", "5"), ("content-length", "5"))
    #expect(twice.anomalies.anomalies == [.duplicateContentLength])
    let differing = head(postFields, ("content-length", "5"), ("content-length", "6"))
    #expect(differing.anomalies.anomalies == [.badContentLength, .h2BadHeaderBlock])
    #expect(head(postFields, ("cookie", "a"), ("cookie", "b"), ("accept", "a")).anomalies == [])
  }

  @Test(
    arguments: [
      // Each without one of them.
      ([(":scheme", "http"), (":path", "/"), (":authority", "a")], [.h2BadHeaderBlock]),
      ([(":method", "GET"), (":path", "/"), (":authority", "a")], [.h2BadHeaderBlock]),
      ([(":method", "GET"), (":scheme", "http"), (":authority", "a")], [.h2BadHeaderBlock]),
      // Behind a field.
      (
        [("a", "b"), (":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "a")],
        [.h2BadHeaderBlock]
      ),
      (
        [(":method", "GET"), (":scheme", "http"), (":path", ""), (":authority", "a")],
        [.badRequestLine, .h2BadHeaderBlock]
      ),
      (
        [(":method", "GET"), (":scheme", "http"), (":path", "/a b"), (":authority", "a")],
        [.badRequestLine, .h2BadHeaderBlock]
      ),
      (
        [(":method", "GET"), (":scheme", "http"), (":path", "*"), (":authority", "a")],
        [.badRequestLine, .h2BadHeaderBlock]
      ),
      ([(":method", "OPTIONS"), (":scheme", "http"), (":path", "*"), (":authority", "a")], []),
      (
        [(":method", "GET /\r\n"), (":scheme", "http"), (":path", "/"), (":authority", "a")],
        [.badRequestLine, .unknownMethod, .h2BadHeaderBlock]
      ),
      (
        [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "u:p@a")],
        [.h2BadHeaderBlock]
      ),
      ([(":method", "CONNECT"), (":authority", "a:443")], []),
      ([(":method", "CONNECT")], [.missingHost, .h2BadHeaderBlock]),
      (
        [(":method", "CONNECT"), (":scheme", "http"), (":path", "/"), (":authority", "a")],
        [.h2BadHeaderBlock]
      ),
      (
        [
          (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":path", "/"),
          (":authority", "a"),
        ], []
      ),
      (
        [
          (":method", "GET"), (":protocol", "websocket"), (":scheme", "http"), (":path", "/"),
          (":authority", "a"),
        ], [.h2BadHeaderBlock]
      ),
    ] as [([(String, String)], [Anomaly])]) func pseudoFields(
      _ fields: [(String, String)], _ anomalies: [Anomaly]
    )
  {
    #expect(head(fields).anomalies.anomalies == anomalies)
  }

  @Test func aTunnelHasAnAuthorityAsItsTarget() {
    let tunnel = head([(":method", "CONNECT"), (":authority", "a:443")])
    #expect(text(tunnel.target) == "a:443")
    #expect(tunnel.asksForAnotherProtocol)
  }

  @Test(
    arguments: [
      ("200", 200, true), ("99", nil, false), ("2000", nil, false),
      ("abc", nil, false), ("099", nil, false), ("101", 101, false),
    ] as [(String, Int?, Bool)])
  func statuses(_ value: String, _ status: Int?, _ isRight: Bool) {
    let head = HTTPTests.head([(":status", value)], as: .response)
    #expect(head.status == status)
    #expect(head.anomalies.contains(.h2BadHeaderBlock) != isRight)
    #expect(!head.isRequest)
  }

  @Test func answersHaveAStatusAndNothingElse() {
    #expect(HTTPTests.head([("a", "b")], as: .response).anomalies.contains(.h2BadHeaderBlock))
    let asking = HTTPTests.head([(":status", "200"), (":path", "/")], as: .response)
    #expect(asking.anomalies.contains(.h2BadHeaderBlock))
  }

  @Test func trailersHaveNoPseudoFields() {
    #expect(HTTPTests.head([("x", "y")], as: .trailers).anomalies == [])
    for fields in [[(":status", "200")], [("content-length", "5")], [("connection", "close")]] {
      let trailers = HTTPTests.head(fields, as: .trailers)
      #expect(trailers.anomalies.contains(.h2BadHeaderBlock))
      #expect(!trailers.isRequest && trailers.status == nil)
    }
  }

  @Test func anIndexThatDoesNotFitIsRefused() {
    let head = head(postFields)
    let back = MessageHead(http2: head.bytes[...], index: head.index, anomalies: head.anomalies)
    #expect(back.map { String(describing: $0) } == String(describing: head))
    for count in [1, 3, head.index.count - 1] {
      let short = Array(head.index.prefix(count))
      #expect(MessageHead(http2: head.bytes[...], index: short, anomalies: []) == nil)
    }
    #expect(MessageHead(http2: head.bytes.prefix(9), index: head.index, anomalies: []) == nil)
    #expect(HTTPTests.head("GET / HTTP/1.1\r\n\r\n").index.isEmpty)
  }
}
