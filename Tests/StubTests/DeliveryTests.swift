import LiteLLM
import Testing

@testable import Stub

/// An answer on its way: in one piece after the other, whoever makes them.
@Suite struct DeliveryTests {
  private func delivery(isChunked: Bool) -> Delivery {
    var delivery = Delivery()
    delivery.pieces = [.init(delay: 5, bytes: Array("head".utf8))]
    delivery.stream = .init(
      events: EventList(["one", "two"].map { Array($0.utf8) }), isChunked: isChunked)
    return delivery
  }

  private func sent(_ delivery: Delivery) -> [String] {
    var delivery = delivery
    var sent: [String] = []
    while let delay = delivery.nextDelay({ Int64($0) + 100 }), let bytes = delivery.popFirst() {
      sent.append("\(delay) \(String(decoding: bytes, as: UTF8.self))")
    }
    return sent
  }

  @Test func eventsComeBehindThePieces() {
    #expect(sent(delivery(isChunked: false)) == ["5 head", "100 one", "101 two"])
    #expect(
      sent(delivery(isChunked: true))
        == ["5 head", "100 3\r\none\r\n", "101 3\r\ntwo\r\n", "0 0\r\n\r\n"])
  }

  @Test(arguments: [true, false]) func unrolledIsTheSame(isChunked: Bool) {
    let whole = delivery(isChunked: isChunked)
    var unrolled = whole
    unrolled.unroll { Int64($0) + 100 }
    #expect(unrolled.stream == nil && sent(unrolled) == sent(whole))
  }

  @Test func eventsOfOneEnvelopeAreWhatWasPutIn() {
    var events = EventList()
    events.append("a".utf8, head: [1], tail: [2])
    events.append("b".utf8, head: [1], tail: [2])
    events.append("c".utf8)
    #expect(Array(events) == [[1, 0x61, 2], [1, 0x62, 2], [0x63]])
  }
}
