import TestSupport
import Testing

@testable import Exchanges
@testable import HTTP
@testable import Wire

/// What nearly every segment is takes a shorter way to the same end: everything that is said of a
/// conversation must be the same without it.
@Suite("The short ways say what the long one says") struct ShortWaysTests {
  private struct Collector: ExchangeSink {
    var told: [String] = []

    mutating func began(_ source: CaptureSource) {}

    mutating func take(_ exchange: Exchange, in store: CaptureStore) {
      let heads = [exchange.request, exchange.response].map { message in
        message.map { String(decoding: $0.head.bytes, as: UTF8.self) } ?? "-"
      }
      told.append("\(heads) \(exchange)")
    }
  }

  /// All that is said of a capture.
  private struct Told: Equatable {
    var exchanges: [String]
    var ledger: [String]

    init(
      _ path: String, short: Bool, ahead: Bool = false, eventCount: Int = WireBatch.eventCount
    ) throws {
      let wire = try WireReader(
        files: [path], filter: nil, walksAhead: ahead, eventCount: eventCount)
      var reconstructor = Reconstructor(wire)
      reconstructor.takesShortWays = short
      var collector = Collector()
      let ledger = reconstructor.run(into: &collector)
      exchanges = collector.told
      self.ledger = Mirror(reflecting: ledger).children.map { child in
        // Sets and dictionaries have an order of their own.
        let value: Any =
          switch child.value {
          case let set as Set<Endpoint>: set.map(\.description).sorted()
          case let counts as AnomalyCounts: counts.occurred
          default: child.value
          }
        return "\(child.label ?? ""): \(value)"
      }
    }
  }

  private static let requests = [
    get("/1"), get("/1"), get("/2", "Authorization: Bearer made-up"), post("/3", "content"),
    get("/4", "Connection: close"), post("/5", "short", length: 9), get("/6") + get("/7"),
    "\r\n" + get("/8"), "HEAD /9 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /10 HTTP/1.1\r\n\r\n",
    "POST /11 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    get("/12", "Upgrade: h2c"), get("/13", "Upgrade: websocket", "Connection: Upgrade"),
    "CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\n", "GET /14\r\n\r\n", "SSH-2.0-x\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /15 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    "POST /16 HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", post("/17", "ab") + "c",
    "HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n",
  ]

  private static let answers = [
    answer(200), answer(200, "content"), answer(401, "no"), answer(204), answer(304), answer(100),
    answer(100) + answer(200), answer(200) + answer(200), answer(200, "cut", length: 7),
    answer(101), "HTTP/1.1 200 X\r\n\r\nuntil the end",
    "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    "HTTP/1.1 204 X\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 99 X\r\n\r\n",
    "HTTP/1.0 200 X\r\nContent-Length: 2\r\n\r\nab", answer(200, "longer") + "!", get("/x"),
  ]

  /// What a conversation is made of, mostly one request behind the other, each with its answer.
  private func talk(_ dice: inout Dice) -> [TestPacket] {
    var talk = Conversation(handshake: !Bool.random(using: &dice) || Bool.random(using: &dice))
    for _ in 0..<Int.random(in: 1...12, using: &dice) {
      let isOdd = Int.random(in: 0..<4, using: &dice) == 0
      let (asks, answers) = (Self.requests, Self.answers)
      talk.segmentSize = Int.random(in: 0..<8, using: &dice) == 0 ? 40 : 1400
      let request =
        isOdd ? asks.randomElement(using: &dice) : asks[..<4].randomElement(using: &dice)
      let response =
        isOdd ? answers.randomElement(using: &dice) : answers[..<3].randomElement(using: &dice)
      if Int.random(in: 0..<12, using: &dice) > 0 { talk.client(request ?? "") }
      if Int.random(in: 0..<12, using: &dice) > 0 { talk.server(response ?? "") }
    }
    if Bool.random(using: &dice) { talk.close() }
    var packets = talk.packets()
    guard !packets.isEmpty else { return [] }
    // The network has its share: one is lost, comes twice, too early, or with another content.
    let place = Int.random(in: 0..<packets.count, using: &dice)
    switch Int.random(in: 0..<8, using: &dice) {
    case 0: packets.remove(at: place)
    case 1: packets.insert(packets[place], at: place)
    case 2 where place > 0: packets.swapAt(place, place - 1)
    case 3:
      var other = packets[place]
      if !other.payload.isEmpty { other.payload[0] ^= 1 }
      packets.insert(other, at: Int.random(in: 0...packets.count, using: &dice))
    case 4: packets[place].acknowledgment &-= UInt32.random(in: 1...2000, using: &dice)
    default: break
    }
    return packets
  }

  /// What waits behind an exchange that takes long is as it would have been, also where the most of it
  /// waits in a file.
  @Test func whatWaitsComesBackAsItWas() throws {
    var slow = Conversation(clientPort: 50_000)
    slow.client(get("/slow"))
    var quick = Conversation(clientPort: 50_001)
    quick.segmentSize = 8000
    let filler = String(repeating: "f", count: 4000)
    for number in 0..<2500 {
      quick.client(get("/\(number)", "X-Filler: \(filler)"))
      quick.server(answer(number % 3 == 0 ? 401 : 200, "content \(number)"))
    }
    slow.time = quick.time
    slow.server(answer(200))
    let packets = (slow.packets() + quick.packets()).sorted { $0.time < $1.time }
    let file = try TemporaryFile(CaptureBytes.pcap(packets))
    let ways = try [false, true].map { isShort in
      var reconstructor = try Reconstructor(files: [file.path])
      reconstructor.takesShortWays = isShort
      var collector = Waiting()
      _ = reconstructor.run(into: &collector)
      return collector.told
    }
    #expect(ways[0].count == 2501 && ways[0] == ways[1])
  }

  /// What of an exchange goes through the file.
  private struct Waiting: ExchangeSink {
    var told: [[String]] = []

    mutating func began(_ source: CaptureSource) {}

    mutating func take(_ exchange: Exchange, in store: CaptureStore) {
      let messages = [exchange.request, exchange.response].map { message -> String in
        guard let message else { return "-" }
        return "\(message.head.bytes.count) \(message.head.bytes.prefix(12)) \(message.time)"
          + " \(message.end) \(message.bodyState) \(message.bytes) \(message.frames.runs)"
          + " \(message.pieces.map { store.bytes($0.range) })"
      }
      told.append(
        messages + ["\(exchange.id) \(exchange.client) \(exchange.server) \(exchange.outcome)"])
    }
  }

  @Test(arguments: 0..<20)
  func nothingIsOtherwise(_ seed: UInt64) throws {
    var dice = Dice(seed: seed)
    for _ in 0..<50 {
      let packets = talk(&dice)
      let file = try TemporaryFile(CaptureBytes.pcap(packets))
      // Each segment for itself, each by the long way.
      let long = try Told(file.path, short: false, eventCount: 1)
      let short = try Told(file.path, short: true)
      #expect(short == long)
      // A walk on a thread of its own tells the same, and so does one in small steps.
      let ahead = try Told(file.path, short: true, ahead: true)
      #expect(ahead == long)
      let stepwise = try Told(file.path, short: true, ahead: true, eventCount: 3)
      #expect(stepwise == long)
      guard short == long, ahead == long else { return }
    }
  }
}
