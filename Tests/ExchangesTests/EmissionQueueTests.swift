import Testing
import Wire

@testable import Exchanges

/// Exchanges come out in the order of their first byte, in whatever order they begin and end.
@Suite struct EmissionQueueTests {
  @Test(arguments: 1...20) func theOrderIsThatOfTheFirstByte(_ seed: Int) throws {
    let address = try #require(IPAddress(bytes: [127, 0, 0, 1]))
    let endpoint = Endpoint(address: address, port: 1)
    var state = UInt64(seed)
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var queue = EmissionQueue()
    var waiting: [(ticket: Int, place: Int)] = []
    var kept: [Int] = []
    for number in 0..<500 {
      // Mostly ascending, and now and then far back, as behind a hole.
      let place = draw(10) == 0 ? draw(number + 1) : number
      waiting.append((queue.reserve(frame: Int32(place), offset: place), place))
    }
    while !waiting.isEmpty {
      let (ticket, place) = waiting.remove(at: draw(waiting.count))
      if draw(4) == 0 {
        queue.release(ticket)
      } else {
        kept.append(place)
        var exchange = Exchange(connection: place, client: endpoint, server: endpoint)
        exchange.connection = place
        queue.put(OpenExchange(exchange, ticket: ticket))
      }
      // What was given back, or isn't there, changes nothing.
      queue.release(ticket + 1_000_000)
    }
    var came: [Int] = []
    while let entry = queue.next(before: .max) { came.append(entry.exchange.connection) }
    #expect(came == kept.sorted())
  }
}
