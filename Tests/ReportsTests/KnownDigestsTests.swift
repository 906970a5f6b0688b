import Crypto
import Testing

@testable import Reports
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
        for _ in 0..<2 { #expect(digests.sha256(of: range, in: store) == sha256(other)) }
      }
    }
  }
}

/// Endpoints of one port, of another address or another family, are told apart.
@Suite struct KnownEndpointsTests {
  @Test func thoseOfOnePort() throws {
    var known = KnownEndpoints()
    let addresses = [[10, 0, 0, 1], [10, 0, 0, 2], [UInt8](repeating: 0, count: 15) + [1]]
    let endpoints = try addresses.map { bytes in
      Endpoint(address: try #require(IPAddress(bytes: bytes[...])), port: 4000)
    }
    for _ in 0..<3 {
      for endpoint in endpoints { #expect(known.text(endpoint) == endpoint.description) }
    }
  }
}
