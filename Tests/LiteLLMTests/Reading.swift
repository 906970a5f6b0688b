import Exchanges
import HTTP
import TestSupport
import Wire

@testable import LiteLLM

/// Exchanges of a capture as calls, all of them read while it is walked.
struct Reading: ExchangeSink {
  private(set) var readings: [CallReading] = []
  private(set) var prompts: [Prompt?] = []
  private(set) var answers: [JoinedAnswer?] = []
  private var places = CallPlaces()

  init(_ packets: [Packet]) throws {
    try self.init(TemporaryFile(packets: packets))
  }

  init(_ file: TemporaryFile) throws {
    var reconstructor = try Reconstructor(files: [file.path])
    var sink = Reading()
    _ = reconstructor.run(into: &sink)
    self = sink
  }

  private init() {}

  var calls: [LLMCall] { readings.compactMap(\.call) }

  mutating func began(_ source: CaptureSource) {}

  mutating func take(_ exchange: Exchange, in store: CaptureStore) {
    let reading = places.reading(of: exchange, in: store)
    _ = reading.call
    _ = reading.events
    readings.append(reading)
    prompts.append(exchange.request.flatMap { Prompt($0, in: store) })
    answers.append(LLMCall(exchange, collectingText: true, in: store)?.answer)
  }
}

/// The head of an answer whose content ends with the connection.
let streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n"

/// A call that is answered by these pieces of an event stream, each in a packet of its own.
func streamed(
  _ pieces: [String], target: String = "/v1/chat/completions",
  body: String = #"{"model":"gpt-4o","stream":true,"messages":[]}"#, closes: Bool = true
) -> [Packet] {
  var talk = Conversation()
  talk.client(Dialogue.request("POST", target, body: body))
  talk.server(streamHead)
  for piece in pieces { talk.server(piece) }
  if closes { talk.close() }
  return talk.packets()
}
