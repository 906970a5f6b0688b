import Foundation
import TestSupport
import Testing

/// Nothing that the tool writes holds a key, and nothing of a capture reaches a terminal as it is.
@Suite("Keys and control characters stay inside") struct RedactionBehaviourTests {
  /// Of a known shape; of no shape at all, so that only having been seen as a key betrays it; and
  /// one that only `--expect-key` tells of.
  static let shaped = "sk-canary7QzW9pL4mX2vT6Rj"
  static let shapeless = "Wolframite5531LanternQuay"
  static let given = "Quillwort-8842-Beacon"

  private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  /// What must not turn up: the keys, and each as base64 at the three places of a group of four.
  static var secrets: [String] {
    [shaped, shapeless, given].flatMap { key -> [String] in
      let forms = (0..<3).map { shift -> String in
        let text = base64(String(repeating: "a", count: shift) + key)
        // The first and the last group hold bytes of the neighbours too.
        return String(text.dropFirst(shift == 0 ? 0 : 4).dropLast(4))
      }
      return [key, String(key.reversed())] + forms
    }
  }

  /// The keys wherever a client or a server may put them.
  static var packets: [Packet] {
    var dialogue = Dialogue()
    let echo =
      #"{"error":{"message":"LiteLLM Virtual Key expected. Received=\#(shapeless), expected to "#
      + #"start with 'sk-'. \#(base64(shapeless))","type":"auth_error","param":"\#(shaped)","#
      + #""code":"401"}}"#
    dialogue.ask(
      "POST", "/chat/completions", fields: ["Authorization: Bearer \(shapeless)"],
      body: #"{"model":"gpt-4o","api_key":"\#(shaped)","messages":[{"role":"user","content":"#
        + #""use \#(shapeless) and \#(base64("x" + shapeless + "y")) and \#(given)"}]}"#,
      answer: Dialogue.answer("401 Unauthorized", body: echo))
    dialogue.ask(
      "GET", "/model/info?key=\(shaped)&api_key=\(shapeless)&q=\(shapeless)&x=\(given)",
      fields: ["Cookie: session=\(shaped); token=\(shapeless)", "X-Api-Key: \(shaped)"],
      answer: Dialogue.answer(
        fields: ["Set-Cookie: token=\(shaped); Path=/", "X-Echo: \(shapeless)"],
        body: "plain \(shaped) and \(shapeless)"))
    dialogue.ask(
      "GET", "/model/info", fields: ["Authorization: Basic \(base64("user:" + shaped))"],
      answer: Dialogue.noKey)
    dialogue.ask(
      "GET", "/model/info", fields: ["Authorization: \(shaped)"],
      answer: Dialogue.answer("404 \(shapeless)", body: #"{"detail":"no \#(shaped)"}"#))
    dialogue.ask(
      "GET", "/\(shapeless)/\(shaped)", fields: ["User-Agent: agent/\(shaped) \(shapeless)"])
    // A key in two chunks.
    let half = shapeless.prefix(9)
    let rest = shapeless.dropFirst(9)
    dialogue.ask(
      "GET", "/model/info", fields: ["x-litellm-api-key: \(shapeless)"],
      answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "\(String(half.count, radix: 16))\r\n\(half)\r\n"
        + "\(String(rest.count, radix: 16))\r\n\(rest)\r\n0\r\n\r\n")
    return dialogue.packets
  }

  static let commands: [[String]] = [
    ["check"], ["check", "--report", "text"], ["check", "--report", "ndjson"],
    ["check", "--report", "junit"], ["check", "--report", "markdown"],
    ["check", "--report", "github"], ["list"], ["show"], ["show", "--show-bodies"],
    ["show", "--curl"], ["show", "--curl", "--show-bodies"], ["export"],
    ["list", "--where", "status>=400"],
  ]

  private func holdsNoSecret(
    _ text: String, _ what: String, at location: SourceLocation = #_sourceLocation
  ) {
    for secret in Self.secrets where text.contains(secret) {
      let line = text.split(separator: "\n").first { $0.contains(secret) } ?? ""
      Issue.record("\(what) holds \(secret): \(line.prefix(400))", sourceLocation: location)
    }
  }

  private let environment = ["EXPECTED": given]

  @Test func theCaptureDoesHoldTheKeys() throws {
    let bytes = String(decoding: CaptureBytes.pcap(Self.packets), as: UTF8.self)
    #expect(bytes.contains(Self.shaped) && bytes.contains(Self.shapeless))
    #expect(bytes.contains(Self.given))
  }

  @Test(arguments: commands) func noKeyIsWritten(_ command: [String]) throws {
    let file = try ScratchFile(packets: Self.packets)
    let result = try Executable.run(
      command + ["--expect-key", "env:EXPECTED", file.path], environment: environment)
    #expect(!result.output.isEmpty)
    holdsNoSecret(result.output, "standard output")
    holdsNoSecret(result.errors, "standard error")
  }

  @Test func noKeyIsWrittenIntoFiles() throws {
    let folder = try Folder()
    let file = try ScratchFile(packets: Self.packets)
    let reports = ["text", "ndjson", "junit", "markdown"].flatMap {
      ["--report", "\($0)=\(folder.path)/\($0)"]
    }
    _ = try Executable.run(
      ["check"] + reports + ["--expect-key", "env:EXPECTED", file.path], environment: environment)
    #expect(try folder.names().count == 4)
    for name in try folder.names() {
      holdsNoSecret(try Folder.text(folder.path + "/" + name), name)
    }
  }

  @Test func noKeyIsWrittenIntoGitHubsSummary() throws {
    let folder = try Folder()
    let summary = try folder.file("summary.md", "before\n")
    let file = try ScratchFile(packets: Self.packets)
    _ = try Executable.run(
      ["check", "--report", "github", "--expect-key", "env:EXPECTED", file.path],
      environment: ["GITHUB_STEP_SUMMARY": summary, "EXPECTED": Self.given])
    let text = try Folder.text(summary)
    #expect(text.hasPrefix("before\n") && text.count > 100)
    holdsNoSecret(text, "the summary")
  }

  @Test func onlyTheKeyIsReplaced() throws {
    var dialogue = Dialogue()
    dialogue.ask(fields: ["Authorization: Bearer \(Self.shaped)"])
    let shown = try Executable.run(["show", try dialogue.file().path])
    #expect(shown.output.contains("Authorization: Bearer key#1"))
  }

  @Test func placeholdersAreShown() throws {
    var dialogue = Dialogue()
    dialogue.ask(fields: ["Authorization: Bearer dummy-key-for-proxy"])
    let shown = try Executable.run(["show", try dialogue.file().path])
    #expect(shown.output.contains("Authorization: Bearer dummy-key-for-proxy"))
  }

  @Test func keysAreNumberedByAppearance() throws {
    var dialogue = Dialogue()
    for key in ["sk-one-000000000", "sk-two-000000000", "sk-one-000000000"] {
      dialogue.ask(fields: ["Authorization: Bearer \(key)"])
    }
    let records = try Executable.export([try dialogue.file().path])
    #expect(records.requests.map { $0.credential?.key } == ["key#1", "key#2", "key#1"])
  }

  @Test func contentsAreShownOnlyWhereAsked() throws {
    var dialogue = Dialogue()
    dialogue.ask("POST", "/chat/completions", body: #"{"content":"a private prompt"}"#)
    let file = try dialogue.file()
    #expect(!(try Executable.run(["show", file.path]).output.contains("private prompt")))
    #expect(!(try Executable.run(["show", "--curl", file.path]).output.contains("private prompt")))
    #expect(!(try Executable.run(["export", file.path]).output.contains("private prompt")))
    let shown = try Executable.run(["show", "--show-bodies", file.path]).output
    #expect(shown.contains("private prompt"))
  }

  @Test func keysAreShownOnlyWhereAsked() throws {
    let file = try ScratchFile(packets: Self.packets)
    let shown = try Executable.run(["show", "--show-secrets", file.path]).output
    #expect(shown.contains(Self.shapeless))
  }

  @Test(arguments: [
    ["check", shaped], ["check", "--bogus=\(shaped)"], ["check", "--proxy", "http://\(shaped):x"],
    ["check", "--report", shaped], [shaped], ["list", "--where", "verdict=\(shaped)"],
    ["check", "--require", shaped], ["check", "--filter", shaped, "x.pcap"],
    ["check", "--policy", shaped, "x.pcap"],
  ])
  func aKeyInAWrongPlaceOfTheCommandLineIsNotRepeated(_ arguments: [String]) throws {
    let result = try Executable.run(arguments)
    #expect([2, 3].contains(result.code))
    #expect(!(result.output + result.errors).contains(Self.shaped))
  }

  // MARK: Control characters

  /// Escape sequences, C1, bidi and zero-width characters wherever a capture may hold them.
  static var hostile: [Packet] {
    let evil: [UInt8] =
      Array("a\u{1B}[31mb\u{07}c\u{08}d\u{9B}2Je\u{202E}f\u{200B}g\u{7F}h".utf8) + [
        0x9B, 0x90, 0xFF,
      ]
    func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    let body =
      bytes(#"{"error":{"message":"Authentication Error, "#) + evil
      + bytes(#"","type":"auth_error","param":"None","code":"401"}}"#)
    var packets: [Packet] = []
    for (number, target) in ["/model/info", "/model/\u{1B}]0;x\u{07}"].enumerated() {
      var talk = Conversation(
        clientPort: UInt16(41_000 + number),
        startingAt: 1_700_000_000_000_000_000 + Int64(number) * 1_000_000_000)
      talk.client(
        bytes("POST \(target) HTTP/1.1\r\nHost: h\r\nUser-Agent: ") + evil
          + bytes("\r\nAuthorization: Bearer ") + evil + bytes("\r\nX-") + [0x1B]
          + bytes(": v\r\nContent-Length: \(body.count)\r\n\r\n") + body)
      talk.server(
        bytes("HTTP/1.1 401 ") + evil + bytes("\r\nX-Evil: ") + evil
          + bytes("\r\nContent-Length: \(body.count)\r\n\r\n") + body)
      talk.close()
      packets += talk.packets()
    }
    return packets
  }

  /// Standard output as bytes: decoding it would hide what isn't UTF-8.
  private func output(_ command: [String], _ path: String) throws -> [UInt8] {
    let folder = try Folder()
    let arguments = (command + [path]).map { "'\($0)'" }.joined(separator: " ")
    _ = try Script.run(#""$KW" \#(arguments) > "$OUT""#, environment: ["OUT": folder.path + "/out"])
    return try Folder.bytes(folder.path + "/out")
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    return (value < 0x20 && value != 0x0A) || (0x7F...0x9F).contains(value)
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    return (0x200B...0x200F).contains(value) || (0x202A...0x202E).contains(value)
      || (0x2066...0x2069).contains(value)
  }

  @Test(arguments: commands + [["show", "--color", "never"]])
  func noControlCharacterReachesTheTerminal(_ command: [String]) throws {
    let file = try ScratchFile(packets: Self.hostile)
    let bytes = try output(command, file.path)
    #expect(!bytes.isEmpty)
    let text = try #require(String(validating: bytes, as: UTF8.self), "not UTF-8")
    let bad = text.unicodeScalars.filter { Self.isControl($0) }.map { String($0.value, radix: 16) }
    #expect(bad.isEmpty, "\(Set(bad))")
  }

  @Test(arguments: [["check"], ["list"], ["show"], ["show", "--show-bodies"]])
  func noInvisibleCharacterReachesTheTerminal(_ command: [String]) throws {
    let file = try ScratchFile(packets: Self.hostile)
    let text = String(decoding: try output(command, file.path), as: UTF8.self)
    #expect(!text.unicodeScalars.contains { Self.isInvisible($0) })
  }

  @Test func controlCharactersInAFilesNameDoNotReachTheTerminal() throws {
    let folder = try Folder()
    let path = try folder.file("a\u{1B}[31mb.pcap", bytes: CaptureBytes.pcap(Self.packets))
    let result = try Executable.run(["check", path])
    #expect(!(result.output + result.errors).contains("\u{1B}"))
    let absent = try Executable.run(["check", "b\u{1B}[31m.pcap"])
    #expect(!absent.errors.contains("\u{1B}"))
  }

  @Test func workflowCommandsOfACaptureAreNeutralised() throws {
    var dialogue = Dialogue()
    dialogue.ask(
      answer: Dialogue.answer(
        "401 Unauthorized",
        body: #"{"error":{"message":"Authentication Error, x\n::error::forged\n##[error]y","#
          + #""type":"auth_error"}}"#))
    let result = try Executable.run(["check", "--report", "github", try dialogue.file().path])
    let lines = result.output.split(separator: "\n")
    #expect(!lines.contains { $0.hasPrefix("::error::forged") || $0.hasPrefix("##[") })
  }

  // MARK: Files and the end of output

  @Test func filesAreTheOwnersOnly() throws {
    let file = try ScratchFile(packets: Self.packets)
    let result = try Script.run(
      """
      umask 000
      "$KW" check --report text=t --report ndjson=n --report junit=j --report markdown=m "$FILE" \
        > /dev/null
      stat -c %a t n j m
      """, environment: ["FILE": file.path])
    #expect(result.output == "600\n600\n600\n600\n")
  }

  @Test func linkInThePlaceOfAReportIsReplaced() throws {
    let file = try ScratchFile(packets: Self.packets)
    let result = try Script.run(
      """
      echo precious > precious; ln -s precious report
      "$KW" check --report junit=report "$FILE" > /dev/null
      cat precious
      """, environment: ["FILE": file.path])
    #expect(result.output == "precious\n")
  }

  @Test func captureWithKeysThatOthersCanReadGetsAWarning() throws {
    let folder = try Folder()
    let path = try folder.file("a.pcap", bytes: CaptureBytes.pcap(Self.packets))
    let open = try Script.run(
      #"chmod 644 "$FILE"; "$KW" check "$FILE""#, environment: ["FILE": path])
    #expect(open.errors.contains("others can read it"))
    let shut = try Script.run(
      #"chmod 600 "$FILE"; "$KW" check "$FILE""#, environment: ["FILE": path])
    #expect(shut.errors.isEmpty)
  }

  @Test(arguments: ["export", "list", "show", "check --report ndjson"])
  func closedOutputEndsQuietly(_ command: String) throws {
    var dialogue = Dialogue()
    for _ in 0..<800 { dialogue.askRightly() }
    let result = try Script.run(
      #""$KW" \#(command) "$FILE" | head -n 1 > /dev/null; echo "${PIPESTATUS[0]}""#,
      environment: ["FILE": try dialogue.file().path])
    #expect(result.output == "0\n")
    #expect(!result.errors.contains("written"))
  }

  @Test func closedOutputIsNoPlaceForAnotherFile() throws {
    let result = try Script.run(
      #""$KW" check --report text --report ndjson=n "$FILE" >&-; cat n"#,
      environment: ["FILE": try ScratchFile(packets: Self.packets).path])
    let records = try Record.records(result.output)
    #expect(records.requests.count == 6)
  }
}
