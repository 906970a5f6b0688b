import TestSupport
import Testing

@testable import Exchanges
@testable import HTTP
@testable import Wire

typealias TestPacket = TestSupport.Packet

/// What became of a capture, in a form that tests can read.
struct Reconstruction {
  private struct Collector: ExchangeSink {
    var exchanges: [Exchange] = []
    var contents: [(request: String, response: String)] = []
    var began = 0

    mutating func began(_ source: CaptureSource) { began += 1 }

    mutating func take(_ exchange: Exchange, in store: CaptureStore) {
      func text(_ message: Message?) -> String {
        let bytes = (message?.pieces ?? []).flatMap { store.bytes($0.range) }
        return String(decoding: bytes, as: UTF8.self)
      }
      exchanges.append(exchange)
      contents.append((text(exchange.request), text(exchange.response)))
    }
  }

  let exchanges: [Exchange]
  let contents: [(request: String, response: String)]
  let ledger: CaptureLedger

  init(_ packets: [TestPacket]) throws {
    try self.init(file: CaptureBytes.pcap(packets))
  }

  init(_ talk: Conversation) throws { try self.init(talk.packets()) }

  init(file bytes: [UInt8]) throws {
    let file = try TemporaryFile(bytes)
    var reconstructor = try Reconstructor(files: [file.path])
    var collector = Collector()
    ledger = reconstructor.run(into: &collector)
    exchanges = collector.exchanges
    contents = collector.contents
    #expect(collector.began == 1)
    #expect(ledger.unexplainedBytes == 0)
    #expect(exchanges.map(\.id) == exchanges.indices.map { $0 + 1 })
  }

  /// Each exchange as `target → status outcome`.
  var lines: [String] {
    exchanges.map { exchange in
      let target = exchange.request?.head.target.map { String(decoding: $0, as: UTF8.self) }
      let status = exchange.response?.head.status.map { String($0) }
      return "\(target ?? "?") → \(status ?? "?") \(exchange.outcome.rawValue)"
    }
  }
}

/// A request without content.
func get(_ target: String, _ fields: String...) -> String {
  "GET \(target) HTTP/1.1\r\nHost: a\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
}

func post(_ target: String, _ content: String, length: Int? = nil) -> String {
  "POST \(target) HTTP/1.1\r\nHost: a\r\nContent-Length: \(length ?? content.utf8.count)\r\n\r\n"
    + content
}

func answer(_ status: Int, _ content: String = "", length: Int? = nil) -> String {
  "HTTP/1.1 \(status) X\r\nContent-Length: \(length ?? content.utf8.count)\r\n\r\n" + content
}
