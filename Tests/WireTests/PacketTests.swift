import TestSupport
import Testing

@testable import Wire

@Suite struct PacketTests {
  private func base() -> TestPacket {
    var talk = Conversation()
    talk.client("GET /")
    return talk.packets()[3]
  }

  private func ipv4(_ bytes: [UInt8]) -> Wire.Packet { Wire.Packet.ipv4(bytes.span, at: 0) }

  @Test func plainIPv4() {
    let packet = ipv4(base().ipPacket)
    #expect(packet.outcome == .whole)
    #expect(packet.source.description == "10.0.0.1")
    #expect(packet.destination.description == "10.0.0.2")
    #expect(packet.transport == 6)
    #expect(packet.start == 20)
    #expect(packet.length == 25)
    #expect(packet.captured == 25)
    #expect(!packet.hasBadChecksum)
  }

  @Test func optionsArePartOfTheHeader() {
    var bytes = base().ipPacket
    bytes[0] = 0x47
    bytes[3] += 8
    bytes.insert(contentsOf: [UInt8](repeating: 1, count: 8), at: 20)
    let packet = ipv4(bytes)
    #expect(packet.start == 28)
    #expect(packet.length == 25)
    #expect(packet.hasBadChecksum)
  }

  @Test func paddingIsNoPayloadAndACutPacketKnowsItsLength() {
    #expect(ipv4(base().ipPacket + [0, 0, 0]).captured == 25)
    let cut = ipv4(Array(base().ipPacket.dropLast(2)))
    #expect(cut.length == 25)
    #expect(cut.captured == 23)
  }

  @Test func lengthZeroComesFromOffload() {
    var bytes = base().ipPacket
    (bytes[2], bytes[3]) = (0, 0)
    #expect(ipv4(bytes).length == 25)
  }

  @Test func malformedHeadersAreNamed() {
    let good = base().ipPacket
    var version = good
    version[0] = 0x55
    var short = good
    short[0] = 0x44
    var long = good
    long[0] = 0x4F
    var total = good
    (total[2], total[3]) = (0, 19)
    for bytes in [version, short, Array(long.prefix(40)), total, Array(good.prefix(19)), []] {
      #expect(ipv4(bytes).outcome == .malformed)
    }
  }

  // MARK: IPv6

  /// An IPv6 packet with extension headers in front of its payload.
  private func ipv6(next: UInt8, _ rest: [UInt8], length: Int? = nil) -> Wire.Packet {
    let count = length ?? rest.count
    let address = [0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 11)
    let bytes =
      [0x60, 0, 0, 0, UInt8(count >> 8), UInt8(count & 255), next, 64] + address + [1] + address
      + [2] + rest
    return Wire.Packet.ipv6(bytes.span, at: 0)
  }

  @Test func plainIPv6() {
    let packet = ipv6(next: 6, [UInt8](repeating: 0, count: 20))
    #expect(packet.outcome == .whole)
    #expect(packet.source.description == "2001:db8::1")
    #expect(packet.destination.description == "2001:db8::2")
    #expect(packet.transport == 6)
    #expect(packet.start == 40)
    #expect(packet.length == 20)
    #expect(ipv6(next: 6, [1, 2, 3], length: 0).length == 3)
    #expect(ipv6(next: 6, [1, 2, 3], length: 9).captured == 3)
  }

  @Test func extensionHeadersAreSteppedOver() {
    let hop: [UInt8] = [43, 0, 0, 0, 0, 0, 0, 0]
    let routing: [UInt8] = [51, 1] + [UInt8](repeating: 0, count: 14)
    let authentication: [UInt8] = [60, 1] + [UInt8](repeating: 0, count: 10)
    let destination: [UInt8] = [6, 0, 0, 0, 0, 0, 0, 0]
    let packet = ipv6(next: 0, hop + routing + authentication + destination + [1, 2])
    #expect(packet.outcome == .whole)
    #expect(packet.transport == 6)
    #expect(packet.start == 40 + 8 + 16 + 12 + 8)
    #expect(packet.length == 2)
    #expect(ipv6(next: 0, [6, 9, 0, 0, 0, 0, 0, 0]).outcome == .malformed)
    #expect(ipv6(next: 0, [6, 0]).outcome == .malformed)
    // The packet is long enough for it, only the capture isn't.
    let cut = ipv6(next: 0, [17, 9, 0, 0, 0, 0, 0, 0], length: 200)
    #expect(cut.start == 48)
    #expect(cut.captured == 0)
  }

  @Test func fragmentHeaders() {
    let first = ipv6(next: 44, [6, 0, 0, 1, 0, 0, 0, 7] + [1, 2, 3])
    #expect(first.outcome == .fragment)
    #expect(first.moreFragments)
    #expect(first.fragmentOffset == 0)
    #expect(first.identification == 7)
    let last = ipv6(next: 44, [6, 0, 0, 0x10, 0, 0, 0, 7] + [1])
    #expect(last.outcome == .fragment)
    #expect(last.fragmentOffset == 16)
    #expect(!last.moreFragments)
    // An atomic fragment is whole.
    #expect(ipv6(next: 44, [6, 0, 0, 0, 0, 0, 0, 7] + [1]).outcome == .whole)
  }
}

@Suite struct IPAddressTests {
  @Test(
    arguments: [
      ([0, 0, 0, 0, 0, 0, 0, 0], "::"), ([0, 0, 0, 0, 0, 0, 0, 1], "::1"),
      ([0x2001, 0xDB8, 0, 0, 1, 0, 0, 1], "2001:db8::1:0:0:1"),
      ([0x2001, 0xDB8, 0, 1, 1, 1, 1, 1], "2001:db8:0:1:1:1:1:1"),
      ([0x2001, 0, 0, 1, 0, 0, 0, 1], "2001:0:0:1::1"),
      ([1, 2, 3, 4, 5, 6, 0, 0], "1:2:3:4:5:6::"),
    ] as [([Int], String)])
  func textOfIPv6(groups: [Int], text: String) throws {
    let bytes = groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    let address = try #require(IPAddress(bytes: bytes[...]))
    #expect(address.description == text)
    #expect(Endpoint(address: address, port: 80).description == "[\(text)]:80")
  }

  @Test func textOfIPv4() throws {
    let address = try #require(IPAddress(bytes: [192, 168, 0, 255][...]))
    #expect(Endpoint(address: address, port: 4000).description == "192.168.0.255:4000")
    #expect(IPAddress(bytes: [1, 2, 3][...]) == nil)
  }
}
