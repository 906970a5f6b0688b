import Testing

@testable import HTTP
@testable import Wire

@Suite struct BodyFramingTests {
  func request(_ lines: String, version: String = "HTTP/1.1") -> (BodyFraming, [Anomaly]) {
    let (framing, anomalies) = BodyFraming.ofRequest(
      head("POST / \(version)\r\nHost: a\r\n\(lines)\r\n"))
    return (framing, anomalies.anomalies)
  }

  func response(
    _ status: Int, _ lines: String = "", to method: String? = "GET"
  ) -> (BodyFraming, [Anomaly]) {
    let (framing, anomalies) = BodyFraming.ofResponse(
      head("HTTP/1.1 \(status) X\r\n\(lines)\r\n"), to: method.map { Array($0.utf8)[...] })
    return (framing, anomalies.anomalies)
  }

  @Test(arguments: [
    ("", BodyFraming.none, []),
    ("Content-Length: 0\r\n", .none, []),
    ("Content-Length: 5\r\n", .length(5), []),
    ("content-length: 0005\r\n", .length(5), []),
    ("Content-Length: 5\r\nContent-Length: 5\r\n", .length(5), [Anomaly.duplicateContentLength]),
    ("Content-Length: 5, 5\r\n", .length(5), [.duplicateContentLength]),
    ("Content-Length: 5\r\nContent-Length: 6\r\n", .length(5), [.badContentLength]),
    ("Content-Length: 5, 6\r\n", .length(5), [.badContentLength]),
    ("Content-Length: +5\r\n", .untilClose, [.badContentLength]),
    ("Content-Length: -5\r\n", .untilClose, [.badContentLength]),
    ("Content-Length: 5x\r\n", .untilClose, [.badContentLength]),
    ("Content-Length: 0x5\r\n", .untilClose, [.badContentLength]),
    ("Content-Length:\r\n", .untilClose, [.badContentLength]),
    ("Content-Length: 9223372036854775807\r\n", .length(.max), []),
    ("Content-Length: 9223372036854775808\r\n", .untilClose, [.badContentLength]),
    ("Transfer-Encoding: chunked\r\n", .chunked, []),
    ("transfer-encoding: Chunked\r\n", .chunked, []),
    ("Transfer-Encoding: gzip, chunked\r\n", .chunked, [.transferCoding]),
    ("Transfer-Encoding: xchunked\r\n", .untilClose, [.badTransferEncoding]),
    ("Transfer-Encoding: chunked, identity\r\n", .untilClose, [.badTransferEncoding]),
    (
      "Transfer-Encoding: chunked, gzip\r\n", .untilClose, [.badTransferEncoding, .transferCoding]
    ),
    ("Transfer-Encoding: chunked, chunked\r\n", .chunked, [.badTransferEncoding]),
    ("Transfer-Encoding:\r\n", .untilClose, [.badTransferEncoding]),
    (
      "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", .chunked,
      [.contentLengthAndTransferEncoding]
    ),
    (
      "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", .chunked,
      [.contentLengthAndTransferEncoding]
    ),
  ])
  func theFramingOfARequest(lines: String, framing: BodyFraming, anomalies: [Anomaly]) {
    let (found, named) = request(lines)
    #expect(found == framing)
    #expect(Set(named) == Set(anomalies))
  }

  @Test func codingsOnLinesOfTheirOwnAreOneList() {
    let (framing, anomalies) = request(
      "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n")
    #expect(framing == .chunked)
    #expect(anomalies == [.transferCoding])
  }

  @Test func aTransferCodingInHTTP10IsNamed() {
    let (framing, anomalies) = request("Transfer-Encoding: chunked\r\n", version: "HTTP/1.0")
    #expect(framing == .chunked)
    #expect(anomalies == [.transferEncodingInHTTP10])
  }

  @Test func aResponseWithoutALengthGoesOnUntilTheClose() {
    #expect(response(200).0 == .untilClose)
    #expect(response(200, "Content-Length: 7\r\n").0 == .length(7))
    #expect(response(200, "Content-Length: 0\r\n").0 == BodyFraming.none)
    #expect(response(200, "Transfer-Encoding: chunked\r\n").0 == .chunked)
    #expect(response(200, to: nil).0 == .untilClose)
  }

  @Test(arguments: [100, 102, 103, 199, 204, 304])
  func someResponsesHaveNoContentWhateverTheySay(status: Int) {
    for lines in ["", "Content-Length: 7\r\n", "Transfer-Encoding: chunked\r\n"] {
      #expect(response(status, lines).0 == BodyFraming.none)
    }
  }

  @Test func theMethodOfTheRequestDecidesAsWell() {
    #expect(response(200, "Content-Length: 7\r\n", to: "HEAD").0 == BodyFraming.none)
    #expect(response(404, "Transfer-Encoding: chunked\r\n", to: "HEAD").0 == BodyFraming.none)
    #expect(response(200, "Content-Length: 7\r\n", to: "head").0 == .length(7))
    #expect(response(200, "Content-Length: 7\r\n", to: "CONNECT").0 == .tunnel)
    #expect(response(299, to: "CONNECT").0 == .tunnel)
    #expect(response(407, "Content-Length: 7\r\n", to: "CONNECT").0 == .length(7))
    #expect(response(101, "Content-Length: 7\r\n").0 == .tunnel)
    #expect(response(101, to: nil).0 == .tunnel)
  }

  @Test func moreDigitsThanH11ReadsAreNamed() {
    let zeros = String(repeating: "0", count: 19)
    #expect(request("Content-Length: \(zeros)5\r\n") == (.length(5), []))
    #expect(request("Content-Length: \(zeros)05\r\n") == (.length(5), [.badContentLength]))
  }

  @Test func aTabBehindACodingIsNamed() {
    #expect(request("Transfer-Encoding: \tchunked \r\n") == (.chunked, []))
    #expect(request("Transfer-Encoding: chunked \t\r\n") == (.chunked, [.badTransferEncoding]))
  }

  @Test func connectHasNoContentWhateverItSays() {
    for (lines, framing) in [
      ("Content-Length: 5\r\n", BodyFraming.length(5)),
      ("Transfer-Encoding: chunked\r\n", .chunked),
    ] {
      let (found, anomalies) = BodyFraming.ofRequest(
        head("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\(lines)\r\n"))
      #expect(found == framing)
      #expect(anomalies.anomalies == [.badContentLength])
    }
    let (found, anomalies) = BodyFraming.ofRequest(
      head("CONNECT a:80 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"))
    #expect(found == .none)
    #expect(anomalies.isEmpty)
  }
}
