internal import TestSupport
internal import Testing
internal import Wire

@testable internal import TLS

/// The handshakes that RFC 8448 shows byte by byte.
struct RFC8448Tests {
  /// What each side says there.
  private static let content = Array(UInt8(0)...49)

  private func witness(_ trace: RFC8448Trace, pieces: Int = .max) -> Witness {
    var witness = Witness(Array(trace.secrets.utf8))
    witness.watch(
      trace.chunks.map { Relay.Chunk(direction: $0.direction, bytes: $0.bytes) }, pieces: pieces)
    #expect(witness.session.serverName == "server")
    #expect(witness.session.version == .tls13)
    #expect(witness.session.cipherSuiteName == "TLS_AES_128_GCM_SHA256")
    #expect(witness.session.shut == nil)
    #expect(witness.shutBytes(.forward) + witness.shutBytes(.backward) == 0)
    #expect(witness.oddities(.forward) + witness.oddities(.backward) == [])
    return witness
  }

  @Test(arguments: [.max, 1]) func opensTheSimpleHandshake(_ pieces: Int) {
    let witness = witness(.oneRTT, pieces: pieces)
    #expect(witness.plaintext == [Self.content, Self.content])
    #expect(
      witness.joined(.forward) == [
        .overhead(201 + 58), .plaintext(count: 50, overhead: 22), .overhead(24), .closed(alert: 0),
      ])
    #expect(
      witness.joined(.backward) == [
        .overhead(95 + 679), .opened, .overhead(227), .plaintext(count: 50, overhead: 22),
        .overhead(24), .closed(alert: 0),
      ])
  }

  @Test(arguments: [.max, 1]) func opensEarlyData(_ pieces: Int) {
    let witness = witness(.zeroRTT, pieces: pieces)
    #expect(witness.plaintext == [Array("ABCDEF".utf8) + Self.content, Self.content])
    #expect(
      witness.joined(.forward) == [
        .overhead(517), .plaintext(count: 6, overhead: 22), .overhead(26 + 58),
        .plaintext(count: 50, overhead: 22), .overhead(24), .closed(alert: 0),
      ])
  }

  @Test(arguments: [.max, 1]) func followsTheRetryRequest(_ pieces: Int) {
    let witness = witness(.retry, pieces: pieces)
    #expect(witness.plaintext == [[], []])
    #expect(
      witness.joined(.forward) == [.overhead(185 + 517 + 58 + 24), .closed(alert: 0)])
    #expect(
      witness.joined(.backward) == [
        .overhead(181 + 128 + 667), .opened, .overhead(24), .closed(alert: 0),
      ])
  }

  @Test(arguments: [.max, 1]) func skipsTheClientsCertificate(_ pieces: Int) {
    let witness = witness(.clientAuthentication, pieces: pieces)
    #expect(witness.plaintext == [[], []])
    #expect(witness.joined(.forward) == [.overhead(197 + 645 + 24), .closed(alert: 0)])
    #expect(
      witness.joined(.backward) == [.overhead(95 + 539), .opened, .overhead(24), .closed(alert: 0)])
  }

  @Test(arguments: [.max, 1]) func passesOverWhatMiddleboxesWant(_ pieces: Int) {
    let witness = witness(.compatibilityMode, pieces: pieces)
    #expect(witness.plaintext == [[], []])
    #expect(witness.joined(.forward) == [.overhead(229 + 6 + 58 + 24), .closed(alert: 0)])
    #expect(
      witness.joined(.backward) == [
        .overhead(127 + 6 + 679), .opened, .overhead(24), .closed(alert: 0),
      ])
  }
}
