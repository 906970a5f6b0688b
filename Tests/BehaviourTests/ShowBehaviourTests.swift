import Foundation
import TestSupport
import Testing

/// What `show` and `list` tell, and what they keep to themselves.
@Suite("Show and list tell what a person needs") struct ShowBehaviourTests {
  private static let authorization = "Authorization: Bearer \(Dialogue.key)"
  private static let base64 = Data(repeating: 0x5A, count: 3000).base64EncodedString()

  private func show(_ dialogue: Dialogue, _ arguments: [String] = []) throws -> String {
    let result = try Executable.run(["show", try dialogue.file().path] + arguments)
    #expect(result.code == 0)
    return result.output
  }

  private func show(
    _ target: String, _ body: String, answer: String = "{}", type: String = "application/json"
  ) throws -> String {
    var dialogue = Dialogue()
    dialogue.ask(
      "POST", target, fields: [Self.authorization], body: body,
      answer: Dialogue.answer(fields: ["Content-Type: \(type)"], body: answer))
    return try show(dialogue, ["--show-bodies"])
  }

  /// A text frame as a server sends it (RFC 6455, 5.2), or as a client with a mask of zeros.
  private func frame(_ text: String, byClient: Bool = false) -> [UInt8] {
    let count = text.utf8.count
    let mask: UInt8 = byClient ? 0x80 : 0
    let length =
      count < 126
      ? [mask | UInt8(count)] : [mask | 126, UInt8(count >> 8), UInt8(truncatingIfNeeded: count)]
    return [0x81] + length + (byClient ? [0, 0, 0, 0] : []) + Array(text.utf8)
  }

