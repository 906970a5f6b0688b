import TestSupport
import Testing

@testable import Exchanges
@testable import HTTP
@testable import Wire

/// What waits in a file comes back as it was.
@Suite struct ExchangeSpoolTests {
  /// Exchanges of every kind: whole, with content, interim answers, holes, cuts, oddities, IPv6 times.
  private func exchanges() throws -> [Exchange] {
    var talk = Conversation()
    talk.segmentSize = 40
    talk.client(post("/chat", String(repeating: "q", count: 100)))
    talk.server("HTTP/1.1 103 Early\r\nLink: a\r\n\r\n")
    talk.server(answer(401, String(repeating: "a", count: 200)))
    talk.client("GET /odd HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n")
    talk.server(answer(200))
    talk.client("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
    talk.server(
      "HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream ; charset=utf-8\r\n"
        + "Content-Length: 100\r\n\r\n")
    talk.server(String(repeating: "d", count: 100))
    talk.client("GET /cut HTTP/1.1\r\nHo")
    let whole = talk.packets()
    let holed = whole.enumerated().filter { $0.offset != 6 && $0.offset != 12 }.map(\.element)
    return try Reconstruction(whole).exchanges + Reconstruction(holed).exchanges
  }

  /// A head whose bytes say something else than its index: a line break in a value, a field that
  /// was never seen, and one that stands in the place of Host.
  private func http2Head() throws -> MessageHead {
    var decoder = HPACKDecoder(isMidstream: true)
    var section = FieldSection()
    let block: [UInt8] =
      [0x83, 0x87, 0x84, 0x41, 1, 0x61, 0xC0, 0x40, 1, 0x78, 15] + "1\r\nhost: evil\r\n".utf8
    try decoder.decode(block.span, into: &section)
    return MessageHead(http2: section, as: .request)
  }

  @Test func headsOfHTTP2ComeBackAsTheyWere() throws {
    var exchange = try exchanges()[0]
    let head = try http2Head()
    exchange.request?.framedHead = FramedHead(head)
    exchange.interim[0].head = head
    var spool = ExchangeSpool()
    var filler = exchange
    filler.request?.pieces = Array(
      repeating: Message.Piece(offset: 0, time: .unknown, count: 1, frame: 1), count: 340_000)
    exchange.response?.pieces = Array(
      repeating: Message.Piece(offset: 0, time: .unknown, count: 1, frame: 1), count: 20_000)
    _ = spool.keep(OpenExchange(filler, ticket: 1))
    let place = spool.keep(OpenExchange(exchange, ticket: 2))
    guard case .file = place else {
      Issue.record("it waits in memory")
      return
    }
    let back = spool.take(place, ticket: 2)?.exchange
    for found in [back?.request?.head, back?.interim.first?.head] {
      let found = try #require(found)
      #expect(String(describing: found) == String(describing: head))
      #expect(found.isHTTP2)
      #expect(!found.isComplete)
      #expect(found.anomalies.anomalies == [.controlInHeader, .h2UnknownTable, .h2BadHeaderBlock])
      #expect(found.fields.count == 4)
      #expect(found.fields[2].isUnknown)
      #expect(found.values(of: "host").map(Array.init) == [[0x61]])
      #expect(found.value(of: "authorization") == .unknown(.cut))
    }
  }

  private func facts(_ exchange: Exchange) -> String { String(describing: exchange) }

  @Test func fieldsComeBack() throws {
    var writer = FieldWriter()
    for number in [0, 1, -1, .max, .min] { writer.number(number) }
    writer.run([1, 2, 3])
    writer.word(nil)
    writer.set([AnomalySet(.bareLF), AnomalySet(.credentialInQuery)])
    var reader = FieldReader(bytes: writer.bytes)
    for number in [0, 1, -1, .max, .min] { #expect(reader.number() == number) }
    #expect(Array(reader.run()) == [1, 2, 3])
    #expect(reader.word() == "")
    #expect(reader.set().anomalies == [.bareLF, .credentialInQuery])
    // Beyond the end there is nothing, and no trap.
    #expect(reader.number() == 0)
    #expect(reader.run().isEmpty)
  }

  @Test func eachPieceKnowsWhenItWasSeen() throws {
    let exchanges = try exchanges()
    let stream = try #require(exchanges.first { $0.request?.head.target?.last == 0x6D })
    let times = try #require(stream.response).pieces.map(\.time)
    #expect(times.count == 3)
    #expect(times == times.sorted() && times.last == stream.response?.end)
  }

  @Test func exchangesComeBackFromTheFile() throws {
    let exchanges = try exchanges()
    #expect(exchanges.count >= 5)
    var spool = ExchangeSpool()
    // What came first fills the memory.
    var filler = exchanges[0]
    filler.request?.pieces = Array(
      repeating: Message.Piece(offset: 0, time: .unknown, count: 1, frame: 1), count: 349_000)
    let first = spool.keep(OpenExchange(filler, ticket: 1000))
    let places = exchanges.enumerated().map { spool.keep(OpenExchange($1, ticket: $0)) }
    let waiting = places.count { if case .file = $0 { true } else { false } }
    #expect(waiting >= places.count - 3)
    for (ticket, exchange) in exchanges.enumerated() {
      let taken = spool.take(places[ticket], ticket: ticket)
      var back = try #require(taken).exchange
      for (mine, its) in [(exchange.request, back.request), (exchange.response, back.response)] {
        #expect(mine?.head.bytes == its?.head.bytes)
        #expect(mine?.head.fields.count == its?.head.fields.count)
        #expect(mine?.head.isComplete == its?.head.isComplete)
        #expect(mine?.headState == its?.headState)
        #expect(mine?.headDoubt == its?.headDoubt)
        #expect(mine?.time == its?.time)
        #expect(mine?.end == its?.end)
        #expect(mine?.bodyState == its?.bodyState)
        #expect(mine?.pieces.map(\.range) == its?.pieces.map(\.range))
        #expect(mine?.pieces.map(\.time) == its?.pieces.map(\.time))
        #expect(mine?.frames == its?.frames)
        #expect(mine?.bytes == its?.bytes)
        #expect(mine?.missing == its?.missing)
      }
      #expect(exchange.interim.map(\.head.bytes) == back.interim.map(\.head.bytes))
      #expect(exchange.interim.map(\.time) == back.interim.map(\.time))
      back.request = exchange.request
      back.response = exchange.response
      back.interim = exchange.interim
      back.id = exchange.id
      back.copyOf = exchange.copyOf
      #expect(facts(back) == facts(exchange))
    }
    #expect(spool.take(first, ticket: 1000)?.exchange.request?.pieces.count == 349_000)
  }
}
