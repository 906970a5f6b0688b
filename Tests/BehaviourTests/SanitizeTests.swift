import Foundation
import TestSupport
import Testing

/// A capture without its keys is the same capture: who asked what, and what was answered.
@Suite("Sanitized captures hold the same exchanges, and no key") struct SanitizeTests {
  static let ours = "\(Executable.root)/Captures"
  static let theirs = Executable.corpora.map { "\($0)/captures" }

  private static func captures(in folder: String?) -> [String] {
    guard let folder else { return [] }
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }.sorted()
      .map { "\(folder)/\($0)" }
  }

  static let all = captures(in: ours) + captures(in: theirs)

  private func keyLog(_ capture: String) -> [String] {
    let stem = capture.prefix(upTo: capture.lastIndex(of: ".") ?? capture.endIndex)
    let found = ["keylog", "keys"].map { "\(stem).\($0)" }
      .first { FileManager.default.fileExists(atPath: $0) }
    return found.map { ["--keylog", $0] } ?? []
  }

  private func sanitize(
    _ capture: String, _ options: [String] = [], environment: [String: String] = [:]
  ) throws -> (result: Executable.Result, path: String) {
    let path = try Folder().path + "/clean.pcapng"
    let result = try Executable.run(
      ["sanitize", capture, path] + options, environment: environment)
    return (result, path)
  }

  private func exported(_ capture: String, _ keys: [String] = []) throws -> [Record] {
    try Executable.export([capture] + keys).kind("exchange")
  }

  /// What has to stay; HTTP/2 and codings around a key are written plainly.
  private func told(_ record: Record) -> [String] {
    // Where in a content bytes are missing isn't known to the last one.
    let isWhole = record.response?.body.state != "gap"
    return [
      record.request?.method, record.request?.target, record.response?.status.map(String.init),
      // A cut by a snapshot length is a hole once it is written again.
      record.outcome, record.credential?.verdict,
      record.credential?.reason == "snaplen" ? "hole" : record.credential?.reason,
      record.credential?.key, record.llm?.model, record.llm?.operation,
      isWhole ? record.response?.events.map(String.init) : nil,
      isWhole ? record.llm?.finishReasons?.joined() : nil,
      record.request?.body.state, record.response?.body.state,
      record.response.map { String($0.body.missing) },
      record.websocket.map { "\($0.fromClient ?? 0) \($0.fromServer ?? 0)" },
    ].map { $0 ?? "-" }
  }

  @Test(arguments: all) func theExchangesAreTheSame(_ capture: String) throws {
    let keys = keyLog(capture)
    let before = try exported(capture, keys)
    let (result, path) = try sanitize(capture, keys)
    guard !before.isEmpty else {
      #expect(result.code == (capture.hasSuffix("zero-bytes.pcap") ? 3 : 5))
      #expect(!FileManager.default.fileExists(atPath: path))
      return
    }
    try #require(result.code == 0, "\(result.errors)")
    let after = try exported(path)
    #expect(after.count == before.count)
    for (now, then) in zip(after, before) { #expect(told(now) == told(then)) }
    for (now, then) in zip(after, before) where then.protocol == "HTTP/1.1" {
      #expect(now.client == then.client && now.server == then.server)
      #expect(now.request?.body.bytes == then.request?.body.bytes)
    }
  }

  @Test(
    .enabled(if: Tool.isThere("/usr/bin/tshark"), "tshark isn't installed"),
    arguments: captures(in: ours))
  func tsharkFindsNothingWrong(_ capture: String) throws {
    let (result, path) = try sanitize(capture, keyLog(capture))
    guard result.code == 0 else { return }
    let wrong =
      "tcp.analysis.flags or ip.checksum.status == Bad or tcp.checksum.status == Bad or _ws.malformed"
    let seen = try Executable.run(
      [
        "-r", path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-Y", wrong,
      ], tool: "/usr/bin/tshark")
    #expect(seen.output.isEmpty && seen.code == 0, "\(seen.output)\(seen.errors)")
  }

  @Test func noCanaryIsLeftInAnyForm() throws {
    let capture = try #require(CanaryTests.pcapPath)
    let (result, path) = try sanitize(
      capture, CanaryTests.expecting, environment: CanaryTests.environment)
    try #require(result.code == 0, "\(result.errors)")
    let finds = CanaryTests.search.finds(in: try Folder.bytes(path), atTheEnd: true)
    #expect(finds.isEmpty, "\(finds.map(\.description).sorted())")
  }

  // MARK: Made by hand

  private func capture(_ request: String, _ answer: [UInt8]) throws -> TemporaryFile {
    var talk = Conversation(clientPort: 41_000)
    talk.client(request)
    talk.server(answer)
    talk.close()
    return try TemporaryFile(CaptureBytes.pcap(talk.packets()))
  }

  private static let key = "sk-made-up-4711-Qz7Lm2Xv9Kt3"

  private func request(_ content: String = "", _ key: String = Self.key) -> String {
    "POST /chat/completions HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(key)\r\n"
      + "Content-Length: \(content.utf8.count)\r\n\r\n\(content)"
  }

  private func answer(_ content: [UInt8], _ fields: String = "") -> [UInt8] {
    Array("HTTP/1.1 200 OK\r\n\(fields)Content-Length: \(content.count)\r\n\r\n".utf8) + content
  }

  @Test func aKeyInsideCompressedContentIsFound() throws {
    let inside = #"{"echo":"your key is \#(Self.key)"}"#
    let file = try capture(
      request(), answer(Compression.compress(Array(inside.utf8)), "Content-Encoding: gzip\r\n"))
    let (result, path) = try sanitize(file.path)
    try #require(result.code == 0, "\(result.errors)")
    // It is written without the coding, in which nobody could look for it.
    let text = String(decoding: try Folder.bytes(path), as: UTF8.self)
    #expect(text.contains(#"{"echo":"your key is sk-"#) && !text.contains(Self.key))
    #expect(try exported(path).first?.response?.body.bytes == inside.utf8.count)
  }

  @Test func contentThatNobodyCanReadIsNotKept() throws {
    let broken = Array(repeating: UInt8(ascii: "Z"), count: 40)
    let file = try capture(request(), answer(broken, "Content-Encoding: gzip\r\n"))
    let (result, path) = try sanitize(file.path)
    try #require(result.code == 0, "\(result.errors)")
    #expect(!String(decoding: try Folder.bytes(path), as: UTF8.self).contains("ZZZZ"))
  }

  @Test func proseGoesOnRequest() throws {
    let asked = #"{"model":"gpt-4o","messages":[{"role":"user","content":"my cat\n is \u00e9"}]}"#
    let events =
      #"data: {"id":"c1","choices":[{"delta":{"content":"Your dog"}}]}"#
      + "\n\ndata: [DONE]\n\n"
    let file = try capture(
      request(asked), answer(Array(events.utf8), "Content-Type: text/event-stream\r\n"))
    let (plain, kept) = try sanitize(file.path)
    let (hidden, path) = try sanitize(file.path, ["--bodies"])
    try #require(plain.code == 0 && hidden.code == 0, "\(hidden.errors)")
    #expect(String(decoding: try Folder.bytes(kept), as: UTF8.self).contains("my cat"))
    let text = String(decoding: try Folder.bytes(path), as: UTF8.self)
    #expect(text.contains(#""content":"xx xxx\n xx \u0078""#))
    #expect(text.contains(#""content":"xxxx xxx""#) && text.contains("[DONE]"))
    let record = try #require(try exported(path).first)
    #expect(record.llm?.model == "gpt-4o" && record.response?.events == 2)
  }

  @Test func theExpectedKeysStandInIsTheSameEverywhere() throws {
    func standIn(_ file: TemporaryFile) throws -> Substring? {
      let (_, path) = try sanitize(
        file.path, ["--expect-key", "env:RIGHT"], environment: ["RIGHT": Self.key])
      let text = String(decoding: try Folder.bytes(path), as: UTF8.self)
      return text.split(separator: "Authorization: Bearer ").dropFirst().first?.prefix(28)
    }
    let first = try standIn(try capture(request("{}"), answer([])))
    var other = Conversation(clientPort: 41_001)
    other.client(request("", "sk-another-0815-aB3dE6gH9jK2mN"))
    other.server(answer([]))
    other.client(request())
    other.server(answer([]))
    let second = try TemporaryFile(CaptureBytes.pcap(other.packets()))
    let (_, path) = try sanitize(
      second.path, ["--expect-key", "env:RIGHT"], environment: ["RIGHT": Self.key])
    let text = String(decoding: try Folder.bytes(path), as: UTF8.self)
    #expect(try #require(first).hasPrefix("sk-") && text.contains(try #require(first)))
  }

  @Test func whatCannotBeWrittenIsSaid() throws {
    let nowhere = try Executable.run(["sanitize", "/nowhere.pcap", "/tmp/x.pcapng"])
    #expect(nowhere.code == 3 && nowhere.errors.contains("/nowhere.pcap"))
    #expect(try Executable.run(["sanitize", "-", "/tmp/x.pcapng"]).code == 2)
    let file = try capture(request(), answer([]))
    let folder = try Executable.run(["sanitize", file.path, "/nowhere/x.pcapng"])
    #expect(folder.code == 3 && folder.errors.contains("/nowhere/x.pcapng"))
    let (shut, path) = try sanitize("\(Self.ours)/tls-shut.pcap")
    #expect(shut.code == 5 && shut.errors.contains("stay shut"))
    #expect(!FileManager.default.fileExists(atPath: path))
    let tls = "\(Self.ours)/agent-fixed-tls.pcap"
    let (left, _) = try sanitize(tls, keyLog(tls) + ["--no-tls"])
    #expect(left.code == 5)
  }
}
