import Crypto
import Testing

@testable import Redaction
@testable import Reports
@testable import Verdicts
@testable import Wire

/// A hash that was made before is that of the same bytes, and of no others.
@Suite struct KnownDigestsTests {
  private func sha256(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { byte in
      let text = String(byte, radix: 16)
      return byte < 16 ? "0" + text : text
    }.joined()
  }

  @Test func contentsThatDifferInOneByte() throws {
    let store = try CaptureStore([])
    var digests = KnownDigests()
    for length in [0, 1, 15, 16, 17, 64, KnownDigests.longest, KnownDigests.longest + 1, 5000] {
      let content = [UInt8](repeating: 0x61, count: length)
      for place in [nil] + content.indices.map(Optional.some) where place ?? 0 < 100 {
        var other = content
        if let place { other[place] ^= 1 }
        let range = try #require(store.keep(other))
        let hash = sha256(other)
        let expected =
          "\"sha256\":\"\(hash)\",\"decoded_bytes\":\(length),\"decoded_sha256\":\"\(hash)\""
        for _ in 0..<2 {
          #expect(
            String(decoding: digests.members(of: range, in: store), as: UTF8.self) == expected)
        }
      }
    }
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
          String(decoding: known.json(judged), as: UTF8.self)
            == "{\"verdict\":\"ok\",\"header\":\"x-api-key-\(number)\"}")
      }
    }
  }
}
