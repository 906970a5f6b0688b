import TestSupport
import Testing
import Wire

@testable import Recording

/// What a recorded connection looks like to whoever reads its packets.
@Suite struct TCPConversationTests {
  private static let client = Endpoint(address: IPAddress(bytes: [127, 0, 0, 1])!, port: 50_000)
  private static let server = Endpoint(address: IPAddress(bytes: [127, 0, 0, 2])!, port: 4000)

  private func flags(_ packet: [UInt8]) -> UInt8 { packet[33] }
  private func number(_ packet: [UInt8], at place: Int) -> UInt32 {
    packet[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  private func sum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: bytes.count, by: 2) {
      sum += UInt32(bytes[index]) << 8 | (index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0)
      sum = (sum & 0xFFFF) + (sum >> 16)
    }
    return sum
  }

  @Test func itOpensWithAHandshakeAndNumbersEveryByte() {
    var conversation = TCPConversation(client: Self.client, server: Self.server, number: 1)
    let packets =
      conversation.open() + conversation.send(Array("GET".utf8)[...], from: .client)
      + conversation.send(Array("HTTP".utf8)[...], from: .server)
    #expect(packets.map(flags) == [0x02, 0x12, 0x10, 0x18, 0x10, 0x18, 0x10])
    let (syn, request, answer) = (packets[0], packets[3], packets[5])
    #expect(number(request, at: 24) == number(syn, at: 24) &+ 1)
    #expect(number(answer, at: 28) == number(request, at: 24) &+ 3)
    #expect(Array(request.suffix(3)) == Array("GET".utf8))
  }

  @Test func checksumsAreRight() {
    var conversation = TCPConversation(client: Self.client, server: Self.server, number: 7)
    for packet in conversation.send(Array("odd".utf8)[...], from: .client) {
      #expect(sum(Array(packet.prefix(20))) == 0xFFFF)
      let pseudo = Array(packet[12..<20]) + [0, 6, 0, UInt8(packet.count - 20)]
      #expect(sum(pseudo + packet[20...]) == 0xFFFF)
    }
  }

  @Test func whatIsLongerThanAPacketTakesSeveral() {
    var conversation = TCPConversation(client: Self.client, server: Self.server, number: 1)
    _ = conversation.open()
    let content = (0..<200_000).map { UInt8($0 % 251) }
    let packets = conversation.send(content[...], from: .server).filter { $0.count > 40 }
    #expect(packets.count == 4 && packets.allSatisfy { $0.count <= 65_535 })
    #expect(packets.flatMap { $0[40...] } == content)
  }

  @Test func bothSidesEndOnce() {
    var conversation = TCPConversation(client: Self.client, server: Self.server, number: 1)
    _ = conversation.open()
    let ends =
      conversation.end(from: .client) + conversation.end(from: .client)
      + conversation.end(from: .server)
    #expect(ends.map(flags) == [0x11, 0x10, 0x11, 0x10])
    #expect(conversation.send([1], from: .server).isEmpty)
    #expect(conversation.reset(from: .client).isEmpty)
  }

  @Test func portsThatAreUsedAgainHaveOtherNumbers() {
    let first = TCPConversation(client: Self.client, server: Self.server, number: 1)
    let second = TCPConversation(client: Self.client, server: Self.server, number: 2)
    var (one, two) = (first, second)
    #expect(number(one.open()[0], at: 24) != number(two.open()[0], at: 24))
  }
}
