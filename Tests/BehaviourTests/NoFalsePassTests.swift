import TestSupport
import Testing

/// Beside a request with the right key stands one without, hidden in a place that a reader of
/// captures passes over easily. `check` may call it a violation or a doubt, and never pass.
@Suite("A hidden request doesn't pass")
struct NoFalsePassTests {
  private let keyless = Dialogue.request("GET", "/model/info")
  private let keyed = Dialogue.request(
    "GET", "/model/info", fields: ["Authorization: Bearer \(Dialogue.key)"])

  private func check(
    _ packets: [Packet], _ arguments: [String] = ["--proxy", ":4000"]
  ) throws -> Int32 {
    var dialogue = Dialogue()
    dialogue.askRightly()
    let file = try ScratchFile(packets: dialogue.packets + packets)
    return try Executable.run(["check"] + arguments + [file.path]).code
  }

  private func conversation(handshake: Bool = true) -> Conversation {
    Conversation(
      clientPort: 41_000, startingAt: 1_700_000_010_000_000_000, handshake: handshake)
  }

  @Test func nothingHiddenPasses() throws {
    var talk = conversation()
    talk.client(keyed)
    talk.server(Dialogue.answer())
    talk.close()
    #expect(try check(talk.packets()) == 0)
  }

  @Test func behindAResetThatNoReceiverTakes() throws {
    // RFC 5961: a reset inside the window, but not at its edge, is challenged and changes nothing.
    var talk = conversation()
    talk.client(keyed)
    talk.server(Dialogue.answer())
    talk.client(keyless)
    talk.server(Dialogue.noKey)
    talk.close()
    var packets = talk.packets()
    var reset = packets[3]
    reset.flags = 0x04
    reset.payload = []
    reset.sequence = packets[5].sequence
    packets.insert(reset, at: 3)
    #expect(try check(packets) == 1)
  }

  @Test func behindAResetThatWasTaken() throws {
    var talk = conversation()
    talk.client(keyed)
    talk.server(Dialogue.answer())
    talk.reset(byClient: false)
    talk.client(keyless)
    #expect(try check(talk.packets()) == 4)
  }

  @Test func onAPortUsedAgainWithTheSameSequenceNumber() throws {
    var first = conversation()
    first.client(keyed)
    first.server(Dialogue.answer())
    first.close()
    var second = conversation()
    second.client(keyless)
    second.server(Dialogue.noKey)
    second.close()
    #expect(try check(first.packets() + second.packets()) == 1)
  }

  @Test func inTheSecondPacketOfAConnectionThatIsOlderThanTheCapture() throws {
    var talk = conversation(handshake: false)
    talk.client(keyless)
    talk.client(keyed)
    talk.server(Dialogue.answer())
    var packets = talk.packets()
    packets.swapAt(0, 1)
    #expect(try check(packets) == 4)
  }

  @Test func whereTheContentOfAnAnsweredRequestShouldCome() throws {
    // The server refuses before it reads the content, and the client never sends it.
    var talk = conversation()
    talk.client(
      Dialogue.request(
        "POST", "/chat/completions",
        fields: ["Authorization: Bearer \(Dialogue.key)", "Content-Length: 4000"]))
    talk.server(Dialogue.answer("413 Content Too Large"))
    talk.client(keyless)
    talk.server(Dialogue.noKey)
    talk.close()
    #expect(try check(talk.packets()) == 4)
  }

  @Test func insideTLSBehindARequestInClear() throws {
    var talk = conversation()
    talk.client(keyed)
    talk.server(Dialogue.answer())
    talk.client([0x16, 3, 1, 0, 4, 1, 0, 0, 0])
    talk.server([0x16, 3, 3, 0, 4, 2, 0, 0, 0])
    talk.close()
    #expect(try check(talk.packets()) == 4)
  }

  @Test func underAMethodThatNobodyKnowsOnAConnectionOlderThanTheCapture() throws {
    var talk = conversation(handshake: false)
    talk.client(keyless.replacing("GET", with: "FETCH"))
    talk.server(Dialogue.answer())
    talk.client(keyed)
    talk.server(Dialogue.answer())
    talk.close()
    #expect(try check(talk.packets()) == 4)
  }

  @Test func behindASecondSchemeWithTheSameKey() throws {
    var talk = conversation()
    talk.client(
      Dialogue.request(
        "GET", "/model/info",
        fields: [
          "Authorization: Bearer \(Dialogue.key)", "Authorization: Token \(Dialogue.key)",
        ]))
    talk.server(Dialogue.answer())
    talk.close()
    #expect(try check(talk.packets()) == 1)
  }

