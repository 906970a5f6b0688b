import Foundation
import TestSupport
import Testing

/// Recorded requests are sent again: each ends in one outcome, and no recorded key leaves.
@Suite("replay: every request accounted for") struct ReplayTests {
  private static let folder = "\(Executable.root)/Captures"
  private static let captures =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }.sorted()

  private struct Receipt: Decodable {
    var requests: Int
    var matched: Int
    var differs: Int
    var failed: Int
    var skipped: Int
    var notSent: Int
    var nothingTested: Bool
    var exitCode: Int32
    var captureSha256: String
  }

  private func replay(
    _ capture: String, _ options: [String], environment: [String: String] = [:]
  ) throws -> (result: Executable.Result, receipt: Receipt?) {
    let path = try Folder().path + "/receipt.json"
    let result = try Executable.run(
      ["replay", "\(Self.folder)/\(capture)", "--receipt", path] + options,
      environment: environment)
    let receipt = try? Decoding.json(Receipt.self, Folder.bytes(path))
    if let receipt {
      let sum =
        receipt.matched + receipt.differs + receipt.failed + receipt.skipped + receipt.notSent
      #expect(sum == receipt.requests && receipt.exitCode == result.code)
    }
    return (result, receipt)
  }

  @Test(arguments: captures) func everyRequestIsAccountedFor(_ capture: String) throws {
    let stem = capture.prefix { $0 != "." }
    let log = "\(Self.folder)/\(stem).keylog"
    let keys = FileManager.default.fileExists(atPath: log) ? ["--keylog", log] : []
    let (result, receipt) = try replay(
      capture, ["--stub", "--speed", "max", "--compare", "status"] + keys)
    #expect([0, 1, 5].contains(result.code), "\(result.errors)")
    if let receipt { #expect(receipt.failed == 0 && receipt.notSent == 0, "\(result.output)") }
  }

  @Test func theBrokenAgentIsRefusedAgainAndTheFixedOneTaken() throws {
    let (broken, _) = try replay("agent-broken.pcap", ["--stub", "--speed", "max"])
    #expect(broken.code == 0 && broken.output.contains("SAME  3 of 3"), "\(broken.output)")
    #expect(broken.output.contains("401   401  matched"))
    let fixed = try replay(
      "agent-models-fixed.pcap", ["--stub", "--speed", "max", "--compare", "status"]
    ).result
    #expect(fixed.output.contains("GET /model/info         200   200  matched"), "\(fixed.output)")
  }

  @Test func aForcedKeyProvesTheCure() throws {
    let file = try Folder().file("key", "sk-made-up-right-0123456789\n")
    let stub = try ServedStub(["--master-key", "file:\(file)"])
    let to = ["--to", stub.url, "--speed", "max", "--compare", "status"]
    let plain = try replay("agent-broken.pcap", to + ["--auth", "file:\(file)"]).result
    // No header is added, no placeholder replaced: the fault stays.
    #expect(plain.code == 0 && plain.output.contains("401   401  matched"), "\(plain.output)")
    let forced = try replay("agent-broken.pcap", to + ["--auth", "file:\(file)", "--force-auth"])
      .result
    #expect(forced.output.contains("401   200  differs"), "\(forced.output)")
    #expect(!forced.output.contains("sk-made-up-right"))
    _ = try stub.stop()
  }

  @Test func noRecordedKeyIsOnTheWire() throws {
    let path = try Folder().path + "/wire.pcapng"
    let stub = try ServedStub(["-w", path, "--raw"])
    let capture = "agent-fixed.pcap"
    _ = try replay(capture, ["--to", stub.url, "--speed", "max"])
    let refused = try replay(capture, ["--to", stub.url, "--auth", "recorded"])
    #expect(refused.result.code == 2 && refused.result.errors.contains("--auth env:NAME"))
    _ = try stub.stop()
    let sent = try Folder.bytes(path)
    // As the recorded client sent it.
    let recorded = try Folder.bytes("\(Self.folder)/\(capture)")
    let mark = Array("Bearer sk-".utf8)
    let place = try #require(recorded.firstRange(of: mark))
    let key = Array(recorded[place.lowerBound...].prefix(24))
    #expect(sent.firstRange(of: mark) != nil && sent.firstRange(of: key) == nil)
  }

  @Test(arguments: [
    ("reset-before rate=1", "closed without an answer|reset by the target"),
    ("reset-midway rate=1", "reset by the target|cut:"), ("cut rate=1", "cut:"),
    ("stall rate=1", "stalled: nothing came for 1 s"),
    ("refuse rate=1", "connection refused|connection reset|reset by the target|closed"),
    ("429 rate=1", "status: 200, now 429"), ("500 rate=1", "status: 200, now 500"),
  ])
  func theTargetsFaultsAreNamed(_ fault: String, _ words: String) throws {
    let (result, receipt) = try replay(
      "openai-stream.pcap",
      ["--stub", "--speed", "max", "--idle-timeout", "1s", "--fault", fault])
    // A stub refuses what the system has taken already: one may get through to be reset.
    #expect(result.code == 1 || (fault.hasPrefix("refuse") && result.code == 4))
    #expect(
      words.split(separator: "|").contains { result.output.contains($0) }, "\(result.output)")
    #expect(receipt?.requests == 1)
  }

  @Test func aChangedEventIsNamed() throws {
    let config = try Folder().file(
      "config.yaml",
      """
      model_list:
        - model_name: "*"
          litellm_params: {model: openai/any, mock_response: something else}
      """)
    let (result, _) = try replay(
      "openai-stream.pcap", ["--stub", "--config", config, "--speed", "max"])
    #expect(result.code == 1, "\(result.output)")
  }

  @Test func aTargetThatIsNotThereIsSaid() throws {
    let (result, receipt) = try replay("agent-broken.pcap", ["--to", "http://127.0.0.1:9"])
    #expect(result.code == 4 && receipt?.failed == 3)
    #expect(result.output.contains("connection refused"))
  }

  @Test func aKeyInAnAnswerIsNotShownWhereItDiffers() throws {
    var talk = Conversation(clientPort: 41_000)
    let key = "sk-made-up-4711-Qz7Lm2Xv9Kt3"
    let content = #"{"data":[],"note":"your key is \#(key)"}"#
    talk.client("GET /v1/models HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(key)\r\n\r\n")
    talk.server(
      "HTTP/1.1 200 OK\r\nx-litellm-version: 1\r\nContent-Type: application/json\r\n"
        + "Content-Length: \(content.utf8.count)\r\n\r\n\(content)")
    talk.close()
    let file = try TemporaryFile(CaptureBytes.pcap(talk.packets()))
    let result = try Executable.run(["replay", file.path, "--stub", "--speed", "max"])
    #expect(result.code == 1 && result.output.contains("$.note"), "\(result.output)")
    #expect(!result.output.contains("4711") && result.output.contains("key#"))
  }

  @Test func aRehearsalSendsNothing() throws {
    let (result, _) = try replay(
      "agent-broken.pcap", ["--to", "http://127.0.0.1:9", "--dry-run"])
    #expect(result.code == 0)
    #expect(result.output.contains("would send 3 of 3 requests to 127.0.0.1 port 9"))
  }

  @Test func interruptedEachIsStillAccountedFor() throws {
    let folder = try Folder().path
    let capture = "\(Self.folder)/agent-broken.pcap"
    let result = try Script.run(
      #"""
      "$KW" replay "$CAPTURE" --stub --fault 'stall rate=1' --receipt "$OUT/r.json" > "$OUT/out" &
      pid=$!; sleep 1; kill -INT $pid; wait $pid; echo "code $?"; cat "$OUT/r.json"
      """#, environment: ["CAPTURE": capture, "OUT": folder])
    #expect(result.output.contains("code 130"), "\(result.output)\(result.errors)")
    let receipt = try Decoding.json(Receipt.self, Folder.bytes("\(folder)/r.json"))
    #expect(receipt.matched + receipt.differs + receipt.failed + receipt.notSent == 3)
    #expect(receipt.notSent > 0)
  }

  @Test func wrongUsageIsSaid() throws {
    for options in [
      [], ["--stub", "--to", "http://127.0.0.1:1"], ["--stub", "--force-auth"],
      ["--stub", "--ignore", "id"], ["--to", "http://10.1.2.3"], ["--to", "127.0.0.1:4000"],
      ["--stub", "--speed", "0x"],
    ] {
      #expect(try replay("agent-broken.pcap", options).result.code == 2, "\(options)")
    }
    #expect(try replay("empty.pcap", ["--stub"]).result.code == 5)
    #expect(try Executable.run(["replay", "-", "--stub"]).code == 2)
  }

  // MARK: More of it

  @Test func aKilledRunIsGoneOnWith() throws {
    let folder = try Folder().path
    let capture = "\(Self.folder)/concurrent-20.pcap"
    let result = try Script.run(
      #"""
      "$KW" stub --port 0 --ready-file ready.json --ttft 150ms 2>/dev/null & stub=$!
      while [ ! -e ready.json ]; do sleep 0.02; done
      url=$(sed 's/.*"url":"\([^"]*\)".*/\1/' ready.json)
      run() { "$KW" replay "$CAPTURE" --to "$url" --rate 20/s --journal j "$@"; }
      "$KW" replay "$CAPTURE" --to "$url" --rate 20/s --journal j > one & pid=$!
      sleep 0.6; kill -KILL $pid; wait $pid
      run > again 2> refused; echo "code $?"; cat refused
      run --resume --receipt "$OUT/r.json" > two; cat two
      token=$(sed 's/.*"admin_token":"\([^"]*\)".*/\1/' ready.json)
      admin=$(sed 's/.*"admin_url":"\([^"]*\)".*/\1/' ready.json)
      curl -s -H "Authorization: Bearer $token" "$admin/counts"
      kill $stub
      """#, environment: ["CAPTURE": capture, "OUT": folder])
    #expect(result.output.contains("code 2") && result.output.contains("--resume goes on"))
    let receipt = try Decoding.json(Receipt.self, Folder.bytes("\(folder)/r.json"))
    #expect(receipt.requests == 20 && receipt.notSent == 0)
    // None twice, none missing: the stub got each of them once.
    #expect(result.output.contains("\"requests\":20"), "\(result.output)")
    #expect(result.output.contains("by the run before"), "\(result.output)")
  }

  @Test func aJournalOfAnotherCaptureIsRefused() throws {
    let journal = try Folder().path + "/journal"
    let to = ["--stub", "--speed", "max", "--journal", journal]
    _ = try replay("agent-broken.pcap", to)
    #expect(try replay("agent-broken.pcap", to + ["--resume"]).receipt?.matched == 3)
    let other = try replay("agent-fixed.pcap", to + ["--resume"]).result
    #expect(other.code == 2 && other.errors.contains("of another capture"), "\(other.errors)")
    for option in [["--compare", "status"], ["--set", "body.model=x"], ["--ignore", "id"]] {
      let changed = try replay("agent-broken.pcap", to + ["--resume"] + option).result
      #expect(changed.code == 2, "\(option) \(changed.output)")
    }
    let none = try replay("agent-fixed.pcap", ["--stub", "--journal", "/nowhere/j", "--resume"])
    #expect(none.result.code == 3)
  }

  @Test func sharesAddUpToTheWhole() throws {
    let folder = try Folder().path
    let options = ["--stub", "--speed", "max", "--compare", "status"]
    let (_, whole) = try replay("concurrent-20.pcap", options)
    for number in 1...3 {
      _ = try replay(
        "concurrent-20.pcap",
        options + ["--shard", "\(number)/3", "--report", "ndjson=\(folder)/\(number)"])
    }
    let parts = (1...3).map { "\(folder)/\($0)" }
    let merged = try Executable.run(["merge", "--receipt", "\(folder)/sum"] + parts)
    let sum = try Decoding.json(Receipt.self, Folder.bytes("\(folder)/sum"))
    #expect(merged.code == sum.exitCode)
    #expect(sum.requests == 20 && sum.matched == whole?.matched, "\(merged.output)")
    #expect(merged.output.contains("answers took:"))
    let torn = try Executable.run(["merge"] + parts.prefix(2))
    #expect(torn.code != 0 && torn.errors.contains("missing: share 3/3"))
    #expect(try Executable.run(["merge", parts[0], parts[0], parts[1]]).code == 2)
    for shard in ["1/2147483647", "9223372036854775807/9223372036854775807", "0/0", "x"] {
      let text = try Folder.text(parts[0]).replacing(
        "\"shard\":\"1/3\"", with: "\"shard\":\"\(shard)\"")
      let other = try Folder().file("part", text)
      #expect(try Executable.run(["merge", other]).code == 2)
    }
    #expect(try Executable.run(["merge", "\(Self.folder)/README.md"]).code == 2)
  }

  @Test func whatIsNoiseIsLearned() throws {
    let file = try Folder().path + "/noise.yaml"
    let stub = try ServedStub(
      ["--clock", "now", "--master-key", "env:KEY"],
      environment: ["KEY": "sk-made-up-noise-000001"])
    let learned = try replay(
      "openai-stream.pcap", ["--to", stub.url, "--speed", "max", "--learn-noise", file])
    #expect(learned.result.code == 0, "\(learned.result.errors)")
    let text = String(decoding: try Folder.bytes(file), as: UTF8.self)
    #expect(text.contains("schema: keywitness-compare/1"))
    let used = try replay("openai-stream.pcap", ["--stub", "--speed", "max", "--rules", file])
    #expect([0, 1].contains(used.result.code), "\(used.result.errors)")
  }

  @Test func noiseHalfLearnedIsNotWritten() throws {
    let file = try Folder().path + "/noise.yaml"
    let result = try Script.run(
      #"""
      "$KW" replay "$CAPTURE" --stub --fault 'stall rate=1' --learn-noise "$OUT" &
      pid=$!; sleep 1; kill -INT $pid; wait $pid; echo "code $?"
      """#, environment: ["CAPTURE": "\(Self.folder)/agent-broken.pcap", "OUT": file])
    #expect(result.output.contains("code 130"), "\(result.output)\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: file))
  }

  /// A capture of one request, which is answered with 200.
  private func replay(
    _ request: [UInt8], _ options: [String]
  ) throws -> (Executable.Result, sent: String) {
    var talk = Conversation()
    talk.client(request)
    talk.server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    talk.close()
    let file = try TemporaryFile(packets: talk.packets())
    let path = try Folder().path + "/wire.pcapng"
    let stub = try ServedStub(["-w", path, "--raw"])
    let result = try Executable.run(["replay", file.path, "--to", stub.url] + options)
    _ = try stub.stop()
    return (result, String(decoding: try Folder.bytes(path), as: UTF8.self))
  }

  @Test func aMemberIsSetInWhatIsCutIntoChunks() throws {
    let chunks = #"""
      POST /chat/completions HTTP/1.1\#r
      Host: a\#r
      Content-Type: application/json\#r
      Transfer-Encoding: chunked\#r
      \#r
      9\#r
      {"model":\#r
      8\#r
      "gpt-4"}\#r
      0\#r
      \#r

      """#
    let (result, sent) = try replay(Array(chunks.utf8), ["--set", "body.model=other"])
    #expect(result.output.contains("body.model (1)"), "\(result.output)")
    #expect(sent.contains("content-length: 17\r\n") && sent.contains(#"{"model":"other"}"#))
    #expect(!sent.contains("chunked"))
    let unused = try replay(Array(chunks.utf8), ["--set", "body.model.of=other"]).0
    #expect(unused.code == 2 && unused.errors.contains("no request has a JSON body"))
  }

  @Test(arguments: ["Transfer-Encoding: gzip", "X-None: 1"])
  func whatIsCompressedWithoutSayingSoIsNotSent(_ field: String) throws {
    let body = Compression.compress(Array(#"{"key":"sk-made-up-Zk3Jq8Lw2Nv7Rt5Yx9"}"#.utf8))
    let head = "POST /chat/completions HTTP/1.1\r\nHost: a\r\n\(field)\r\n"
    let framing =
      field.hasPrefix("T")
      ? "Transfer-Encoding: chunked\r\n\r\n\(String(body.count, radix: 16))\r\n"
      : "Content-Length: \(body.count)\r\n\r\n"
    let request =
      Array((head + framing).utf8) + body
      + Array((field.hasPrefix("T") ? "\r\n0\r\n\r\n" : "").utf8)
    let (result, sent) = try replay(request, [])
    #expect(result.code == 5 && !sent.contains("POST"), "\(result.output)")
    var talk = Conversation()
    talk.client(request)
    talk.server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    talk.close()
    let file = try TemporaryFile(packets: talk.packets())
    let clean = try Folder().path + "/clean.pcapng"
    #expect(try Executable.run(["sanitize", "--check", file.path]).code == 1)
    #expect(try Executable.run(["sanitize", file.path, clean]).code == 0)
    #expect(try Executable.run(["sanitize", "--check", clean]).code == 0)
    let written = try Folder.bytes(clean)
    #expect(written.firstRange(of: Array(body.dropFirst(10).prefix(20))) == nil)
  }

  @Test func whatNobodyCanLookIntoIsNotSent() throws {
    let head = "POST /chat/completions HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n"
    let request =
      Array("\(head)Content-Length: 24\r\n\r\n".utf8) + Array(repeating: 0x41, count: 24)
    let (result, sent) = try replay(request, [])
    #expect(result.code == 5 && result.output.contains("can't be decoded"), "\(result.output)")
    #expect(!sent.contains("POST"))
  }

  @Test func aKeyThatNoHeaderCanCarryIsRefused() throws {
    let environment = ["KEY": "sk-made-up\r\nx-evil: 1"]
    let result = try replay(
      "agent-fixed.pcap", ["--stub", "--auth", "env:KEY"], environment: environment
    )
    .result
    #expect(result.code == 2 && result.errors.contains("control character"), "\(result.errors)")
    #expect(!result.errors.contains("made-up"))
  }

  @Test func whatFailsIsSentAgainOnlyWhereThatIsAskedFor() throws {
    let options = [
      "--stub", "--speed", "max", "--compare", "status", "--fault", "429 retry-after=1s nth=1",
    ]
    let (once, _) = try replay("openai-stream.pcap", options)
    #expect(once.code == 1 && once.output.contains("status: 200, now 429, Retry-After 1"))
    let (again, _) = try replay("openai-stream.pcap", options + ["--retries", "1"])
    #expect(again.code == 0 && again.output.contains("1 sent again"), "\(again.output)")
  }

  @Test func enoughErrorsAreEnough() throws {
    let (result, receipt) = try replay(
      "concurrent-20.pcap",
      [
        "--stub", "--connections", "pool:1", "--speed", "max", "--max-errors", "2", "--fault",
        "reset-before rate=1",
      ])
    #expect(receipt?.failed == 2 && receipt?.notSent == 18, "\(result.output)")
    #expect(result.output.contains("2 requests had failed"))
  }

  @Test(arguments: ["as-recorded", "pool:3", "one-per-request"])
  func eachWayOfConnectingSendsAll(_ connections: String) throws {
    let (result, receipt) = try replay(
      "concurrent-20.pcap",
      ["--stub", "--speed", "max", "--compare", "status", "--connections", connections])
    #expect(receipt?.requests == 20 && receipt?.failed == 0 && receipt?.notSent == 0)
    #expect(result.output.contains("answers took:"))
  }

  @Test func timeMayBeARateAndHaveAnEnd() throws {
    let (_, all) = try replay(
      "concurrent-20.pcap", ["--stub", "--rate", "200/s", "--loop", "2", "--compare", "status"])
    #expect(all?.requests == 40 && all?.notSent == 0)
    let (ended, some) = try replay(
      "concurrent-20.pcap",
      ["--stub", "--rate", "20/s", "--duration", "300ms", "--compare", "status"])
    #expect(ended.code == 4 && ended.output.contains("INCOMPLETE"), "\(ended.output)")
    #expect(some?.requests == 20 && (some?.notSent ?? 0) > 0)
    #expect(ended.output.contains("the time of --duration was up"))
    let (_, few) = try replay("concurrent-20.pcap", ["--stub", "--speed", "max", "--count", "3"])
    #expect(few?.requests == 3)
  }

  @Test func requestsAreRewrittenAndThatIsSaid() throws {
    let path = try Folder().path + "/wire.pcapng"
    let stub = try ServedStub(["-w", path])
    let (result, _) = try replay(
      "agent-fixed.pcap",
      [
        "--to", stub.url, "--speed", "max", "--set", "body.model=other/model", "--set-header",
        "x-added: yes", "--remove-header", "sec-fetch-mode",
      ])
    _ = try stub.stop()
    #expect(result.output.contains("body.model (1)") && result.output.contains("x-added (3)"))
    let sent = String(decoding: try Folder.bytes(path), as: UTF8.self)
    #expect(sent.contains(#""model":"other/model""#) && sent.contains("x-added: yes"))
    #expect(!sent.contains("sec-fetch-mode"))
  }

  @Test func programsReadItToo() throws {
    let (lines, _) = try replay(
      "agent-broken.pcap", ["--stub", "--speed", "max", "--output", "ndjson"])
    #expect(lines.output.split(separator: "\n").count == 4)
    #expect(
      lines.output.contains(#""kind":"replayed""#) && lines.output.contains(#""outcome":"matched""#)
    )
    let (junit, _) = try replay(
      "agent-fixed.pcap", ["--stub", "--speed", "max", "--report", "junit"])
    #expect(junit.output.contains("<testsuite") && junit.output.contains("type=\"differs\""))
  }

  @Test(arguments: [
    ["--shard", "4/3"], ["--rate", "fast"], ["--connections", "pool:0"], ["--count", "0"],
    ["--set-header", "authorization: Bearer sk-x"], ["--set-header", "no colon"],
    ["--set", "model=x"], ["--key-map", "sk-1=env:X"], ["--resume"], ["--rules", "/nowhere"],
    ["--report", "markdown"], ["--path-prefix", "v1"],
    ["--path-prefix", "/key/generate?x="], ["--path-prefix", "/a/../key"],
    ["--path-prefix", "/key/generate#"], ["--loop", "0"], ["--retries", "-1"],
  ]) func wrongOptionsAreSaid(_ options: [String]) throws {
    let result = try replay("agent-broken.pcap", ["--stub"] + options).result
    #expect(result.code == 2, "\(options) \(result.output)\(result.errors)")
  }
}