  private func webSocket(fromClient: [String] = [], fromServer: [String] = []) -> [Packet] {
    var talk = Conversation()
    talk.client(
      Dialogue.request(
        "GET", "/v1/realtime?model=gpt-4o",
        fields: [
          Self.authorization, "Upgrade: websocket", "Connection: Upgrade",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
        ]))
    talk.server(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
    for text in fromClient { talk.client(frame(text, byClient: true)) }
    for text in fromServer { talk.server(frame(text)) }
    talk.close()
    return talk.packets()
  }

  // MARK: Keys in pieces

  @Test(arguments: [1, 6]) func aKeySpreadOverMessagesOfAWebSocketStaysInside(size: Int) throws {
    let key = Dialogue.key
    let texts = stride(from: 0, to: key.count, by: size).map {
      #"{"type":"response.text.delta","item_id":"i","delta":"\#(key.dropFirst($0).prefix(size))"}"#
    }
    let packets = webSocket(fromClient: texts, fromServer: texts)
    let output = try Executable.run(
      ["show", "--show-bodies", try ScratchFile(packets: packets).path]
    ).output
    let told = output.split(separator: "\n").filter { $0.contains("\"delta\":") }
    #expect(told.count == 2 * texts.count)
    #expect(told.count { $0.hasSuffix(#""delta":"key#1"}"#) } == 2)
    #expect(told.count { $0.hasSuffix(#""delta":""}"#) } == 2 * texts.count - 2)
  }

  // MARK: What is no text

  @Test func base64IsCountedEverywhere() throws {
    let url = "data:image/png;base64,\(Self.base64)"
    let request = try show(
      "/chat/completions",
      #"{"model":"m","messages":[{"role":"tool","tool_call_id":"a","content":"\#(url)"}],"#
        + #""extra":"\#(Self.base64)"}"#)
    #expect(request.contains("data:image/png;base64,[4.0 kB base64]\n"))
    #expect(request.contains(#""extra":"[4.0 kB base64]""#))
    let file = try show(
      "/v1/responses",
      #"{"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_data":"#
        + #""\#(Self.base64)"}]}]}"#)
    #expect(file.contains("[file, 4.0 kB base64]\n"))
    let answer = try show(
      "/v1/images/generations", #"{"model":"m","prompt":"p"}"#,
      answer: #"{"data":[{"b64_json":"\#(Self.base64)"},{"embedding":"\#(Self.base64)"}]}"#)
    #expect(
      answer.contains(#"{"data":[{"b64_json":"[4.0 kB base64]"},{"embedding":"[4.0 kB base64]"}]}"#)
    )
    let events = try show(
      "/v1/responses", #"{"model":"m","input":"x","stream":true}"#,
      answer: "data: {\"type\":\"x\",\"delta\":\"\(Self.base64)\"}\n\n", type: "text/event-stream")
    #expect(events.contains(#""delta":"[4.0 kB base64]""#))
    let packets = webSocket(fromClient: [
      #"{"type":"input_audio_buffer.append","audio":"\#(Self.base64)"}"#
    ])
    let messages = try Executable.run(
      ["show", "--show-bodies", try ScratchFile(packets: packets).path])
    #expect(messages.output.contains(#""audio":"[4.0 kB base64]"}"#))
    for output in [request, file, answer, events, messages.output] {
      #expect(!output.contains(Self.base64.prefix(200)))
    }
  }

  @Test func aContentThatIsNoTextIsCounted() throws {
    let sound = String(repeating: "\u{0}\u{1}\u{2}\u{3}ID3", count: 700)
    let output = try show(
      "/v1/audio/speech", #"{"model":"m","input":"x"}"#, answer: sound, type: "audio/mpeg; a=b")
    #expect(output.contains("     [audio/mpeg, 4.9 kB]\n"))
    #expect(!output.contains("ID3"))
    let text = try show("/v1/audio/speech", "{}", answer: "a\u{1B}[31mb", type: "audio/mpeg")
    #expect(text.contains("     a\\x1b[31mb\n"))
  }

  // MARK: Messages

  @Test(arguments: [
    ["list", "--keylog", "a\u{1B}[31m\u{202E}X\nY"],
    ["check", "--report", "junit=/nope\u{1B}[31m\u{202E}/x"],
    ["show", "no\u{1B}[31m\u{202E}file", "--curl"],
    ["list", "--policy", "a\u{1B}[31m\u{202E}X"],
  ])
  func pathsInMessagesAreEscaped(arguments: [String]) throws {
    var dialogue = Dialogue()
    dialogue.ask()
    let file = arguments[0] == "show" ? [] : [try dialogue.file().path]
    let result = try Executable.run(arguments + file)
    #expect(result.code != 0)
    #expect(!result.errors.contains("\u{1B}") && !result.errors.contains("\u{202E}"))
    #expect(result.errors.contains("[31m\\u{202e}"))
    #expect(!result.errors.contains("\nY"))
  }

  @Test func aKeyLogsLineInPlaceOfAFileIsNotRepeated() throws {
    var dialogue = Dialogue()
    dialogue.ask()
    let secret = String(repeating: "ab", count: 48)
    let line = "CLIENT_RANDOM \(String(repeating: "0c", count: 32)) \(secret)"
    let result = try Executable.run(["list", "--keylog", line, try dialogue.file().path])
    #expect(result.code == 3)
    #expect(result.errors.contains("CLIENT_RANDOM <64 hex digits> <96 hex digits>"))
  }

  @Test(arguments: ["list", "show"]) func tlsThatStaysShutIsTold(command: String) throws {
    var talk = Conversation(serverPort: 4443)
    // Application data of TLS (RFC 8446, 5.1), whose handshake isn't in the capture.
    talk.client([0x17, 3, 3, 0, 32] + [UInt8](repeating: 0xA5, count: 32))
    talk.server([0x17, 3, 3, 0, 32] + [UInt8](repeating: 0x5A, count: 32))
    talk.close()
    let result = try Executable.run([command, try ScratchFile(packets: talk.packets()).path])
    #expect(result.code == 5)
    #expect(result.errors.contains("1 TLS connection to 10.0.0.2:4443 stays shut"))
  }

  @Test(arguments: ["list", "show"]) func noMatchIsTold(command: String) throws {
    var dialogue = Dialogue()
    dialogue.ask()
    dialogue.ask()
    let path = try dialogue.file().path
    #expect(
      try Executable.run([command, "--where", "status=999", path]).errors
        == "keywitness: warning: --where matches none of 2 exchanges\n")
    #expect(try Executable.run([command, "--where", "status=200", path]).errors.isEmpty)
  }

  // MARK: Heads and commands

  @Test func theNonceOfAWebSocketIsShown() throws {
    let path = try ScratchFile(packets: webSocket()).path
    let output = try Executable.run(["show", path]).output
    #expect(output.contains("> Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"))
    #expect(output.contains("< Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n"))
    #expect(!output.contains("key#2"))
  }

  @Test func curlAsksForTheUpgrade() throws {
    let path = try ScratchFile(packets: webSocket()).path
    let output = try Executable.run(["show", "--curl", path]).output
    #expect(output.hasPrefix("curl --http1.1 -H 'Connection: Upgrade' "))
    #expect(output.contains("-H 'Upgrade: websocket'"))
    var dialogue = Dialogue()
    dialogue.ask()
    #expect(try !show(dialogue, ["--curl"]).contains("--http1.1"))
  }

  @Test func aStatusWithoutWordsEndsItsLine() throws {
    var dialogue = Dialogue()
    dialogue.ask(answer: Dialogue.answer("204 "))
    #expect(try show(dialogue).contains("< HTTP/1.1 204\n"))
  }

  @Test func aLongModelIsCut() throws {
    for model in [
      String(repeating: "m", count: 9000), "m" + String(repeating: "\u{301}", count: 9000),
    ] {
      var dialogue = Dialogue()
      dialogue.ask(
        "POST", "/chat/completions", fields: [Self.authorization],
        body: #"{"model":"\#(model)","messages":[]}"#)
      let line = try show(dialogue).split(separator: "\n").first { $0.hasPrefix("   call ") }
      #expect(try #require(line).unicodeScalars.count < 160)
    }
  }
}
