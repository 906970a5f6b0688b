import Testing

@testable import HTTP
@testable import Wire

func text(_ bytes: ArraySlice<UInt8>?) -> String? {
  bytes.map { String(decoding: $0, as: UTF8.self) }
}

func head(_ text: String, isComplete: Bool = true) -> MessageHead {
  HeadParser.parse(Array(text.utf8), isComplete: isComplete)
}

/// Fields as `name: value`, between which the bytes decide.
func fields(_ head: MessageHead) -> [String] {
  head.fields.map { "\(text(head.name(of: $0)) ?? ""): \(text(head.value(of: $0)) ?? "")" }
}

/// A request with one odd thing in its field section.
private func request(_ lines: String) -> MessageHead {
  head("GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n")
}

@Suite struct HeadParserTests {
  // MARK: Start lines

  @Test func aRequestLineHasAMethodATargetAndAVersion() {
    let head = head("POST /chat/completions?a=b HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(text(head.method) == "POST")
    #expect(text(head.target) == "/chat/completions?a=b")
    #expect(text(head.version) == "HTTP/1.1")
    #expect(head.status == nil)
    #expect(head.anomalies.isEmpty)
    #expect(head.isComplete)
  }

  @Test(arguments: [
    ("GET", "/a?b=c?d#e", true), ("OPTIONS", "*", true), ("GET", "http://a@b:80/c@d", true),
    ("GET", "http://[1::2%a]?x", true), ("CONNECT", "a:80", true), ("CONNECT", "/a", true),
    ("GET", "a", false), ("GET", "a:80", false), ("GET", "?a", false), ("GET", "http:/a", false),
    ("GET", "h2://a", false), ("GET", "http://", false), ("GET", "http://a@b@c", false),
    ("GET", "http://a#b", false), ("CONNECT", "a\"b", false),
  ])
  func aTargetHasOneOfFourForms(method: String, target: String, isWellFormed: Bool) {
    let head = head("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(text(head.target) == target)
    #expect(head.anomalies.anomalies == (isWellFormed ? [] : [.badRequestLine]))
  }

  @Test func aStatusLineWithATabOrAControlCharacterIsNamed() {
    #expect(head("HTTP/1.1\t200 OK\r\n\r\n").anomalies.contains(.badStatusLine))
    #expect(head("HTTP/1.1 200 OK\rX\r\n\r\n").anomalies.contains(.bareCR))
  }

  @Test func aStatusLineHasACodeAndAReasonWhichMayBeEmptyOrAbsent() {
    for (line, reason) in [
      ("HTTP/1.1 401 Not Authorized", "Not Authorized"), ("HTTP/1.1 401 ", ""),
      ("HTTP/1.1 401", ""),
    ] {
      let head = head(line + "\r\n\r\n")
      #expect(head.status == 401)
      #expect(text(head.reason) == reason)
      #expect(text(head.version) == "HTTP/1.1")
      #expect(head.anomalies.isEmpty, "\(line)")
    }
  }

  @Test(arguments: [
    ("GET  / HTTP/1.1", Anomaly.badRequestLine, "/"),
    ("GET /a b HTTP/1.1", .badRequestLine, "/a b"),
    ("GET /  HTTP/1.1", .badRequestLine, "/"),
    ("GET /\u{1} HTTP/1.1", .badRequestLine, "/\u{1}"),
    ("GET / HTTP/1.2", .badVersion, "/"),
    ("GET / HTTP/2.0", .badVersion, "/"),
    ("GET / HTTP/11", .badVersion, "/"),
    ("GET /", .http09, "/"),
    ("get / HTTP/1.1", .unknownMethod, "/"),
    ("BREW / HTTP/1.1", .unknownMethod, "/"),
  ])
  func anOddRequestLineIsReadAndNamed(line: String, anomaly: Anomaly, target: String) {
    let head = head(line + "\r\nHost: a\r\n\r\n")
    #expect(head.anomalies == AnomalySet(anomaly))
    #expect(text(head.target) == target)
  }

  @Test(arguments: Method.known.map(\.description))
  func everyMethodThatLlhttpKnowsIsKnown(method: String) {
    #expect(!head("\(method) / HTTP/1.1\r\nHost: a\r\n\r\n").anomalies.contains(.unknownMethod))
  }

  @Test(arguments: [
    ("HTTP/1.1 20 OK", Anomaly.badStatusLine, nil), ("HTTP/1.1 2000 OK", .badStatusLine, nil),
    ("HTTP/1.1 OK", .badStatusLine, nil), ("HTTP/1.1  200 OK", .badStatusLine, 200),
    ("HTTP/1.7 200 OK", .badVersion, 200),
  ])
  func anOddStatusLineIsNamed(line: String, anomaly: Anomaly, status: Int?) {
    let head = head(line + "\r\n\r\n")
    #expect(head.anomalies == AnomalySet(anomaly))
    #expect(head.status == status)
  }

  @Test func http10AndNoVersionAreBelow11() {
    #expect(head("GET / HTTP/1.0\r\n\r\n").isHTTP10)
    #expect(head("GET / HTTP/1.0\r\n\r\n").anomalies.isEmpty)
    #expect(!head("GET / HTTP/1.1\r\nHost: a\r\n\r\n").isHTTP10)
  }

  // MARK: Fields

  @Test func fieldsKeepTheirOrderCaseAndRepeatsAndLoseOuterBlanks() {
    let head = request("X-b:1\r\nx-A: \t two words \t\r\nX-b:\r\nX-b: 1\r\n")
    #expect(fields(head) == ["Host: a", "X-b: 1", "x-A: two words", "X-b: ", "X-b: 1"])
    #expect(head.anomalies.isEmpty)
    #expect(head.values(of: "x-b").map { text($0) } == ["1", "", "1"])
    #expect(head.isNamed(head.fields[2], "x-a"))
    #expect(!head.isNamed(head.fields[2], "x-b"))
    #expect(head.isNamed(head.fields[2], Array("x-a".utf8)))
  }

  @Test func aFoldedValueIsOneWithASpaceForEachFold() {
    let head = request("Authorization: Bearer\r\n  sk-1\r\n\t2 \r\nNext: n\r\n")
    #expect(fields(head) == ["Host: a", "Authorization: Bearer sk-1 2", "Next: n"])
    #expect(head.anomalies == AnomalySet(.obsFold))
  }

  @Test func aFoldWithoutAFieldIsABadLine() {
    let head = head("GET / HTTP/1.1\r\n folded: x\r\nHost: a\r\n\r\n")
    #expect(head.anomalies == AnomalySet(.badHeaderLine))
    #expect(fields(head) == ["Host: a"])
  }

  @Test func aBareLFEndsALine() {
    let bare = head("GET / HTTP/1.1\nHost: a\n\n")
    #expect(fields(bare) == ["Host: a"])
    #expect(bare.anomalies == AnomalySet(.bareLF))
    #expect(request("A: b\nC: d\r\n").anomalies == AnomalySet(.bareLF))
  }

  @Test(arguments: [
    ("A: b\rc\r\n", [Anomaly.bareCR], ["A: b\rc"]),
    ("A: b\u{0}c\r\n", [.nulInHeader], ["A: b\u{0}c"]),
    ("A: b\u{1}c\r\n", [.controlInHeader], ["A: b\u{1}c"]),
    ("A: b\u{7F}\r\n", [.controlInHeader], ["A: b\u{7F}"]),
    ("Authorization : Bearer x\r\n", [.spaceBeforeColon], ["Authorization: Bearer x"]),
    ("A b: c\r\n", [.badHeaderName], ["A b: c"]),
    ("A(b): c\r\n", [.badHeaderName], ["A(b): c"]),
    (": c\r\n", [.badHeaderName], [": c"]),
    ("no colon\r\n", [.badHeaderLine], []),
    ("A: caf\u{E9}\r\n", [], ["A: caf\u{E9}"]),
    ("A: b\tc\r\n", [], ["A: b\tc"]),
  ])
  func oddFieldLinesAreReadAndNamed(
    line: String, anomalies: [Anomaly], shown: [String]
  ) {
    let head = request(line)
    #expect(head.anomalies.anomalies == anomalies)
    #expect(fields(head) == ["Host: a"] + shown)
  }

  @Test func exactlyOneHostInHTTP11() {
    #expect(head("GET / HTTP/1.1\r\n\r\n").anomalies == AnomalySet(.missingHost))
    #expect(head("GET / HTTP/1.0\r\n\r\n").anomalies.isEmpty)
    #expect(request("HOST: a\r\n").anomalies == AnomalySet(.duplicateHost))
    #expect(head("HTTP/1.1 200 OK\r\n\r\n").anomalies.isEmpty)
  }

  @Test func twoThousandFieldsAreReadAndMoreAreNamed() {
    let lines = (0..<1999).map { "X-\($0): \($0)\r\n" }
    let full = request(lines.joined())
    #expect(full.fields.count == 2000)
    #expect(full.anomalies.isEmpty)
    #expect(full.isComplete)
    #expect(fields(full).last == "X-1998: 1998")
    let over = request(lines.joined() + "Authorization: Bearer x\r\n")
    #expect(over.fields.count == 2000)
    #expect(over.anomalies == AnomalySet(.tooManyHeaders))
    // What lies behind the bound isn't known to be absent.
    #expect(over.value(of: "authorization", unless: .cap) == .unknown(.cap))
  }

  @Test func aHostBehindTheBoundIsNotMissing() {
    let lines = (0..<2000).map { "X-\($0): \($0)\r\n" }.joined()
    let head = head("GET / HTTP/1.1\r\n\(lines)Host: a\r\n\r\n")
    #expect(!head.anomalies.contains(.missingHost))
  }

  @Test func aLongLineIsReadWhole() {
    let long = String(repeating: "x", count: 100_000)
    let head = request("Long: \(long)\r\n")
    #expect(text(head.values(of: "long").first) == long)
    #expect(head.anomalies.isEmpty)
  }

  // MARK: Parts of heads

  @Test func aFieldIsAbsentOnlyWhereTheWholeHeadWasSeen() {
    let whole = request("A: b\r\n")
    #expect(whole.value(of: "authorization") == .absent)
    #expect(whole.value(of: "a") == .present(Array("b".utf8)[...]))
    let part = head("GET / HTTP/1.1\r\nHost: a\r\nAuthor", isComplete: false)
    #expect(part.value(of: "authorization", unless: .hole) == .unknown(.hole))
    #expect(fields(part) == ["Host: a"])
    #expect(part.anomalies.isEmpty)
  }

  @Test(arguments: ["", "H", "HTT", "HTTP", "HTTP/", "HTTP/1", "HTTP/1."])
  func aRequestLineThatBreaksOffInItsVersionHasItsTarget(version: String) {
    let part = head("GET /a " + version, isComplete: false)
    #expect(text(part.target) == "/a")
    #expect(!part.anomalies.isEmpty)
    // The target may still go on.
    #expect(text(head("GET /a", isComplete: false).target) == "/a")
    #expect(text(head("GET /a HTX", isComplete: false).target) == "/a HTX")
  }

  @Test func aLineThatNeitherEndsNorNamesHTTPIsARequestByItsMethodOnly() {
    #expect(text(head("BREW /a HTTP/1.1", isComplete: false).target) == "/a")
    #expect(text(head("GET it", isComplete: false).target) == "it")
    for line in ["BREW /a", "Access Denied", "x \u{1}\u{2}", "BREW /a HTT", "BREW ", "BREW"] {
      let part = head(line, isComplete: false)
      #expect(!part.isRequest, "\(line)")
      #expect(part.anomalies == AnomalySet(.badRequestLine), "\(line)")
    }
  }

  @Test func aBareCRInAReasonPhraseIsNamed() {
    let head = head("HTTP/1.1 200 \rTransfer-Encoding: chunked\r\n\r\n")
    #expect(head.status == 200)
    #expect(head.fields.isEmpty)
    #expect(head.anomalies == AnomalySet(.bareCR))
  }

  @Test func aHeadCutAtAnyByteShowsAPrefixAndTrapsNowhere() {
    let whole = "PUT /a b HTTP/1.1\r\nHost: a\r\nX :\r\n fold\r\n\u{0}: \r\n\r\n"
    let all = fields(head(whole, isComplete: false))
    for count in 0...whole.utf8.count {
      let part = HeadParser.parse(Array(whole.utf8.prefix(count)), isComplete: false)
      #expect(part.fields.count <= all.count)
      #expect(!part.isComplete)
    }
  }

  @Test func tokensInListsAreFoundWhateverTheirCase() {
    let head = request("Connection: keep-alive, Upgrade\r\nConnection: h2c\r\n")
    #expect(head.hasToken("upgrade", in: "connection"))
    #expect(head.hasToken("h2c", in: "connection"))
    #expect(!head.hasToken("keep", in: "connection"))
    #expect(!head.hasToken("upgrade", in: "upgrade"))
  }
}