  @Test func inAHeadThatComesAgainWithOtherBytesWhenItsExchangeIsOver() throws {
    var talk = conversation()
    talk.client(keyed)
    talk.server(Dialogue.answer())
    talk.acknowledge(byClient: true)
    var packets = talk.packets()
    var again = packets[3].sentAgain()
    again.payload[5] ^= 1
    packets.append(again)
    #expect(try check(packets) == 4)
    // The same bytes again are a retransmission, and no doubt.
    packets[packets.count - 1].payload = packets[3].payload
    #expect(try check(packets) == 0)
  }

  @Test func inAHeadThatComesAgainTooLateToBeCompared() throws {
    var talk = conversation()
    talk.segmentSize = 1
    talk.client(
      Dialogue.request(
        "POST", "/chat/completions", fields: ["Authorization: Bearer \(Dialogue.key)"],
        body: String(repeating: "q", count: 700)))
    talk.server(Dialogue.answer())
    talk.acknowledge(byClient: true)
    let packets = talk.packets()
    #expect(try check(packets + [packets[5].sentAgain().saying("?")]) == 4)
    // In the content it changes nothing.
    #expect(try check(packets + [packets[200].sentAgain()]) == 0)
  }

  @Test func onAConnectionWhoseSYNIsMissingBehindOneThatWasNeverClosed() throws {
    var first = conversation()
    first.client(keyed)
    first.server(Dialogue.answer())
    var second = Conversation(
      clientPort: 41_000, startingAt: 1_700_000_020_000_000_000, clientISN: 3_000_000_000,
      serverISN: 2_000_000_000)
    second.client(keyless)
    second.server(Dialogue.noKey)
    #expect(try check(first.packets() + second.packets().dropFirst()) == 1)
    // Without the SYN-ACK too, what comes belongs to no stream that is known.
    #expect(try check(first.packets() + second.packets().dropFirst(2)) == 4)
  }

  /// Cut in its first word, behind the rest of a request, or behind an empty line.
  @Test(arguments: [1, 3, 25, 30, 38], ["", "\"tail\"}", "\r\n"])
  func inTheMiddleOfAConnectionThatIsOlderThanTheCapture(cut: Int, before: String) throws {
    var talk = conversation(handshake: false)
    let text = before + keyless
    talk.client(String(text.prefix(cut)))
    talk.client(String(text.dropFirst(cut)))
    talk.server(Dialogue.noKey)
    talk.close()
    // Where the first packet begins with the whole line, the request is seen.
    #expect(try [1, 4].contains(check(talk.packets())))
  }

  @Test func theRestOfARequestThatIsOlderThanTheCaptureIsNoDoubt() throws {
    var talk = conversation(handshake: false)
    talk.client("\"model\": \"HTTP/1.1\"}\n")
    talk.server(Dialogue.answer())
    talk.client(keyed)
    talk.server(Dialogue.answer())
    talk.close()
    #expect(try check(talk.packets()) == 0)
  }

  @Test func insideAHoleOfATunnel() throws {
    var talk = conversation()
    talk.client("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n")
    talk.server("HTTP/1.1 200 Connected\r\n\r\n")
    talk.client(keyless)
    talk.server(Dialogue.noKey)
    talk.close()
    #expect(try check(talk.packets().filter { $0.payload != Array(keyless.utf8) }) == 4)
  }

  @Test func inAWebSocketThatOnlyTheClientAskedFor() throws {
    var talk = conversation()
    talk.client(
      Dialogue.request(
        "GET", "/v1/realtime",
        fields: [
          "Authorization: Bearer \(Dialogue.key)", "Connection: Upgrade", "Upgrade: websocket",
        ]))
    talk.server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n\r\n")
    talk.client(keyless)
    talk.close()
    #expect(try check(talk.packets()) == 4)
  }

  @Test func inTheFirstSegmentOfAConnectionWhoseSYNIsMissingToo() throws {
    var talk = conversation()
    talk.client(keyless)
    talk.client(keyed)
    talk.server(Dialogue.answer())
    talk.close()
    let packets = talk.packets().filter {
      $0.flags != 0x02 && $0.payload != Array(keyless.utf8)
    }
    #expect(try check(packets) == 4)
  }

