internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import HTTP
@testable internal import Wire

/// Cases after h2spec's sections and RFC 7541, made for this project. Where KEYWITNESS_CORPORA names
/// no folder, these tests are skipped.
@Suite(
  "what is wrong with HTTP/2 is named, and what is right isn't",
  .enabled(
    if: Executable.corpora != nil, "KEYWITNESS_CORPORA isn't set: the HTTP/2 cases are absent"))
struct HTTP2CorpusTests {
  private struct Case: Decodable {
    struct Expectation: Decodable {
      struct Exchange: Decodable {
        var streamId: UInt32
        var method: String
        var target: String
        var authorization: String
        var requestBody: String
        var status: Int
        var responseBody: String
      }

      var outcome: String
      var exchanges: [Exchange]?
      var anomaly: [String]?
      var headers: [[String]]?
      var error: String?
    }

    var name: String
    var kind: String
    var clientB64: String?
    var serverB64: String?
    var wire: String?
    var tableSize: Int?
    var expected: Expectation
  }

  private static func cases(_ kind: String) throws -> [Case] {
    let path = (Executable.corpora ?? "") + "/corpora/semantics/h2_hpack_negative.jsonl"
    let json = JSONDecoder()
    json.keyDecodingStrategy = .convertFromSnakeCase
    return try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 0x0A).map {
      try json.decode(Case.self, from: $0)
    }.filter { $0.kind == kind }
  }

  @Test func blocks() throws {
    let cases = try Self.cases("hpack-block")
    #expect(cases.count == 16)
    for one in cases {
      var decoder = HPACKDecoder(tableSize: one.tableSize ?? 4096)
      var section = FieldSection()
      do throws(HPACKError) {
        try decoder.decode(bytes(hex: one.wire ?? "").span, into: &section)
        #expect(one.expected.error == nil, "\(one.name)")
        let wanted = one.expected.headers?.map { $0.joined(separator: ": ") }
        #expect(lines(section) == wanted, "\(one.name)")
      } catch {
        #expect(error.rawValue == one.expected.error, "\(one.name)")
      }
    }
  }

  @Test func streams() throws {
    let cases = try Self.cases("h2-stream")
    #expect(cases.count == 22)
    for one in cases {
      let requests = [UInt8](Data(base64Encoded: one.clientB64 ?? "") ?? Data())
      let responses = [UInt8](Data(base64Encoded: one.serverB64 ?? "") ?? Data())
      // Both ends of a connection that is older than the capture.
      let isMidstream = one.expected.anomaly == ["hpack_state_unknown"]
      var asked = HTTP2Reading(HTTP2Decoder(isClient: true, isMidstream: isMidstream))
      asked.read(requests)
      asked.change { $0.breakOff() }
      asked.read([])
      var answered = HTTP2Reading(HTTP2Decoder(isClient: false, isMidstream: isMidstream))
      answered.change { decoder in
        for head in asked.heads where head.kind == .request {
          decoder.expectAnswer(to: head.stream, isHEAD: false)
        }
      }
      answered.read(responses)
      check(one, asked, answered)
    }
  }

  private func check(_ one: Case, _ asked: HTTP2Reading, _ answered: HTTP2Reading) {
    let anomalies = asked.anomalies.union(answered.anomalies)
    if one.expected.outcome == "ok" {
      #expect(anomalies == [], "\(one.name): \(anomalies.anomalies)")
    }
    for name in one.expected.anomaly ?? [] {
      switch name {
      case "frame_size_error", "protocol_error":
        #expect(anomalies.contains(.h2BadFrame), "\(one.name)")
      case "malformed_headers": #expect(anomalies.contains(.h2BadHeaderBlock), "\(one.name)")
      case "hpack_state_unknown": #expect(anomalies.contains(.h2UnknownTable), "\(one.name)")
      case "request_incomplete":
        #expect(asked.heads.contains { !$0.head.isComplete }, "\(one.name)")
      case "midstream": #expect(asked.heads.count == 1, "\(one.name)")
      default: Issue.record("\(one.name): \(name)")
      }
    }
    for exchange in one.expected.exchanges ?? [] {
      let stream = exchange.streamId
      let request = asked.heads.first { $0.stream == stream }?.head
      let response = answered.heads.first { $0.stream == stream && $0.kind == .response }?.head
      #expect(text(request?.method) == exchange.method, "\(one.name)")
      #expect(text(request?.target) == exchange.target, "\(one.name)")
      #expect(
        request?.values(of: "authorization").map { text($0) } == [exchange.authorization],
        "\(one.name)")
      #expect(response?.status == exchange.status, "\(one.name)")
      #expect(text(asked.content[stream]?[...]) ?? "" == exchange.requestBody, "\(one.name)")
      #expect(text(answered.content[stream]?[...]) ?? "" == exchange.responseBody, "\(one.name)")
    }
  }
}
