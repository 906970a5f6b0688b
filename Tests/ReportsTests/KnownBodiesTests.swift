import Crypto
import Testing

@testable import Exchanges
@testable import HTTP
@testable import Redaction
@testable import Reports
@testable import Verdicts
@testable import Wire

/// What was shown of a content before is that of the same bytes, and of no others; and only of one that
/// is whole.
@Suite struct KnownBodiesTests {
  private func sha256(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { byte in
      let text = String(byte, radix: 16)
      return byte < 16 ? "0" + text : text
    }.joined()
  }

  @Test func contentsThatDifferInOneByte() throws {
    let store = try CaptureStore([])
    var bodies = KnownBodies()
    for length in [0, 1, 15, 16, 17, 64, KnownBodies.longest, KnownBodies.longest + 1, 5000] {
      let content = [UInt8](repeating: 0x61, count: length)
      for place in [nil] + content.indices.map(Optional.some) where place ?? 0 < 100 {
        var other = content
        if let place { other[place] ^= 1 }
        let range = try #require(store.keep(other))
        let hash = sha256(other)
        for state in [Message.BodyState.complete, .cut, .complete, .complete, .gap] {
          var message = message(other.count)
          message.bodyState = state
          let expected =
            #""body":{"state":"\#(state.rawValue)","bytes":\#(length),"missing":0,"sha256":"\#(hash)","#
            + #""decoded_bytes":\#(length),"decoded_sha256":"\#(hash)"}"#
          message.pieces = [piece(range)]
          var json = JSONWriter()
          #expect(bodies.write(message, in: store, &json).isEmpty)
          #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
        }
      }
    }
  }

  private func piece(_ range: ByteRange) -> Message.Piece {
    Message.Piece(offset: range.offset, time: .unknown, count: Int32(range.count), frame: 1)
  }

  private func message(_ bytes: Int) -> Message {
    let head = MessageHead(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)[...], isComplete: true)
    var message = Message(
      head: FramedHead(head), headState: .complete, time: .unknown, end: .unknown, start: 0,
      headEnd: 0)
    message.bytes = bytes
    return message
  }
}

/// Endpoints of one port, of another address or another family, are told apart, whatever the numbers of
/// their connections.
@Suite struct KnownEndpointsTests {
  @Test func thoseOfOnePort() throws {
    var known = KnownEndpoints()
    let addresses = [[10, 0, 0, 1], [10, 0, 0, 2], [UInt8](repeating: 0, count: 15) + [1]]
    let endpoints = try addresses.map { bytes in
      Endpoint(address: try #require(IPAddress(bytes: bytes[...])), port: 4000)
    }
    for _ in 0..<3 {
      for (client, server) in zip(endpoints, endpoints.reversed()) {
        for connection in [1, 257] {
          let members = known.members(client, server, connection: connection)
          #expect(
            String(decoding: members, as: UTF8.self)
              == "\"client\":\"\(client)\",\"server\":\"\(server)\"")
        }
      }
    }
  }
}

/// What is shown of a judgement is that of the judgement, though the next one lies where it lay.
@Suite struct KnownCredentialsTests {
  @Test func eachIsItsOwn() {
    var known = KnownCredentials()
    var redactor = Redactor()
    for number in 0..<500 {
      var credential = Credential(.ok)
      credential.header = "x-api-key-\(number)"
      let judged = JudgedCredential(credential, &redactor)
      for _ in 0..<2 {
        #expect(
          String(decoding: known.member(judged), as: UTF8.self)
            == "\"credential\":{\"verdict\":\"ok\",\"header\":\"x-api-key-\(number)\"}")
      }
    }
  }
}
