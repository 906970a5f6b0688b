import Redaction
import Testing

/// Keys that come in pieces, as a model repeats them.
@Suite struct SpreadKeysTests {
  private static let key = "MadeUpKeyZq81XwvUt72Srq65"
  private static let shaped = "sk-MadeUp-A1b2C3d4E5f6G7h8"

  private func pieces(_ text: String, of size: Int = 5) -> [String] {
    stride(from: 0, to: text.count, by: size).map { String(text.dropFirst($0).prefix(size)) }
  }

  private var redactor: Redactor {
    var redactor = Redactor()
    redactor.keys.registerExpected(bytes(Self.key))
    return redactor
  }

  /// Each way to send a piece, two of the same side by side where an index tells them apart.
  private static let streams: [(name: String, event: @Sendable (String) -> String)] = [
    ("chat", { #"data: {"choices":[{"index":0,"delta":{"content":"\#($0)"}}]}"# + "\n\n" }),
    (
      "two choices",
      { piece in
        [0, 1].map {
          #"data: {"choices":[{"index":\#($0),"delta":{"content":"\#(piece)"}}]}"# + "\n\n"
        }.joined()
      }
    ),
    (
      "two choices, the index last",
      { piece in
        [0, 1].map {
          #"data: {"choices":[{"delta":{"content":"\#(piece)"}, "index": \#($0)}]}"# + "\n\n"
        }.joined()
      }
    ),
    (
      "two tool calls",
      { piece in
        [0, 1].map {
          #"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":\#($0),"function":"#
            + #"{"arguments":"\#(piece)"}}]}}]}"# + "\n\n"
        }.joined()
      }
    ),
    (
      "two items",
      { piece in
        ["a", "b"].map { #"data: {"item_id":"\#($0)","delta":"\#(piece)"}"# + "\n\n" }.joined()
      }
    ),
    ("any name", { #"data: {"transcript":"\#($0)"}"# + "\n\n" }),
    ("no JSON", { "data: \($0)\n\n" }),
    ("NDJSON", { #"{"model":"m","message":{"content":"\#($0)"},"done":false}"# + "\n" }),
    (
      "an event of several lines",
      {
        "data: {\"a\":\ndata:  {\"output\":\n"
          + "data: \"\($0)\"}}\n\n"
      }
    ),
    ("an event that isn't whole", { #"data: {"a":{"output":"\#($0)""# + "\r\n\r\n" }),
    (
      "escapes",
      { piece in
        #"data: {"output":""#
          + piece.utf8.map { #"\u00"# + String($0, radix: 16) }.joined() + "\"}\n\n"
      }
    ),
  ]

  @Test(arguments: streams.map(\.name), [1, 5])
  func aKeySpreadOverEventsIsReplaced(stream: String, size: Int) throws {
    let event = try #require(Self.streams.first { $0.name == stream }).event
    for key in [Self.key, Self.shaped] {
      var redactor = redactor
      let text = pieces(key, of: size).map(event).joined()
      let shown: String = redactor.text(text)
      #expect(shown.contains("key#1"))
      for piece in pieces(key) {
        #expect(!shown.contains(piece), "\(shown)")
      }
      // Nothing but the pieces was changed.
      #expect(shown.count { $0.isNewline } == text.count { $0.isNewline })
      #expect(redactor.text(shown) == shown)
    }
  }

  @Test func anArrayOfAnswersIsAStreamToo() {
    var redactor = redactor
    let parts = pieces(Self.key).map { #"{"parts":[{"text":"\#($0)"}]}"# }
    let shown: String = redactor.text("[" + parts.joined(separator: ",\n") + "]")
    #expect(
      shown == "["
        + (["key#1"] + parts.dropFirst().map { _ in "" })
        .map { #"{"parts":[{"text":"\#($0)"}]}"# }.joined(separator: ",\n") + "]")
  }

  @Test func anEventsDataOverTwoLines() {
    var redactor = redactor
    #expect(
      redactor.text(
        "data: {\"content\":\"\(Self.key.prefix(9))\ndata: \(Self.key.dropFirst(9))\"}\n\n")
        == "data: {\"content\":\"key#1\ndata: \"}\n\n")
  }

  @Test func eachOfTwoTextsHasItsOwn() {
    var redactor = redactor
    let event = Self.streams[1].event
    let shown: String = redactor.text(pieces(Self.key).map(event).joined())
    #expect(shown == event("key#1") + pieces(Self.key).dropFirst().map { _ in event("") }.joined())
  }

  @Test func anIndexCountsForMoreThanThePlace() {
    var redactor = redactor
    let event = { (calls: [(Int, Substring)]) in
      "data: {\"tool_calls\":["
        + calls.map { #"{"index":\#($0.0),"arguments":"\#($0.1)"}"# }.joined(separator: ",")
        + "]}\n"
    }
    let key = Self.key
    #expect(
      redactor.text(
        event([(0, key.prefix(9)), (1, key.prefix(8))])
          + event([(1, key.dropFirst(8)), (0, key.dropFirst(9))]))
        == event([(0, "key#1"), (1, "key#1")]) + event([(1, ""), (0, "")]))
  }

  @Test func aSecretMemberOfSpreadArguments() {
    var redactor = Redactor()
    let event = { (piece: String) in #"data: {"arguments":"\#(piece)"}"# + "\n" }
    #expect(
      redactor.text([#"{\"api_key\": \"hand-"#, #"typed\", \"x\": 1}"#].map(event).joined())
        == [#"{\"api_key\": \"key#1"#, #"\", \"x\": 1}"#].map(event).joined())
  }

  @Test func whatIsNoKeyStays() {
    var redactor = redactor
    for stream in Self.streams {
      let text = pieces("The quick brown fox jumps").map(stream.event).joined()
      #expect(redactor.text(text) == text)
    }
    // A whole key, and other words under the same name elsewhere.
    let event = { (text: String) -> String in
      #"data: {"a":{"text":"\#(text)"}}"# + "\n" + #"data: {"b":{"text":"Hello"}}"# + "\n"
    }
    #expect(redactor.text(event(Self.shaped)) == event("key#1"))
  }

  // MARK: Messages

  @Test(arguments: [1, 6]) func aKeySpreadOverMessagesIsReplaced(size: Int) {
    for key in [Self.key, Self.shaped, Self.key + Self.shaped] {
      for frame in [
        { #"{"type":"response.text.delta","response_id":"r","item_id":"i","delta":"\#($0)"}"# },
        { "{\n  \"delta\":\n \"\($0)\"\n}" }, { $0 },
      ] as [(String) -> String] {
        var redactor = redactor
        let sent = pieces(key, of: size).map(frame)
        let shown = redactor.messages(sent.map(bytes)).map(string)
        #expect(shown.count == sent.count)
        #expect(shown.first == frame("key#1"))
        for text in shown.dropFirst() { #expect(text == frame("") || text == frame("key#2")) }
      }
    }
  }

  @Test func messagesWithoutKeysStay() {
    var redactor = redactor
    let sent = ["{\"a\":\r\n\"b\"}", "", "\n", "plain"]
    #expect(redactor.messages(sent.map(bytes)).map(string) == sent)
  }

  @Test func hostileTextsTakeLinearTime() {
    var redactor = redactor
    let deep = String(repeating: "[", count: 300_000)
    let open = String(repeating: "data: {\"a\":[{\"b\":\"x\",", count: 10_000)
    let wide = "{\"a\":1}\n{" + String(repeating: "\"i\":{\"index\":1},", count: 20_000)
    for text in [deep, open, wide] { #expect(redactor.text(text) == text) }
  }

  // MARK: A WebSocket's nonce

  @Test func theNonceOfAWebSocketIsNoKey() {
    var redactor = Redactor()
    let nonce = "dGhlIHNhbXBsZSBub25jZQ=="
    #expect(redactor.header("Sec-WebSocket-Key", nonce) == nonce)
    #expect(redactor.header("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=").count == 28)
    // Whoever puts something else there may put a key.
    #expect(redactor.header("Sec-WebSocket-Key", "hand-typed-0123456789") == "key#1")
    #expect(redactor.header("Sec-WebSocket-Key", Self.shaped) == "key#2")
  }
}
