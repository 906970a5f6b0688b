internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import HTTP
@testable internal import Verdicts
@testable internal import Wire

/// The test cases of llhttp, one of the two parsers that LiteLLM's server can run on. They lie
/// outside of the repository: where KEYWITNESS_CORPORA names no folder, these tests are skipped.
@Suite(
  "llhttp's cases are read as llhttp reads them",
  .enabled(
    if: Executable.corpora != nil, "KEYWITNESS_CORPORA isn't set: llhttp's cases are absent"))
struct LLHTTPCorpusTests {
  struct Case: Decodable {
    struct Failure: Decodable {
      var off: Int
      var reason: String
    }

    struct Message: Decodable {
      var headers: [[String]]
      var method: String?
      var url: String?
      var version: String?
      var `protocol`: String?
      var status: Int?
      var bodyB64: String?
      var complete: Bool
      var headersComplete: Bool
    }

    struct Expectation: Decodable {
      var result: String
      var messages: [Message]
      var error: Failure?
    }

    var name: String
    var kind: String
    var mode: String
    var rawBytesB64: String
    var expected: Expectation

    /// llhttp's switches for more tolerance, which the server leaves off.
    var isLenient: Bool { mode.hasPrefix("lenient") }

    /// A target alone is put into a request.
    var bytes: [UInt8] {
      let bytes = [UInt8](Data(base64Encoded: rawBytesB64) ?? Data())
      guard kind == "url" else { return bytes }
      return Array("GET ".utf8) + bytes + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    }
  }

  static func cases() throws -> [Case] {
    let path = (Executable.corpora ?? "") + "/corpora/parsers/llhttp.jsonl"
    let text = try Data(contentsOf: URL(fileURLWithPath: path))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try text.split(separator: 0x0A).map { try decoder.decode(Case.self, from: $0) }
  }

  @Test func allOfThemAreThere() throws {
    #expect(try Self.cases().count == 272)
  }

