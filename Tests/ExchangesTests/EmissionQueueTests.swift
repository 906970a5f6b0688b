import TestSupport
import Testing

@testable import Exchanges
@testable import HTTP
@testable import Wire

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
    func peers(_ place: Int) -> ExchangePeers {
      ExchangePeers(
        connection: place, client: endpoint, server: endpoint, beganBeforeCapture: false)
    }
    var queue = EmissionQueue()
    // Round after round, so that what was kept of earlier ones is used again.
    for round in 0..<12 {
      var waiting: [(ticket: Int, place: Int)] = []
      var plain: Set<Int> = []
      var kept: [Int] = []
      for number in 0..<50 {
        // Mostly ascending, and now and then far back, as behind a hole.
        let place = round * 100 + (draw(10) == 0 ? draw(number + 1) : number)
        if draw(2) == 0 {
          let ticket = queue.reserve(
            .unseen, end: 0, in: Self.segment(at: place), between: peers(place))
          plain.insert(ticket)
          waiting.append((ticket, place))
        } else {
          waiting.append((queue.reserve(frame: Int32(place), offset: place), place))
        }
      }
      while !waiting.isEmpty {
        let (ticket, place) = waiting.remove(at: draw(waiting.count))
        if draw(4) == 0 {
          queue.release(ticket)
        } else {
          kept.append(place)
          // A request that was plain may get an answer that isn't.
          if plain.contains(ticket), draw(3) > 0 || queue.takeRequest(ticket) == nil {
            queue.answer(ticket, .unseen, end: 0, in: Self.segment(at: place + 1))
          } else {
            queue.put(OpenExchange(Exchange(between: peers(place)), ticket: ticket))
          }
        }
        // What was given back, or isn't there, changes nothing.
        queue.release(ticket + 1_000_000)
      }
      var came: [Int] = []
      while let next = queue.next(before: .max) {
        switch next {
        case .plain:
          let taken = queue.takePlain()
          let exchange = try #require(taken)
          #expect(Int(exchange.frame) == exchange.peers.connection)
          #expect(exchange.responseContent.offset == exchange.peers.connection + 1)
          came.append(exchange.peers.connection)
        case .written:
          let taken = queue.takeWritten()
          came.append(try #require(taken).exchange.connection)
        }
      }
      #expect(came == kept.sorted())
    }
  }

  private static func segment(at place: Int) -> StreamEvent {
    var event = StreamEvent(.data, connection: 0)
    event.frame = Int32(place)
    event.range = ByteRange(offset: place, count: 1)
    return event
  }

  /// One connection that stays open doesn't keep all others in memory.
  @Test func plainOnesComeBackFromTheFileAsTheyWere() throws {
    var packets: [TestSupport.Packet] = []
    var first = Conversation()
    first.client(Dialogue.request("GET", "/first"))
    packets += first.packets()
    var second = Conversation(clientPort: 41_000)
    for number in 0..<40 {
      second.client(Dialogue.request("GET", "/\(number)", fields: ["X: \(number)"]))
      second.server(Dialogue.answer())
    }
    packets += second.packets()
    let file = try ScratchFile(packets: packets)
    var told: [[String]] = []
    var plain: [Int] = []
    for limit in [ExchangeSpool.memoryLimit, 6000] {
      var reconstructor = try Reconstructor(files: [file.path])
      reconstructor.queue = EmissionQueue(memoryLimit: limit)
      var sink = Collector()
      _ = reconstructor.run(into: &sink)
      told.append(sink.told)
      plain.append(sink.plain)
    }
    // From the file they come as any other does.
    #expect(plain[0] == 40 && 1..<40 ~= plain[1])
    #expect(told[0].count == 41)
    #expect(told[0] == told[1])
  }

  private struct Collector: ExchangeSink {
    var told: [String] = []
    var plain = 0

    mutating func began(_ source: CaptureSource) {}

    mutating func take(plain exchange: PlainExchange, in store: CaptureStore) -> Bool {
      plain += 1
      return false
    }

    mutating func take(_ exchange: Exchange, in store: CaptureStore) {
      let heads = [exchange.request, exchange.response].map { message in
        message.map { String(decoding: $0.head.bytes, as: UTF8.self) } ?? "-"
      }
      told.append(
        "\(exchange.id) \(exchange.connection) \(heads) \(exchange.duration ?? -1) \(exchange.outcome)"
          + " \(exchange.request?.headFrames.runs ?? []) \(exchange.response?.bytes ?? -1)")
    }
  }
}
