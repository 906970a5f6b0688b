internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import Exchanges
@testable internal import HTTP
@testable internal import Wire

/// The connections of corpora/semantics/h2_hpack_negative.jsonl, from packets to exchanges. They lie
/// outside of the repository: where KEYWITNESS_CORPORA names no folder, this is skipped.
@Suite(
  "HTTP/2 that is odd is flagged, and HTTP/2 that is right isn't",
  .enabled(
    if: Executable.corpora != nil, "KEYWITNESS_CORPORA isn't set: the HTTP/2 cases are absent"))
struct HTTP2CasesTests {
  struct Case: Decodable {
    struct Expectation: Decodable {
      var outcome: String
      var exchanges: [Expected]?
    }

    struct Expected: Decodable {
      var method: String
      var target: String
      var authorization: String
      var requestBody: String
      var status: Int
      var responseBody: String
    }

    var name: String
    var kind: String
    var clientB64: String?
    var serverB64: String?
    var expected: Expectation
  }

  static func cases() throws -> [Case] {
    let path = (Executable.corpora ?? "") + "/corpora/semantics/h2_hpack_negative.jsonl"
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 0x0A).map {
      try decoder.decode(Case.self, from: $0)
    }.filter { $0.kind == "h2-stream" }
  }

  @Test func all() throws {
    let cases = try Self.cases()
    #expect(cases.count == 22)
    for one in cases {
      var talk = Conversation()
      let asked = [UInt8](Data(base64Encoded: one.clientB64 ?? "") ?? Data())
      talk.client(asked)
      talk.server([UInt8](Data(base64Encoded: one.serverB64 ?? "") ?? Data()))
      talk.close()
      // What has no preface is older than the capture.
      let isMidstream = !asked.starts(with: Array("PRI".utf8))
      let all = try Reconstruction(
        isMidstream ? Array(talk.packets().dropFirst(3)) : talk.packets())
      let odd = all.exchanges.flatMap { $0.anomalies.anomalies.map(\.rawValue) }
      // That the connection itself is older isn't odd.
      let onLedger = all.ledger.anomalies.occurred.map(\.anomaly.rawValue).filter {
        !$0.hasPrefix("tcp.")
      }
      switch one.expected.outcome {
      case "ok": #expect(odd + onLedger == [], "\(one.name)")
      case "flag": #expect(!(odd + onLedger).isEmpty, "\(one.name)")
      default: break
      }
      guard let expected = one.expected.exchanges else { continue }
      #expect(all.exchanges.count == expected.count, "\(one.name)")
      for (index, exchange) in expected.enumerated() where index < all.exchanges.count {
        let request = all.exchanges[index].request
        func text(_ bytes: ArraySlice<UInt8>?) -> String {
          String(decoding: bytes ?? [], as: UTF8.self)
        }
        #expect(text(request?.head.method) == exchange.method, "\(one.name)")
        #expect(text(request?.head.target) == exchange.target, "\(one.name)")
        #expect(
          text(request?.header("authorization").value) == exchange.authorization, "\(one.name)")
        #expect(all.contents[index].request == exchange.requestBody, "\(one.name)")
        #expect(all.exchanges[index].response?.head.status == exchange.status, "\(one.name)")
        #expect(all.contents[index].response == exchange.responseBody, "\(one.name)")
      }
    }
  }
}
