import Testing

@testable import Exchanges

/// A TLS ClientHello with a session id, two suites, and the server's name behind another
/// extension.
func clientHello(for name: String) -> [UInt8] {
  func vector(_ width: Int, _ content: [UInt8]) -> [UInt8] {
    (width == 2 ? [UInt8(content.count >> 8)] : []) + [UInt8(content.count & 255)] + content
  }
  let entry = vector(2, [0] + vector(2, Array(name.utf8)))
  let extensions = [0, 23] + vector(2, []) + [0, 0] + vector(2, entry)
  let body: [UInt8] =
    [3, 3] + [UInt8](repeating: 9, count: 32) + vector(1, [1, 2, 3])
    + vector(2, [0x13, 1, 0x13, 2])
    + vector(1, [0]) + vector(2, extensions)
  let handshake: [UInt8] = [1, 0] + vector(2, body)
  return [22, 3, 1] + vector(2, handshake)
}

@Suite struct ClientHelloTests {
  @Test func theServerNameIsRead() {
    let hello = clientHello(for: "proxy.example")
    #expect(ClientHello.serverName(in: hello.span) == "proxy.example")
  }

  @Test func aHelloWithoutANameHasNone() {
    var hello = clientHello(for: "proxy.example")
    let type = hello.count - 22
    hello[type + 1] = 99
    #expect(ClientHello.serverName(in: hello.span) == nil)
  }

  @Test func aHelloCutAtAnyByteGivesNoNameAndNoTrap() {
    let hello = clientHello(for: "proxy.example")
    for count in 0..<hello.count {
      let cut = Array(hello.prefix(count))
      #expect(ClientHello.serverName(in: cut.span) == nil, "\(count) bytes")
    }
  }

  @Test func lengthsThatLieGiveNoTrap() {
    let hello = clientHello(for: "proxy.example")
    for index in hello.indices {
      var lying = hello
      lying[index] = 0xFF
      _ = ClientHello.serverName(in: lying.span)
    }
  }
}
