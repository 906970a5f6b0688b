import TestSupport
import Testing

@testable import Exchanges

@Suite struct SecondHopsTests {
  /// A request to docker-proxy on the host, and the same one to the container, inside it in time.
  func packets(
    innerRequest: String = post("/chat", "question"), innerAnswer: String = answer(200, "reply"),
    innerServer: String = "172.17.0.2", inside: Bool = true,
    segmentSizes: (outer: Int, inner: Int) = (1400, 1400)
  ) -> [TestPacket] {
    var outer = Conversation(client: "127.0.0.1", server: "127.0.0.1")
    outer.segmentSize = segmentSizes.outer
    outer.client(get("/outer"))
    outer.server(answer(200))
    outer.client(post("/chat", "question"))
    let middle = outer.time
    outer.time += 50_000_000
    outer.server(answer(200, "reply"))
    outer.close()
    var inner = Conversation(
      client: "172.17.0.1", server: innerServer, startingAt: inside ? middle : outer.time)
    inner.segmentSize = segmentSizes.inner
    inner.client(get("/inner"))
    inner.server(answer(200))
    inner.client(innerRequest)
    inner.server(innerAnswer)
    inner.close()
    return (outer.packets() + inner.packets()).sorted { $0.time < $1.time }
  }

  func copies(_ packets: [TestPacket]) throws -> [Int?] {
    try Reconstruction(packets).exchanges.map(\.copyOf)
  }

  @Test func anExchangeThatWasPassedOnIsACopyOfTheFirst() throws {
    #expect(try copies(packets()) == [nil, nil, nil, 2])
  }

  /// The loopback carries in one segment what a bridge carries in many.
  @Test func howItWasCutIntoSegmentsSaysNothing() throws {
    #expect(try copies(packets(segmentSizes: (1400, 20))) == [nil, nil, nil, 2])
    #expect(try copies(packets(segmentSizes: (20, 1400))) == [nil, nil, nil, 2])
    let other = packets(innerAnswer: answer(200, "Reply"), segmentSizes: (1400, 20))
    #expect(try copies(other) == [nil, nil, nil, nil])
  }

  @Test func otherContentIsAnotherExchange() throws {
    #expect(try copies(packets(innerRequest: post("/chat", "Question"))) == [nil, nil, nil, nil])
    #expect(try copies(packets(innerRequest: post("/chaT", "question"))) == [nil, nil, nil, nil])
    #expect(try copies(packets(innerAnswer: answer(200, "Reply"))) == [nil, nil, nil, nil])
    #expect(try copies(packets(innerAnswer: answer(201, "reply"))) == [nil, nil, nil, nil])
  }

  @Test func theSameServerAskedTwiceIsNoCopy() throws {
    #expect(try copies(packets(innerServer: "127.0.0.1")) == [nil, nil, nil, nil])
  }

  @Test func whatLiesBesideItInTimeIsNoCopy() throws {
    #expect(try copies(packets(inside: false)) == [nil, nil, nil, nil])
  }

  /// Those that came in one segment and those that came in many are remembered in one row.
  @Test(arguments: [(255, true), (256, false)])
  func theFirstHopLiesAtMostSoFarBack(between: Int, isFound: Bool) throws {
    var outer = Conversation(client: "127.0.0.1", server: "127.0.0.1")
    outer.client(post("/chat", "question"))
    var packets: [TestPacket] = []
    var time = outer.time
    for number in 0..<between {
      var other = Conversation(
        client: "127.0.0.1", clientPort: UInt16(41_000 + number), server: "127.0.0.1",
        startingAt: time)
      if number % 3 == 0 { other.segmentSize = 20 }
      other.client(get("/\(number)"))
      other.server(answer(200))
      packets += other.packets()
      time = other.time + 1_000_000
    }
    var inner = Conversation(client: "172.17.0.1", server: "172.17.0.2", startingAt: time)
    inner.client(post("/chat", "question"))
    inner.server(answer(200, "reply"))
    outer.time = inner.time + 1_000_000
    outer.server(answer(200, "reply"))
    packets += outer.packets() + inner.packets()
    let copies = try copies(packets.sorted { $0.time < $1.time })
    #expect(copies.count == between + 2)
    #expect(copies.last == (isFound ? 1 : .some(nil)))
  }
}
