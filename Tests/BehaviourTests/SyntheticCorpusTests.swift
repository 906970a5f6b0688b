import Foundation
import TestSupport
import Testing

/// 34 captures of one point of semantics each, made for this project. They lie outside of the
/// repository: where KEYWITNESS_CORPORA names no folder, these tests are skipped, and say so.
@Suite(
  "Synthetic captures give their expected exchanges",
  .enabled(
    if: Executable.corpora != nil, "KEYWITNESS_CORPORA isn't set: the synthetic captures are absent"
  )
)
struct SyntheticCorpusTests {
  struct Expectation: Decodable {
    struct Exchange: Decodable {
      var method: String
      var uri: String
      var status: Int?
      var auth: Auth
      var gap: Int?
      var interim: [Int]?
      var reqBody: String?
      var reqBodyLen: Int?
      var anomaly: String?
      var incomplete: String?
      var requestIncomplete: Bool?
      var outcome: String?
      var copyOf: Int?
      var sseEvents: Int?
      var wsMessages: Int?
      var text: String?
      var attempt: Int?
    }

    var exchanges: [Exchange]
    var anomalies: [String]?
    var connections: Int?
    var orphanResponses: Int?
    var logicalCalls: Int?
  }

  /// `true`, `false`, or a word.
  enum Auth: Decodable, Hashable {
    case flag(Bool)
    case word(String)

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let flag = try? value.decode(Bool.self) {
        self = .flag(flag)
      } else {
        self = .word(try value.decode(String.self))
      }
    }
  }

  static let names = [
    "ack_before_data", "any_sll2_x3", "any_sll_x2", "auth_shapes", "bad_checksums_offload",
    "body_looks_like_http", "chunked_trailers_ext", "connect_200_then_tls",
    "docker_proxy_two_hops", "early_401_body_unfinished", "early_hints_103_twice", "expect_100",
    "gap_in_request_body", "gap_in_request_headers", "gro_64k_request", "head_with_cl_then_get",
    "keepalive_and_zwp", "midstream_then_clean", "no_response_client_abort", "pipeline3",
    "pipeline3_separate_packets", "port_reuse_no_fin", "response_captured_before_request",
    "retransmit_different_content", "retry_3_attempts", "s204_304_then_more",
    "seq_wrap_in_body_ooo", "snaplen_96", "sse_chunked_split", "sse_close_delimited",
    "sse_cut_by_rst", "syn_data_tfo", "te_and_cl", "upgrade_websocket",
  ]

  /// The corpus's words for a credential, in the contract's.
  static let verdicts: [Auth: String] = [
    .flag(true): "ok",
    .flag(false): "missing",
    .word("empty"): "empty",
    .word("scheme only"): "scheme-only",
    .word("placeholder"): "placeholder",
    .word("unexpanded"): "unexpanded",
    .word("no scheme"): "no-scheme",
    .word("Basic"): "wrong-scheme",
    .word("quoted"): "malformed",
    .word("duplicate, differing"): "conflicting",
    .word("other header"): "wrong-header",
    // Two parsers disagree about the head: the contract's `ambiguous-framing`.
    .word("obs-fold"): "unknown/ambiguous-framing",
    .word("space before colon"): "unknown/ambiguous-framing",
    .word("unknown: headers have a hole"): "unknown/hole",
    .word("unknown: cut by snaplen"): "unknown/snaplen",
  ]

  /// Requests of which the contract says something else than the corpus's word.
  static let exceptions: [String: String] = [
    // `Bearer undefined`, a placeholder to the corpus.
    "auth_shapes /a7": "stringified",
    // Lines that end in a bare LF.
    "auth_shapes /a16": "unknown/ambiguous-framing",
    // Content-Length together with Transfer-Encoding.
    "te_and_cl /te": "unknown/ambiguous-framing",
    // Bytes of the head were sent twice, with different content.
    "retransmit_different_content /chat/completions": "unknown/overlap",
    // The inside of a CONNECT is judged, not the CONNECT.
    "connect_200_then_tls api.openai.com:443": "exempt",
  ]

  /// The corpus's words for what is odd, in the contract's names.
  static let anomalies = [
    "TE+CL": "http.cl-and-te",
    "retransmission with different content": "tcp.overlap-conflict",
  ]

  /// Likewise for how an exchange ends. A client that closes before any answer may be called
  /// either: it gave up, or it only had nothing more to say.
  static let outcomes: [String: Set<String>] = [
    "client reset": ["client-aborted"],
    "client closed before any answer": ["client-aborted", "no-response"],
  ]

  private func path(_ name: String) -> String {
    "\(Executable.corpora ?? "")/corpora/synthetic/\(name)"
  }

  private func expectation(_ name: String) throws -> Expectation {
    try Decoding.json(Expectation.self, Folder.bytes(path(name) + ".expect.json"))
  }

  /// What is expected and what was found, side by side.
  private func pairs(_ name: String) throws -> [(expected: Expectation.Exchange, found: Record)] {
    let expected = try expectation(name).exchanges
    let found = try Executable.export([path(name) + ".pcap"]).requests
    try #require(found.count == expected.count, "\(found.count) requests in \(name)")
    return Array(zip(expected, found))
  }

  @Test func theTableNamesTheWholeCorpus() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: path(""))
    #expect(
      files.filter { $0.hasSuffix(".expect.json") }.map { String($0.dropLast(12)) }.sorted()
        == Self.names)
  }

  @Test(arguments: names) func requestsAndStatuses(_ name: String) throws {
    for (expected, found) in try pairs(name) {
      #expect(found.request?.method == expected.method)
      #expect(found.request?.target == expected.uri)
      #expect(found.response?.status == expected.status)
    }
  }

  @Test(arguments: names) func credentials(_ name: String) throws {
    for (expected, found) in try pairs(name) {
      let verdict = try #require(
        Self.exceptions["\(name) \(expected.uri)"] ?? Self.verdicts[expected.auth])
      let reason = found.credential?.reason.map { "/" + $0 } ?? ""
      #expect((found.credential?.verdict ?? "none") + reason == verdict, "\(expected.uri)")
    }
  }

  @Test(arguments: names) func requestContents(_ name: String) throws {
    for (expected, found) in try pairs(name) {
      let body = found.request?.body
      if let length = expected.reqBodyLen {
        #expect(body?.bytes == length)
        #expect(body?.state == "complete")
      }
      if let gap = expected.gap {
        #expect(body?.missing == gap)
        #expect(body?.state == "gap")
      }
      if expected.requestIncomplete == true { #expect(body?.state == "cut") }
      if let text = expected.reqBody {
        #expect(body?.bytes == text.utf8.count)
        let shown = try Executable.run([
          "show", path(name) + ".pcap", "\(found.id ?? 0)", "--show-bodies",
        ])
        #expect(shown.output.contains(text))
      }
    }
  }

  @Test(arguments: names) func interimResponses(_ name: String) throws {
    for (expected, found) in try pairs(name) {
      #expect((found.response?.interim ?? []).map(\.status) == expected.interim ?? [])
    }
  }

  @Test(arguments: names) func oddities(_ name: String) throws {
    for (expected, found) in try pairs(name) {
      guard let word = expected.anomaly else { continue }
      let anomaly = try #require(Self.anomalies[word])
      #expect(found.anomalies?.contains(anomaly) == true)
    }
    let records = try Executable.export([path(name) + ".pcap"])
    let all = Set(records.flatMap { $0.anomalies ?? [] })
    for word in try expectation(name).anomalies ?? [] {
      #expect(all.contains(try #require(Self.anomalies[word])))
    }
  }

  @Test(arguments: names) func outcomes(_ name: String) throws {
    for (expected, found) in try pairs(name) {
      guard let word = expected.incomplete ?? expected.outcome else { continue }
      let outcomes = try #require(Self.outcomes[word])
      #expect(outcomes.contains(found.outcome ?? ""), "\(found.outcome ?? "")")
    }
  }

  @Test(arguments: names) func secondHops(_ name: String) throws {
    for (expected, found) in try pairs(name) {
      // The corpus counts from 0, the records from 1.
      #expect(found.copyOf == expected.copyOf.map { $0 + 1 })
    }
  }

  @Test(arguments: names) func eventStreams(_ name: String) throws {
    for (expected, found) in try pairs(name) {
      if let messages = expected.wsMessages {
        #expect(found.websocket?.messages == messages)
      }
      if let events = expected.sseEvents { #expect(found.response?.events == events) }
      if let text = expected.text {
        let shown = try Executable.run([
          "show", path(name) + ".pcap", "\(found.id ?? 0)", "--show-bodies",
        ])
        #expect(shown.output.contains("assistant:\n       \(text)\n"))
      }
    }
  }

  @Test(arguments: names) func logicalCalls(_ name: String) throws {
    let pairs = try pairs(name)
    for (expected, found) in pairs {
      // The SDK counts retries from 0, the records attempts from 1.
      if let attempt = expected.attempt { #expect(found.llm?.attempt == attempt + 1) }
    }
    if let calls = try expectation(name).logicalCalls {
      #expect(Set(pairs.compactMap(\.found.llm?.call)).count == calls)
    }
  }

  @Test(arguments: names) func orphansAndConnections(_ name: String) throws {
    let expectation = try expectation(name)
    let records = try Executable.export([path(name) + ".pcap"])
    #expect(
      records.count { $0.outcome == "orphan-response" } == expectation.orphanResponses ?? 0)
    if let connections = expectation.connections {
      #expect(records.kind("ledger").first?.connections?.total == connections)
    }
  }
}
