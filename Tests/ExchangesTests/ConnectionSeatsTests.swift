import HTTP
import TestSupport
import Testing

@testable import Exchanges
@testable import Wire

@Suite("Closed connections leave their seats, and what they were is remembered")
struct ConnectionSeatsTests {
  private static let endpoint = Endpoint(address: IPAddress(ipv4: 1), port: 1)

  private static func info(_ number: Int) -> ConnectionInfo {
    ConnectionInfo(
      number: number, initiator: endpoint, responder: endpoint, beganBeforeCapture: false)
  }

  private static func connection(_ number: Int, asking: Direction?) -> HTTPConnection {
    var connection = HTTPConnection(info(number), frame: 1)
    connection.requestDirection = asking
    return connection
  }

  @Test func aSeatIsTakenUntilItsConnectionIsClosed() {
    var seats = ConnectionSeats()
    #expect(seats.slot(of: 3) == nil)
    seats.take(3, 0)
    #expect(seats.slot(of: 3) == 0)
    #expect(seats.slot(of: 2) == nil)
    seats.leave(3, Self.connection(7, asking: .backward))
    #expect(seats.slot(of: 3) == nil)
    // Another one in the wire's slot isn't the one that was closed.
    #expect(seats.asks(3, Self.info(7)) == .backward)
    #expect(seats.asks(3, Self.info(8)) == nil)
    #expect(seats.asks(4, Self.info(7)) == nil)
    seats.take(3, 5)
    #expect(seats.slot(of: 3) == 5)
  }

  /// One connection behind the other on the same seat: nothing of the one is told of the next.
  @Test func whoComesNextBeginsAnew() throws {
    var packets: [TestPacket] = []
    var time: Int64 = 1_700_000_000_000_000_000
    for number in 0..<40 {
      var talk = Conversation(clientPort: UInt16(41_000 + number), startingAt: time)
      // Every other one breaks off inside of a message, the others say that they are the last.
      talk.client(
        number % 2 == 0
          ? get("/\(number)", "Connection: close") : "POST /\(number) HTTP/1.1\r\nHost: a\r\n")
      if number % 4 == 0 { talk.server(answer(200)) }
      talk.close()
      packets += talk.packets()
      time = talk.time + 1_000_000
    }
    let reconstruction = try Reconstruction(packets)
    #expect(reconstruction.exchanges.map(\.connection) == Array(1...40))
    for (number, exchange) in reconstruction.exchanges.enumerated() {
      let target = exchange.request?.head.target.map { String(decoding: $0, as: UTF8.self) }
      #expect(target == "/\(number)")
      #expect((exchange.response != nil) == (number % 4 == 0))
      #expect(exchange.anomalies.isEmpty == (number % 4 == 0))
      #expect(exchange.client.port == UInt16(41_000 + number))
    }
  }
}