  @Test func inFrontOfAnAcknowledgmentThatIsTooFarAhead() throws {
    var talk = conversation()
    talk.client(keyed)
    talk.server(Dialogue.answer())
    talk.client(keyless)
    talk.acknowledge(byClient: true)
    #expect(try check(talk.packets().filter { $0.payload != Array(keyless.utf8) }) == 4)
  }

  @Test func inAHoleOfAConnectionOlderThanTheCaptureWhoseServerSpokeFirst() throws {
    var talk = conversation(handshake: false)
    talk.server("the rest of an answer")
    talk.client("the rest of a request")
    talk.client(keyless)
    talk.client("the rest of another")
    talk.close()
    #expect(try check(talk.packets().filter { $0.payload != Array(keyless.utf8) }) == 4)
  }

  @Test func insteadOfTheContentOfAnAnsweredRequestAndMissing() throws {
    var talk = conversation()
    talk.client(
      Dialogue.request(
        "POST", "/chat/completions",
        fields: ["Authorization: Bearer \(Dialogue.key)", "Content-Length: 4000"]))
    talk.server(Dialogue.answer("413 Content Too Large"))
    talk.client(keyless)
    talk.client("more")
    talk.close()
    #expect(try check(talk.packets().filter { $0.payload != Array(keyless.utf8) }) == 4)
  }

  @Test func insideATunnel() throws {
    var talk = conversation()
    talk.client("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n")
    talk.server("HTTP/1.1 200 Connected\r\n\r\n")
    talk.client(keyless)
    talk.server(Dialogue.noKey)
    talk.close()
    // What runs inside is read, and judged.
    #expect(try check(talk.packets()) == 1)
  }

  /// What httptools, one of the two parsers of LiteLLM's server, reads as a request and h11 as
  /// content, or the other way round.
  @Test func inContentThatCONNECTCantHave() throws {
    var talk = conversation()
    talk.client(
      "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\nContent-Length: \(keyless.utf8.count)\r\n\r\n")
    talk.client(keyless)
    talk.close()
    #expect(try check(talk.packets()) == 4)
  }

  @Test func inTheContentOfARequestThatIsDroppedWithAnUpgrade() throws {
    var talk = conversation()
    let post = Dialogue.request(
      "POST", "/v1/models",
      fields: ["Authorization: Bearer \(Dialogue.key)", "Content-Length: \(keyless.utf8.count)"])
    talk.client(
      Dialogue.request(
        "GET", "/model/info",
        fields: ["Authorization: Bearer \(Dialogue.key)", "Upgrade: x", "Connection: upgrade"])
        + post)
    talk.client(keyless)
    talk.server(Dialogue.answer() + Dialogue.noKey)
    talk.close()
    #expect(try check(talk.packets()) == 4)
  }

  @Test(arguments: [
    "5;\r\nhello\r\n0\r\n\r\n", "5;a=\"\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\r\nX: y\n\r\n",
    "5\r\nhello\r\n0\r\n\n", "5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n",
    "5\r\nhello\r\n000000000000000000000\r\n\r\n",
  ])
  func inChunksThatOneParserRefuses(_ content: String) throws {
    var talk = conversation()
    talk.client(
      Dialogue.request(
        "POST", "/v1/models",
        fields: ["Authorization: Bearer \(Dialogue.key)", "Transfer-Encoding: chunked"]) + content)
    talk.server(Dialogue.answer())
    talk.close()
    #expect(try check(talk.packets()) == 4)
  }

  @Test func behindARequestThatWasToBeTheLast() throws {
    var talk = conversation()
    talk.client(
      Dialogue.request(
        "GET", "/model/info",
        fields: ["Authorization: Bearer \(Dialogue.key)", "Connection: close"]))
    talk.client(keyed)
    talk.server(Dialogue.answer() + Dialogue.answer())
    talk.close()
    #expect(try check(talk.packets()) == 4)
  }