  /// No packet boundary changes what is read.
  @Test func everyCutSaysTheSameAsTheWhole() throws {
    for one in try Self.cases() {
      let bytes = one.bytes
      let whole = Reading([bytes[...]])
      for cut in bytes.indices.dropFirst() {
        let halves = Reading([bytes[..<cut], bytes[cut...]])
        if halves != whole {
          Issue.record("\(one.name) cut at \(cut): \(halves.summary), whole: \(whole.summary)")
          break
        }
      }
      let single = Reading(bytes.indices.map { bytes[$0...$0] })
      #expect(
        single == whole, "\(one.name) byte by byte: \(single.summary), whole: \(whole.summary)")
    }
  }

  /// Where we read differently, it is on the list with its reason, and nothing else is on it.
  @Test func deviationsAreThoseOfTheList() throws {
    let path = Executable.root + "/Tests/Deviations/llhttp.tsv"
    var listed: Set<String> = []
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    where !line.hasPrefix("#") {
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
      try #require(columns.count == 3 && !columns[2].isEmpty, "\(line)")
      listed.insert(columns[..<2].joined(separator: "\t"))
    }
    var found: Set<String> = []
    for one in try Self.cases() {
      for deviation in Self.deviations(of: Reading([one.bytes[...]]), from: one) {
        found.insert(one.name + "\t" + deviation)
      }
    }
    for deviation in found.subtracting(listed).sorted() {
      Issue.record("not on the list: \(deviation)")
    }
    for deviation in listed.subtracting(found).sorted() {
      Issue.record("on the list, but doesn't occur: \(deviation)")
    }
  }

  // MARK: Comparison

  private static func deviations(of reading: Reading, from one: Case) -> [String] {
    let expected = one.expected
    if one.kind == "url" {
      let isDoubtful = reading.isDoubtful(from: 0)
      guard isDoubtful != (expected.result == "error") else { return [] }
      return [isDoubtful ? "flagged \(flags(reading, 0))" : "error not flagged"]
    }
    // The message that llhttp refuses; of one that is complete, the bytes behind it.
    let broken = expected.messages.firstIndex { !$0.complete } ?? expected.messages.count
    let isError = expected.result == "error"
    // With a leniency switched on, llhttp reads what the server refuses: a doubt is right.
    if one.isLenient, reading.isDoubtful(from: 0) { return [] }
    var result: [String] = []
    let count = isError ? broken : expected.messages.count
    for index in 0..<count {
      guard index < reading.messages.count else {
        result.append("message \(index + 1) not read\(reading.stop.map { ": " + $0 } ?? "")")
        continue
      }
      let message = reading.messages[index]
      result += differences(message, expected.messages[index]).map {
        "message \(index + 1): \($0)"
      }
      for anomaly in message.anomalies.intersection(.ambiguousFraming).anomalies {
        result.append("message \(index + 1): flagged \(anomaly.rawValue)")
      }
    }
    if isError {
      // What the server sends is no matter for its own parser: it needs a name, not a doubt.
      let isNamed =
        one.kind == "response"
        && (reading.messages.dropFirst(broken).contains { !$0.anomalies.isEmpty }
          || !reading.trailing.isEmpty)
      if !isNamed, !reading.isDoubtful(from: broken) {
        result.append("error not flagged: \(expected.error?.reason ?? "")")
      }
    } else if expected.result == "ok" {
      if let stop = reading.stop, reading.messages.count >= count { result.append("stop: \(stop)") }
      if reading.messages.count > count { result.append("\(reading.messages.count) messages") }
      for anomaly in reading.trailing.anomalies {
        result.append("behind the last message: flagged \(anomaly.rawValue)")
      }
    }
    return result
  }

  private static func flags(_ reading: Reading, _ index: Int) -> String {
    let anomalies = reading.messages.dropFirst(index).flatMap { $0.anomalies.anomalies }
    return (anomalies.map(\.rawValue) + [reading.stop].compactMap { $0 }).joined(separator: " ")
  }

  private static func differences(
    _ message: Reading.Message, _ expected: Case.Message
  ) -> [String] {
    var result: [String] = []
    let head = message.head
    if message.hasWholeHead != expected.headersComplete { result.append("end of head") }
    if message.isComplete != expected.complete { result.append("end") }
    if let method = expected.method, text(head.method) != method { result.append("method") }
    guard expected.headersComplete else { return result }
    if let url = expected.url, text(head.target) != url { result.append("target") }
    if let status = expected.status, head.status != status { result.append("status") }
    if let version = expected.version,
      text(head.version) != "\(expected.protocol ?? "HTTP")/\(version)"
    {
      result.append("version")
    }
    // llhttp leaves blanks at the end of a value, which are none of it (RFC 9112, 5.1).
    let wanted = expected.headers.map { pair in
      "\(pair[0]): \(pair[1].trimmingCharacters(in: .init(charactersIn: " \t")))"
    }
    let got = head.fields.map {
      "\(text(head.name(of: $0)) ?? ""): \(text(head.value(of: $0)) ?? "")"
    }
    if wanted != got { result.append("fields") }
    let body = [UInt8](Data(base64Encoded: expected.bodyB64 ?? "") ?? Data())
    if body != message.content { result.append("content") }
    return result
  }

  /// The corpus holds text as Latin-1.
  private static func text(_ bytes: ArraySlice<UInt8>?) -> String? {
    bytes.map { String(String.UnicodeScalarView($0.map { Unicode.Scalar($0) })) }
  }
}

extension Reading {
  fileprivate var summary: String {
    let parts = messages.map { message in
      "\(message.head.bytes.count)+\(message.content.count)\(message.isComplete ? "" : "…") "
        + message.anomalies.anomalies.map(\.rawValue).joined(separator: " ")
    }
    return "\(parts) \(trailing.anomalies.map(\.rawValue)) \(stop ?? "") \(tunnel.count)"
  }
}
