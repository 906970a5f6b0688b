import Exchanges
import HTTP
import TestSupport
import Testing
import Wire

@testable import LiteLLM

@Suite("What an exchange means as a call") struct LLMCallTests {
  private func ask(
    _ body: String, target: String = "/v1/chat/completions", fields: [String] = [],
    answer: String = Dialogue.answer(
      fields: ["Content-Type: application/json"],
      body: #"{"id":"c","model":"gpt-4o-2024","choices":[{"index":0,"message":{"content":"Hi"},"#
        + #""finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#)
  ) throws -> LLMCall {
    var dialogue = Dialogue()
    dialogue.ask("POST", target, fields: fields, body: body, answer: answer)
    return try #require(try Reading(dialogue.packets).calls.first)
  }

  private func chunk(_ text: String, finish: String? = nil) -> String {
    let reason = finish.map { "\"\($0)\"" } ?? "null"
    return
      #"data: {"id":"c1","model":"gpt-4o","choices":[{"index":0,"delta":{"content":"\#(text)"},"#
      + #""finish_reason":\#(reason)}]}"# + "\n\n"
  }

  private let done = "data: [DONE]\n\n"

  // MARK: Requests and whole answers

  @Test func plainCall() throws {
    let call = try ask(#"{"model":"gpt-4o","messages":[]}"#)
    #expect(call.operation == .chat)
    #expect(call.model == .present("gpt-4o"))
    #expect(call.stream == .present(false))
    #expect(call.attempt == .absent)
    #expect(call.answeringModel == .present("gpt-4o-2024"))
    #expect(call.finishReasons == .present(["stop"]))
    #expect(call.usage.value?.total == 5)
    #expect(call.timeToFirstEvent == .absent)
    #expect(call.events == .absent)
    #expect(call.anomalies.isEmpty)
  }

  /// No model answers a list of models; but why there is none is what somebody looks for.
  @Test func listsOfModels() throws {
    let refused = try ask(
      "", target: "/v1/models",
      answer: Dialogue.answer(
        "401 Unauthorized", fields: ["Content-Type: application/json"],
        body: #"{"error":{"message":"No api key passed in."}}"#))
    #expect(refused.answer.error == "No api key passed in.")
    #expect(refused.operation == .models)
    let list = #"{"data":[{"id":"m"}],"model":"m","usage":{"prompt_tokens":3}}"#
    for target in ["/v1/models", "/model/info"] {
      let call = try ask("", target: target, answer: Dialogue.answer(body: list))
      #expect(call.answeringModel == .absent && call.usage == .absent)
      #expect(call.finishReasons == .absent)
    }
  }

  @Test func attemptsCountFromOne() throws {
    #expect(try ask("{}", fields: ["X-Stainless-Retry-Count: 2"]).attempt == .present(3))
    #expect(try ask("{}", fields: ["X-Stainless-Retry-Count: x"]).attempt == .absent)
    #expect(try ask("{}", fields: ["X-Stainless-Retry-Count: 99999999999"]).attempt == .absent)
  }

  @Test func modelOfThePathAndOfAForm() throws {
    let azure = try ask("{}", target: "/openai/deployments/mine/chat/completions")
    #expect(azure.model == .present("mine"))
    let form = try ask(
      "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--b--\r\n",
      target: "/v1/audio/transcriptions", fields: ["Content-Type: multipart/form-data; boundary=b"])
    #expect(form.model == .present("whisper-1"))
    #expect(form.stream == .absent)
  }

  @Test func whatOneDecoderTakesAndAnotherDoesNotIsUnknown() throws {
    for body in [
      #"{"model":"a","model":"b"}"#, #"{"model":"a","mod\u0065l":"b"}"#, #"{"model":"a""#,
    ] {
      #expect(try ask(body).model == .unknown(.ambiguousFraming), "\(body)")
    }
    for body in ["model=gpt-4o", "[]", "\u{FEFF}{\"model\":\"a\"}", #"{"model":4}"#] {
      #expect(try ask(body).model == .unknown(.ambiguousFraming), "\(body)")
    }
    for body in ["", "{}", #"{"model":null,"stream":null}"#] {
      #expect(try ask(body).model == .absent, "\(body)")
      #expect(try ask(body).stream == .present(false), "\(body)")
    }
    #expect(try ask(#"{"mod\u0065l":"a"}"#).model == .present("a"))
  }

  @Test(arguments: [#""true""#, "1", "0", #""false""#, "[]"])
  func streamOfAnotherTypeIsUnknown(_ value: String) throws {
    #expect(try ask(#"{"stream":\#(value)}"#).stream == .unknown(.ambiguousFraming))
  }

  // MARK: Forms and targets

  private let pairs = ["Content-Type: application/x-www-form-urlencoded"]

  @Test func modelOfPairs() throws {
    func model(_ body: String) throws -> Fact<String> { try ask(body, fields: pairs).model }
    #expect(try model("a=b&model=gpt%2D4o+x") == .present("gpt-4o x"))
    #expect(try model("%6Dodel=m&stream") == .present("m"))
    #expect(try model("a=b") == .absent)
    #expect(try model("model=a&model=b") == .unknown(.ambiguousFraming))
    #expect(try model("a=b;model=c") == .unknown(.ambiguousFraming))
    // As curl sends it unless told otherwise.
    #expect(try model(#"{"model":"a"}"#) == .present("a"))
    #expect(try model(#"{"model":"a","x":"&model=b&"}"#) == .unknown(.ambiguousFraming))
    #expect(try ask("stream=true", fields: pairs).stream == .unknown(.ambiguousFraming))
  }

  private func part(_ disposition: String, _ value: String) -> String {
    "--b\r\nContent-Disposition: form-data; \(disposition)\r\n\r\n\(value)\r\n"
  }

  private func model(
    ofParts parts: String..., type: String = "multipart/form-data; boundary=b"
  ) throws -> Fact<String> {
    try ask(
      parts.joined() + "--b--\r\n", target: "/v1/audio/transcriptions",
      fields: ["Content-Type: \(type)"]
    ).model
  }

  @Test func modelOfParts() throws {
    #expect(try model(ofParts: part("name=model", "m")) == .present("m"))
    #expect(
      try model(ofParts: part(#"name="model""#, "m"), type: "multipart/form-data;boundary=\"b\"")
        == .present("m"))
    let decoy = part(#"name="x""#, "name=\"model\"\r\n\r\nother")
    #expect(try model(ofParts: decoy, part(#"name="model""#, "m")) == .present("m"))
    #expect(try model(ofParts: decoy) == .absent)
    let file = part(#"name="file"; filename="a.wav""#, "\r\n--c\r\n\n\n")
    #expect(try model(ofParts: file, part("name=model", "m")) == .present("m"))
  }

  @Test func partsThatCanBeReadInTwoWaysAreUnknown() throws {
    let good = part("name=model", "m")
    for parts in [
      good + good, "x\r\n" + good, good + "--b \r\n", part(#"name="mod\el""#, "m"),
      part("name=a; name=model", "m"), part("name*=utf-8''model", "m"),
      part("name=model; filename=x", "m"), good + "--b\r\n", "--b\nA: b\n\nx\n",
    ] {
      #expect(try model(ofParts: parts) == .unknown(.ambiguousFraming), "\(parts)")
    }
    for type in ["multipart/form-data", "multipart/form-data; boundary=c", "x-form/x"] {
      #expect(try model(ofParts: good, type: type) == .unknown(.ambiguousFraming), "\(type)")
    }
  }

  @Test(arguments: [
    ("/openai/deployments/a/chat/completions", #"{"model":"b"}"#, Fact.present("a")),
    ("/openai/deployments/a/chat/completions?model=c", #"{"model":"b"}"#, .present("a")),
    ("/v1/chat/completions?model=a", "{}", .present("a")),
    ("/v1/chat/completions?mod%65l=a", #"{"model":"b"}"#, .present("a")),
    ("/v1/chat/completions?model=", #"{"model":"b"}"#, .present("b")),
    ("/v1/chat/completions?model=a&model=b", #"{"model":"b"}"#, .unknown(.ambiguousFraming)),
    ("/v1/messages?model=a", #"{"model":"a"}"#, .present("a")),
    ("/v1/messages?model=a", #"{"model":"b"}"#, .unknown(.ambiguousFraming)),
  ])
  func targetGoesBeforeTheContent(_ target: String, _ body: String, _ model: Fact<String>) throws {
    #expect(try ask(body, target: target).model == model)
  }

  @Test func tooDeepContentIsNamedAndUnknown() throws {
    let call = try ask(
      #"{"model":"a","x":"# + String(repeating: "[", count: 600)
        + String(repeating: "]", count: 600) + "}")
    #expect(call.model == .unknown(.cap))
    #expect(call.anomalies.contains(.jsonTooDeep))
    #expect(call.caps == [.jsonDepth])
  }

  @Test func holesMakeUnknownNotAbsent() throws {
    var talk = Conversation()
    talk.segmentSize = 100
    let long = String(repeating: "x", count: 400)
    talk.client(
      Dialogue.request(
        "POST", "/v1/chat/completions", body: #"{"x":"\#(long)","model":"gpt-4o"}"#))
    talk.server(
      Dialogue.answer(body: #"{"x":"\#(long)","usage":{"prompt_tokens":1}}"#))
    talk.close()
    var packets = talk.packets()
    let fromClient = packets.indices.filter {
      packets[$0].payload.count == 100 && packets[$0].destinationPort == 4000
    }
    let fromServer = packets.indices.filter {
      packets[$0].payload.count == 100 && packets[$0].sourcePort == 4000
    }
    for index in [fromServer[2], fromClient[3]].sorted(by: >) { packets.remove(at: index) }
    let call = try #require(try Reading(packets).calls.first)
    #expect(call.model == .unknown(.hole))
    #expect(call.stream == .unknown(.hole))
    #expect(call.usage == .unknown(.hole))
    #expect(call.finishReasons == .unknown(.hole))
  }

  @Test func noCallOfAModel() throws {
    var dialogue = Dialogue()
    dialogue.ask("GET", "/health")
    dialogue.ask("OPTIONS", "/v1/chat/completions")
    #expect(try Reading(dialogue.packets).calls.isEmpty)
  }

  @Test func proxysOwnMarks() throws {
    let call = try ask(
      "{}",
      answer: Dialogue.answer(
        fields: ["x-litellm-call-id: 7", "X-LiteLLM-Version: 1.2", "x-litellm-response-cost: 0.1"]))
    #expect(call.marks?.callID == "7")
    #expect(call.marks?.version == "1.2")
    #expect(call.marks?.responseCost == "0.1")
    #expect(call.marks?.modelID == nil)
    #expect(try ask("{}").marks == nil)
  }

  // MARK: Streams

  @Test func streamedCall() throws {
    // A packet each millisecond: the request, the head, then the events.
    let reading = try Reading(streamed([chunk("Hel"), chunk("lo", finish: "stop"), done]))
    let call = try #require(reading.calls.first)
    #expect(call.stream == .present(true))
    #expect(call.events == .present(3))
    #expect(call.timeToFirstEvent == .present(2_000_000))
    #expect(call.gaps.value == EventTimes.Gaps(count: 2, median: 1_000_000, max: 1_000_000))
    #expect(call.finishReasons == .present(["stop"]))
    #expect(call.usage == .absent)
    #expect(call.anomalies.isEmpty)
    #expect(reading.answers[0]?.choices.map(\.text) == ["Hello"])
  }

  @Test func eventHasTheTimeOfThePacketThatCompletesIt() throws {
    let event = chunk("Hello")
    let call = try #require(
      try Reading(
        streamed([String(event.prefix(10)), String(event.dropFirst(10)), done])
      ).calls.first)
    #expect(call.timeToFirstEvent == .present(3_000_000))
  }

  @Test func codingsComeOffFirst() throws {
    var talk = Conversation()
    talk.client(Dialogue.request("POST", "/v1/chat/completions", body: #"{"model":"m"}"#))
    talk.server(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n")
    talk.server(Compression.compress(Array((chunk("Hello", finish: "stop") + done).utf8)))
    talk.close()
    let reading = try Reading(talk.packets())
    #expect(reading.calls.first?.events == .present(2))
    #expect(reading.calls.first?.timeToFirstEvent == .present(2_000_000))
    #expect(reading.answers[0]?.choices.map(\.text) == ["Hello"])
  }

  @Test func missingDoneIsNamedWhereItBelongs() throws {
    let without = try #require(try Reading(streamed([chunk("a", finish: "stop")])).calls.first)
    #expect(without.anomalies.anomalies == [.sseDoneMissing])
    // Without its empty line it is no event, but it was sent.
    let unfinished = try Reading(streamed([chunk("a"), "data: [DONE]\n"])).calls.first
    #expect(unfinished?.anomalies.isEmpty == true)
    #expect(unfinished?.events == .present(1))
    let messages = try Reading(
      streamed(
        ["event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"], target: "/v1/messages")
    ).calls.first
    #expect(messages?.anomalies.isEmpty == true)
    let responses = [
      "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}\n\n"
    ]
    #expect(
      try Reading(streamed(responses, target: "/v1/responses")).calls.first?.anomalies.isEmpty
        == true)
    #expect(
      try Reading(streamed(["data: {}\n\n"], target: "/v1/responses")).calls.first?.anomalies
        .anomalies == [.sseDoneMissing])
  }

  @Test(arguments: [
    "data: {\"error\":{\"message\":\"boom\",\"code\":\"500\"}}\n\n",
    "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"boom\"}}\n\n",
    "event: error\ndata: {}\n\n",
  ])
  func errorEventInA200(_ event: String) throws {
    let call = try #require(try Reading(streamed([chunk("a"), event, done])).calls.first)
    #expect(call.anomalies.anomalies == [.sseErrorEvent])
  }

  @Test func streamThatStandsStill() throws {
    func call(pauseBefore number: Int) throws -> LLMCall? {
      var talk = Conversation()
      talk.client(Dialogue.request("POST", "/v1/chat/completions", body: "{}"))
      talk.server(streamHead)
      for (index, piece) in [chunk("a"), chunk("b"), done].enumerated() {
        if index == number { talk.time += 10_000_000_000 }
        talk.server(piece)
      }
      talk.close()
      return try Reading(talk.packets()).calls.first
    }
    #expect(try call(pauseBefore: 9)?.anomalies.isEmpty == true)
    #expect(try call(pauseBefore: 0)?.anomalies.anomalies == [.sseStalled])
    #expect(try call(pauseBefore: 2)?.anomalies.anomalies == [.sseStalled])
  }

  @Test func cutStreamKnowsWhatItHas() throws {
    var packets = streamed([chunk("a"), chunk("b")], closes: false)
    let call = try #require(try Reading(packets).calls.first)
    #expect(call.events == .present(2))
    #expect(call.timeToFirstEvent == .present(2_000_000))
    #expect(call.finishReasons == .unknown(.cut))
    #expect(call.usage == .unknown(.cut))
    #expect(call.anomalies.isEmpty)
    // Cut in front of the first event: one may have come.
    packets.removeLast(2)
    #expect(try Reading(packets).calls.first?.timeToFirstEvent == .unknown(.cut))
  }

  private let started =
    #"data: {"type":"message_start","message":{"model":"c","usage":{"input_tokens":9,"#
    + #""output_tokens":1}}}"# + "\n\n"

  @Test func tokensOfACutStreamAreKnownOnceItsEndWasSeen() throws {
    func usage(_ events: [String], _ target: String = "/v1/messages") throws -> Fact<TokenUsage>? {
      try Reading(streamed(events, target: target, closes: false)).calls.first?.usage
    }
    #expect(try usage([started]) == .unknown(.cut))
    let stopped =
      #"data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"#
      + #""usage":{"output_tokens":7}}"# + "\n\n"
    #expect(try usage([started, stopped])?.value?.completion == 7)
    let chat = "/v1/chat/completions"
    let counted = #"data: {"choices":[],"usage":{"total_tokens":5}}"# + "\n\n"
    #expect(try usage([counted], chat) == .unknown(.cut))
    #expect(try usage([counted, done], chat)?.value?.total == 5)
    let completed =
      #"data: {"type":"response.completed","response":{"usage":{"total_tokens":5}}}"# + "\n\n"
    #expect(try usage([completed], "/v1/responses")?.value?.total == 5)
  }

  @Test(arguments: [
    #"{"usage":{"total_tokens":5},"usage":{"total_tokens":5000}}"#,
    #"{"usage":{"total_tokens":5,"total_tokens":5000}}"#,
    #"{"usage":{"total_tokens":5},"us\u0061ge":{"total_tokens":5000}}"#,
  ])
  func tokensThatAreSaidTwiceAreUnknown(_ answer: String) throws {
    #expect(
      try ask("{}", answer: Dialogue.answer(body: answer)).usage == .unknown(.ambiguousFraming))
    let call = try Reading(streamed(["data: \(answer)\n\n", done])).calls.first
    #expect(call?.usage == .unknown(.ambiguousFraming))
  }

  @Test func eventsWithoutTimesHaveUnknownOnes() throws {
    let packets = streamed([chunk("a"), chunk("b"), done])
    let file = try TemporaryFile(pcapngWithoutTimes(packets))
    let call = try #require(try Reading(file).calls.first)
    #expect(call.events == .present(3))
    #expect(call.timeToFirstEvent == .unknown(.cut))
    #expect(call.gaps.value == nil)
  }

  /// A pcapng of simple packet blocks, which have no time.
  private func pcapngWithoutTimes(_ packets: [Packet]) -> [UInt8] {
    func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> ($0 * 8) & 255) } }
    func block(_ type: Int, _ body: [UInt8]) -> [UInt8] {
      let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
      let length = little(padded.count + 12)
      return little(type) + length + padded + length
    }
    let section = little(0x1A2B_3C4D) + [1, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8)
    var file = block(0x0A0D_0D0A, section) + block(1, [1, 0, 0, 0] + little(0))
    for packet in packets { file += block(3, little(packet.frame.count) + packet.frame) }
    return file
  }

  @Test func streamWithoutEvents() throws {
    let call = try #require(try Reading(streamed([": ping\n\n"])).calls.first)
    #expect(call.events == .present(0))
    #expect(call.timeToFirstEvent == .absent)
    #expect(call.anomalies.anomalies == [.sseDoneMissing])
  }

  @Test func streamsOfOtherRoutesAreOnlyCounted() throws {
    let reading = try Reading(streamed(["data: a\n\n", "data: {\"error\":1}\n\n"], target: "/mcp"))
    #expect(reading.calls.isEmpty)
    #expect(reading.readings.first?.events == .present(2))
  }
}
