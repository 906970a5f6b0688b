internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import TLS
@testable internal import Wire

/// Real clients behind a real TLS server, with key logs. The captures lie outside of the repository:
/// where KEYWITNESS_CORPORA names no folder, these tests are skipped.
@Suite(
  .enabled(
    if: Executable.corpora != nil, "KEYWITNESS_CORPORA isn't set: the real captures are absent"))
struct RealCapturesTests {
  struct Truth: Decodable {
    struct Exchange: Decodable {
      var rawRequestHead: String?
      var clientPort: Int
    }

    var exchanges: [Exchange]
  }

  static let names: [String] = [
    "tls12-bytebot-fixed", "tls12-cbc-curl", "tls12-h1-curl", "tls12-h2-curl",
    "tls13-bytebot-broken", "tls13-bytebot-fixed", "tls13-bytebot-fixed-dsb",
    "tls13-chacha-h2-curl", "tls13-h1-curl", "tls13-h2-curl",
  ]

  @Test(arguments: names) func opens(_ name: String) throws {
    let folder = (Executable.corpora ?? "") + "/captures/"
    let isDSB = name.hasSuffix("-dsb")
    let path = folder + name + (isDSB ? ".pcapng" : ".pcap")
    let keyLog = isDSB ? try Self.secrets(in: path) : try Folder.bytes(folder + name + ".keylog")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let truth = try decoder.decode(
      Truth.self, from: Data(try Folder.bytes(folder + name + ".json")))
    let witnesses = try Self.watch(path, keyLog)
    #expect(witnesses.count == Set(truth.exchanges.map(\.clientPort)).count)
    for (_, witness) in witnesses {
      #expect(witness.session.shut == nil)
      #expect(witness.shutBytes(.forward) + witness.shutBytes(.backward) == 0)
      #expect(witness.oddities(.forward) + witness.oddities(.backward) == [])
      #expect(!witness.plaintext[0].isEmpty && !witness.plaintext[1].isEmpty)
      let isHTTP2 = witness.session.applicationProtocol == "h2"
      #expect(isHTTP2 == name.contains("-h2-"))
      #expect(witness.text(.forward).hasPrefix("PRI * HTTP/2.0") == isHTTP2)
      #expect(witness.text(.backward).hasPrefix("HTTP/1.1") == !isHTTP2)
    }
    for exchange in truth.exchanges {
      let witness = try #require(witnesses[UInt16(exchange.clientPort)])
      guard let head = exchange.rawRequestHead else { continue }
      #expect(witness.text(.forward).contains(head))
    }
  }

  private static func secrets(in path: String) throws -> [UInt8] {
    var reader = try CaptureReader(files: [path])
    var frame = Frame()
    while try reader.next(&frame) {}
    return reader.secrets.flatMap { reader.store.bytes($0.content) }
  }

  /// By the client's port.
  private static func watch(_ path: String, _ keyLog: [UInt8]) throws -> [UInt16: Witness] {
    var wire = try WireReader(files: [path])
    var witnesses: [UInt16: Witness] = [:]
    while wire.step() {
      for event in wire.events where event.kind == .data {
        let connection = wire.connection(event.connection)
        let port = connection.initiator.port
        var witness =
          witnesses[port] ?? Witness(keyLog, beganBeforeCapture: connection.beganBeforeCapture)
        witness.give(wire.store.bytes(event.range), event.direction, mayWait: true)
        witnesses[port] = witness
      }
    }
    return witnesses.mapValues {
      var witness = $0
      witness.finish()
      return witness
    }
  }
}
