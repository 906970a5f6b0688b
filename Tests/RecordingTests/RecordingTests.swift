import Redaction
import TestSupport
import Testing
import Wire

@testable import Recording

/// A recording as its two readers get it.
@Suite struct RecordingTests {
  private static let client = Endpoint(address: IPAddress(bytes: [10, 0, 0, 1])!, port: 50_000)
  private static let server = Endpoint(address: IPAddress(bytes: [10, 0, 0, 2])!, port: 4000)
  private static let key = "sk-test-Hq72mWz81LpRt5Xk"

  private final class Taken { var bytes: [UInt8] = [] }

  private struct Recorded {
    var plain: String
    var masked: String
    var file: [UInt8]
    var plainFile: [UInt8]
  }

  private func record(
    _ redactor: Redactor = Redactor(), _ body: (RecordedConnection) -> Void
  ) -> Recorded {
    let (plain, masked) = (Taken(), Taken())
    var time: Int64 = 1_700_000_000_000_000_000
    let recording = Recording(
      plain: { plain.bytes += $0 }, masked: { masked.bytes += $0 }, redactor: redactor,
      clock: {
        time += 1000
        return time
      })
    let connection = recording.open(client: Self.client, server: Self.server)
    body(connection)
    connection.ended(.client)
    connection.ended(.server)
    return Recorded(
      plain: String(decoding: plain.bytes, as: UTF8.self),
      masked: String(decoding: masked.bytes, as: UTF8.self), file: masked.bytes,
      plainFile: plain.bytes)
  }

  private static let request =
    "GET /model/info HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \(key)\r\n\r\n"

  @Test func theFileHasAStandInOfTheSameLength() throws {
    let recorded = record {
      $0.received(Self.request.utf8)
      $0.requestIsWhole(Self.request.utf8.count, head: Self.request.utf8.count)
      $0.sent("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".utf8)
    }
    #expect(recorded.plain.contains(Self.key) && !recorded.masked.contains(Self.key))
    let before = try #require(recorded.masked.firstRange(of: "Bearer "))
    let shown = recorded.masked[before.upperBound...].prefix { $0 != "\r\n" }
    #expect(shown.count == Self.key.count && shown.hasPrefix("sk-"))
    #expect(recorded.file.count == recorded.plainFile.count)
  }

  @Test func aKeyThatASegmentCutsIsMasked() {
    let cut = Self.request.utf8.index(Self.request.utf8.startIndex, offsetBy: 60)
    let recorded = record {
      $0.received(Self.request.utf8[..<cut])
      $0.received(Self.request.utf8[cut...])
      $0.requestIsWhole(Self.request.utf8.count, head: Self.request.utf8.count)
    }
    #expect(!recorded.masked.contains(Self.key.prefix(12)))
    #expect(!recorded.masked.contains(Self.key.suffix(8)))
  }

  private func answer(_ fields: String, _ content: [UInt8]) -> [UInt8] {
    Array("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\(fields)\r\n\r\n".utf8) + content
  }

  private func record(answer: [UInt8]) -> Recorded {
    record {
      $0.received(Self.request.utf8)
      $0.requestIsWhole(Self.request.utf8.count, head: Self.request.utf8.count)
      $0.answered(answer)
      let head = answer.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? 0
      $0.answerIsWhole(answer.count, head: head)
    }
  }

