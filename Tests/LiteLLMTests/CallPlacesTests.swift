import Exchanges
import TestSupport
import Testing
import Wire

@testable import LiteLLM

@Suite("Attempts and legs of one call belong together") struct CallPlacesTests {
  private static let body = #"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#

  /// Requests of one client to the proxy, each with its retry count.
  private func calls(
    _ attempts: [(count: Int?, body: String)], client: (Int) -> UInt8 = { _ in 1 }
  ) throws -> [Int?] {
    var packets: [Packet] = []
    for (number, attempt) in attempts.enumerated() {
      var talk = Conversation(
        client: "10.0.0.\(client(number))", clientPort: UInt16(40_000 + number), server: "10.0.0.9",
        startingAt: 1_700_000_000_000_000_000 + Int64(number) * 1_000_000_000)
      let fields = attempt.count.map { ["X-Stainless-Retry-Count: \($0)"] } ?? []
      talk.client(
        Dialogue.request("POST", "/v1/chat/completions", fields: fields, body: attempt.body))
      talk.server(Dialogue.answer("500 Oops"))
      talk.close()
      packets += talk.packets()
    }
    return try Reading(packets).readings.map(\.place.call)
  }

  @Test func retriesAreOneCall() throws {
    let same = Self.body
    #expect(try calls([(0, same), (1, same), (2, same)]) == [1, 1, 1])
    #expect(try calls([(0, same), (0, same), (1, same)]) == [1, 2, 1])
    #expect(try calls([(0, same), (1, same + " "), (0, same)]) == [1, 2, 3])
    // An attempt that is missing in the capture.
    #expect(try calls([(0, same), (2, same)]) == [1, 1])
    #expect(try calls([(1, same)]) == [1])
    #expect(try calls([(nil, same), (nil, same)]) == [1, 2])
  }

  @Test func anotherClientsRetryIsAnotherCall() throws {
    #expect(try calls([(0, Self.body), (1, Self.body)]) { UInt8($0 + 1) } == [1, 2])
  }

  // MARK: Legs

  private struct Leg {
    var from: (String, UInt16)
    var to: (String, UInt16)
    var at: Int64
    var lasts: Int64
    var body = CallPlacesTests.body
    var id: String? = "chatcmpl-1"
    var host: String?

    var packets: [Packet] {
      var talk = Conversation(
        client: from.0, clientPort: from.1, server: to.0, serverPort: to.1,
        startingAt: 1_700_000_000_000_000_000 + at * 1_000_000)
      talk.pace = 1000
      talk.client(Dialogue.request("POST", "/v1/chat/completions", body: body, host: host ?? to.0))
      talk.time += lasts * 1_000_000
      talk.server(
        Dialogue.answer(body: id.map { #"{"id":"\#($0)","choices":[]}"# } ?? #"{"choices":[]}"#))
      return talk.packets()
    }
  }

  private func upstream(_ legs: [Leg]) throws -> [Int?] {
    let packets = legs.flatMap(\.packets).sorted { $0.time < $1.time }
    return try Reading(packets).readings.map(\.place.upstreamOf)
  }

  private func asked(
    _ port: UInt16, at: Int64, lasts: Int64 = 100, body: String = CallPlacesTests.body,
    id: String? = "chatcmpl-1"
  ) -> Leg {
    Leg(from: ("10.0.0.1", port), to: ("10.0.0.2", 4000), at: at, lasts: lasts, body: body, id: id)
  }

  private func askedOn(
    _ port: UInt16, at: Int64, lasts: Int64 = 10, body: String = CallPlacesTests.body,
    id: String? = "chatcmpl-1", from: String = "10.0.0.2"
  ) -> Leg {
    Leg(from: (from, port), to: ("192.0.2.1", 80), at: at, lasts: lasts, body: body, id: id)
  }

  @Test func sameAnswerInsideIsUpstream() throws {
    let other = #"{"model":"m","messages":[]}"#
    #expect(try upstream([asked(1, at: 0), askedOn(2, at: 10, body: other)]) == [nil, 1])
  }

  @Test func sameMessagesInsideAreUpstream() throws {
    let reordered = #"{"messages":[{"content":"hi","name":null,"role":"user"}],"model":"openai/m"}"#
    #expect(
      try upstream([asked(1, at: 0, id: nil), askedOn(2, at: 10, body: reordered, id: "x")])
        == [nil, 1])
  }

  @Test func nothingIsGuessed() throws {
    let other = #"{"model":"m","messages":[]}"#
    // Neither the same answer nor the same messages.
    #expect(
      try upstream([asked(1, at: 0), askedOn(2, at: 10, body: other, id: "x")]) == [nil, nil])
    // Not inside in time.
    #expect(try upstream([asked(1, at: 0), askedOn(2, at: 200)]) == [nil, nil])
    #expect(try upstream([asked(1, at: 0), askedOn(2, at: 50, lasts: 90)]) == [nil, nil])
    // From another machine than the proxy.
    #expect(try upstream([asked(1, at: 0), askedOn(2, at: 10, from: "10.0.0.3")]) == [nil, nil])
    // Two requests that differ in nothing.
    #expect(
      try upstream([asked(1, at: 0), asked(2, at: 5), askedOn(3, at: 10)]) == [nil, nil, nil])
  }

  @Test func answerBeforeMessages() throws {
    #expect(
      try upstream([asked(1, at: 0), asked(2, at: 5, id: "chatcmpl-2"), askedOn(3, at: 10)])
        == [nil, nil, 1])
    // Where the ids are all the same, the messages tell.
    let other = #"{"model":"m","messages":[{"role":"user","content":"ho"}]}"#
    #expect(
      try upstream([asked(1, at: 0), asked(2, at: 5, body: other), askedOn(3, at: 10, body: other)])
        == [nil, nil, 2])
  }

  @Test func legsShareTheirCall() throws {
    let legs = [asked(1, at: 0), askedOn(2, at: 10), asked(3, at: 300, id: "b")]
    let packets = legs.flatMap(\.packets).sorted { $0.time < $1.time }
    #expect(try Reading(packets).readings.map(\.place.call) == [1, 1, 2])
  }

  @Test func upstreamOfAPublishedPortIsThatOfTheFirstHop() throws {
    // docker-proxy passes the request on unchanged; the container asks from its own address.
    var outer = asked(1, at: 0)
    outer.host = "localhost"
    var inner = Leg(from: ("172.17.0.1", 9), to: ("172.17.0.2", 4000), at: 1, lasts: 90)
    inner.host = "localhost"
    #expect(
      try upstream([outer, inner, askedOn(2, at: 10, from: "172.17.0.2")]) == [nil, nil, 1])
  }
}