  @Test func insideAHoleOfAConnectionThatNeverSpokeHTTP() throws {
    var talk = conversation()
    talk.server([0, 0, 0, 1, 0x68])
    talk.client(keyless)
    talk.client(#""tail"}"#)
    talk.close()
    let packets = talk.packets().filter { $0.payload != Array(keyless.utf8) }
    #expect(try check(packets) == 4)
  }

  @Test func insideAHoleOfTheOnlyConnection() throws {
    var talk = conversation()
    talk.client(keyless)
    talk.client(#""tail"}"#)
    talk.close()
    let packets = talk.packets().filter { $0.payload != Array(keyless.utf8) }
    let file = try ScratchFile(packets: packets)
    #expect(try Executable.run(["check", "--proxy", "any", file.path]).code == 4)
  }

  @Test func anotherProtocolOnAnotherServerIsNoDoubt() throws {
    var talk = Conversation(
      clientPort: 41_000, server: "10.0.0.7", serverPort: 22,
      startingAt: 1_700_000_010_000_000_000)
    talk.server("SSH-2.0-OpenSSH_9.6\r\n")
    talk.client("SSH-2.0-Go\r\n")
    talk.close()
    #expect(try check(talk.packets(), ["--proxy", "any"]) == 0)
  }

  @Test func inAPacketThatWasCutInsideItsHeader() throws {
    var talk = conversation()
    talk.client(keyless)
    let packets = talk.packets().map { packet in
      var packet = packet
      if !packet.payload.isEmpty { packet.snaplen = 50 }
      return packet
    }
    #expect(try check(packets) == 4)
  }

  @Test func onTheSecondHopOfAServerOutOfScope() throws {
    var front = Conversation(
      clientPort: 41_000, server: "10.0.0.9", serverPort: 8080,
      startingAt: 1_700_000_010_000_000_000)
    front.client(keyless)
    front.pace = 100_000_000
    front.server(Dialogue.noKey)
    var inner = Conversation(
      clientPort: 41_001, startingAt: 1_700_000_010_010_000_000)
    inner.client(keyless)
    inner.server(Dialogue.noKey)
    let packets = (front.packets() + inner.packets()).sorted { $0.time < $1.time }
    let file = try ScratchFile(packets: packets)
    #expect(try Executable.export([file.path]).kind("exchange").contains { $0.copyOf != nil })
    #expect(try check(packets) == 1)
  }

  @Test func behindAnEmptyFirstAuthorization() throws {
    var talk = conversation()
    talk.client(
      Dialogue.request(
        "GET", "/model/info",
        fields: ["Authorization:", "Authorization: Bearer \(Dialogue.key)"]))
    talk.server(Dialogue.answer())
    #expect(try check(talk.packets()) == 1)
  }

  @Test(arguments: [
    "/public/model_hub/../../model/info", "/sso/%2e%2e/model/info", "/#/model/info",
    "/public/anything", "/health%2Fliveliness", "/sso%2Fx", "/%252E/health/liveliness",
  ])
  func underAPathThatOnlyLooksPublic(_ target: String) throws {
    var dialogue = Dialogue()
    dialogue.ask("GET", target)
    #expect(try check(dialogue.packets.map(later)) == 1)
  }

  @Test func underAnExemptPathThatLiteLLMReadsAsAnother() throws {
    let policy = try Folder().file(
      "policy.yml", "exempt: [GET /files/*, GET /open]\nrequire: [GET /model/info]\n")
    for (target, code) in [
      ("/files/a", Int32(0)), ("/files/a%20b", 0), ("/f%69les/a", 0), ("/files/a%2Fb", 1),
      ("/files%2Fa", 1), ("/%6Fpen", 0),
    ] {
      var dialogue = Dialogue()
      dialogue.askRightly()
      dialogue.ask("GET", target, answer: Dialogue.answer())
      let file = try ScratchFile(packets: dialogue.packets).path
      let result = try Executable.run(["check", "--no-strict", "--policy", policy, file])
      #expect(result.code == code, "\(target)")
    }
  }

  @Test func underAPublicPathThatLiteLLMRefuses() throws {
    var dialogue = Dialogue()
    dialogue.ask("GET", "/health/liveliness", answer: Dialogue.noKey)
    #expect(try check(dialogue.packets.map(later)) == 1)
  }

  @Test func behindARefusalWhoseAuthorIsNotSaid() throws {
    var dialogue = Dialogue()
    dialogue.askRightly(answer: Dialogue.answer("401 Unauthorized"))
    #expect(try check(dialogue.packets.map(later)) == 4)
  }

  /// On ports and at a time of its own, beside the request that is right.
  private func later(_ packet: Packet) -> Packet {
    var packet = packet
    packet.time += 10_000_000_000
    if packet.sourcePort != 4000 {
      packet.sourcePort += 1000
    } else {
      packet.destinationPort += 1000
    }
    return packet
  }
}