  @Test func aKeyInsideACodingIsNotWritten() throws {
    let content = Compression.compress(Array(#"{"key":"\#(Self.key)"}"#.utf8))
    let recorded = record(
      answer: answer("content-encoding: gzip\r\ncontent-length: \(content.count)", content))
    #expect(Array(recorded.plainFile).firstRange(of: content) != nil)
    #expect(recorded.file.firstRange(of: content.dropFirst(10).prefix(12)) == nil)
    #expect(recorded.file.count == recorded.plainFile.count)
    // Nor where no coding, or one of the transfer, says what it is.
    for fields in ["x: y", "transfer-encoding: gzip"] {
      let hidden = record(answer: answer("\(fields)\r\ncontent-length: \(content.count)", content))
      #expect(hidden.file.firstRange(of: content.dropFirst(10).prefix(12)) == nil, "\(fields)")
    }
    // Without a key in it, it stays.
    let clean = Compression.compress(Array(#"{"models":[]}"#.utf8))
    let kept = record(
      answer: answer("content-encoding: gzip\r\ncontent-length: \(clean.count)", clean))
    #expect(kept.file.firstRange(of: clean) != nil)
  }

  @Test func aKeyThatAChunkCutsIsMasked() {
    let (one, two) = (Self.key.prefix(10), Self.key.dropFirst(10))
    let first = "{\"key\":\"\(one)"
    let second = "\(two)\"}"
    let content =
      "\(String(first.utf8.count, radix: 16))\r\n\(first)\r\n"
      + "\(String(second.utf8.count, radix: 16))\r\n\(second)\r\n"
      + "0\r\nX-Api-Key: \(Self.key)\r\n\r\n"
    let recorded = record(answer: answer("transfer-encoding: chunked", Array(content.utf8)))
    #expect(recorded.plain.contains(first))
    #expect(!recorded.masked.contains(two) && !recorded.masked.contains(Self.key))
    #expect(recorded.file.count == recorded.plainFile.count)
  }

  @Test func whatIsInAWebSocketIsNotWritten() {
    let key = Array(Self.key.utf8)
    let mask: [UInt8] = [1, 2, 3, 4]
    let frame = [0xC1, 0x80 | UInt8(key.count)] + mask + key.indices.map { key[$0] ^ mask[$0 % 4] }
    let recorded = record {
      $0.received(Self.request.utf8)
      $0.requestIsWhole(Self.request.utf8.count, head: Self.request.utf8.count)
      $0.becomesTunnel()
      $0.received(frame[..<9])
      $0.received(frame[9...])
      $0.answered([0x81, UInt8(key.count)] + key)
    }
    #expect(recorded.plain.contains(Self.key) && !recorded.masked.contains(Self.key))
    let hidden = [0x81, 0x80 | UInt8(key.count)] + mask + [0x2E ^ 1, 0x2E ^ 2, 0x2E ^ 3]
    #expect(recorded.file.firstRange(of: hidden) != nil)
    #expect(recorded.file.count == recorded.plainFile.count)
  }

  @Test func aRequestThatNeverBecameOneIsMasked() {
    let recorded = record { $0.received("x-api-key: \(Self.key)".utf8) }
    #expect(recorded.plain.contains(Self.key) && !recorded.masked.contains(Self.key))
  }

  /// What a side sent, out of the packets of a file.
  private func sent(_ file: [UInt8], fromPort port: UInt16) -> String {
    var bytes: [UInt8] = []
    var offset = 0
    func word(_ at: Int) -> Int { (0..<4).reduce(0) { $0 | Int(file[at + $1]) << ($1 * 8) } }
    while offset < file.count {
      if word(offset) == 6 {
        let packet = file[(offset + 28)..<(offset + 28 + word(offset + 20))]
        let source = packet.dropFirst(20).prefix(2).reduce(0) { $0 << 8 | UInt16($1) }
        if source == port { bytes += packet.dropFirst(40) }
      }
      offset += word(offset + 4)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func aKeyInAnAnswerThatComesByteByByteIsMasked() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 34\r\n\r\n{\"key\":\"\(Self.key)\"}"
    let recorded = record {
      $0.willSend(Array(answer.utf8))
      for byte in answer.utf8 { $0.sent([byte]) }
    }
    #expect(sent(recorded.plainFile, fromPort: 4000) == answer)
    let shown = sent(recorded.file, fromPort: 4000)
    #expect(shown.utf8.count == answer.utf8.count && shown.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(!shown.contains(Self.key) && !shown.contains(Self.key.suffix(8)))
  }

  @Test func aKeyOnAFoldedLineIsMasked() {
    // No shape tells that this is a key: only its field does.
    let request = "GET / HTTP/1.1\r\nx-api-key:\r\n correct-horse-battery\r\nhost: a\r\n\r\n"
    let recorded = record {
      $0.received(request.utf8)
      $0.requestIsWhole(request.utf8.count, head: request.utf8.count)
    }
    let shown = sent(recorded.file, fromPort: 50_000)
    #expect(shown.hasSuffix("\r\nhost: a\r\n\r\n") && shown.utf8.count == request.utf8.count)
    #expect(!shown.contains("horse"))
  }

  @Test func whoShowsKeysElsewhereHasNotAskedForThemInAFile() {
    let recorded = record(Redactor(showingSecrets: true)) {
      $0.received(Self.request.utf8)
      $0.requestIsWhole(Self.request.utf8.count, head: Self.request.utf8.count)
    }
    #expect(!sent(recorded.file, fromPort: 50_000).contains(Self.key))
  }

  @Test func equalKeysStayEqualAndOthersStayOthers() throws {
    func shown(_ keys: [String]) -> [Substring] {
      let recorded = record { connection in
        for key in keys {
          let request = "GET / HTTP/1.1\r\nauthorization: Bearer \(key)\r\n\r\n"
          connection.received(request.utf8)
          connection.requestIsWhole(request.utf8.count, head: request.utf8.count)
        }
      }
      return recorded.masked.split(separator: "Bearer ").dropFirst().map {
        $0.prefix { $0 != "\r\n" }
      }
    }
    let three = shown([Self.key, "sk-test-Zb19cVn73QsTy4Mj", Self.key])
    #expect(three.count == 3 && three[0] == three[2] && three[0] != three[1])
  }
}
