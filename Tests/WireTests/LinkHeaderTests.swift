import Testing

@testable import Wire

@Suite struct LinkHeaderTests {
  typealias Network = LinkHeader.NetworkProtocol

  func header(_ bytes: [UInt8], _ type: LinkType) -> LinkHeader {
    LinkHeader(bytes.span, linkType: type)
  }

  /// Ethernet addresses, then what follows.
  func ethernet(_ rest: UInt8...) -> [UInt8] { [UInt8](repeating: 2, count: 12) + rest }

  @Test(
    arguments: [
      ([8, 0], Network.ipv4, 14), ([0x86, 0xDD], .ipv6, 14), ([8, 6], .arp, 14),
      ([0x88, 0xCC], .other, 14), ([0x81, 0, 0, 5, 8, 0], .ipv4, 18),
      ([0x88, 0xA8, 0, 5, 0x81, 0, 0, 6, 0x86, 0xDD], .ipv6, 22),
      ([0x91, 0, 0, 5, 8, 0], .ipv4, 18), ([0x81, 0, 0, 5], .other, 18),
    ] as [([UInt8], Network, Int)])
  func ethernetAndItsTags(rest: [UInt8], network: Network, length: Int) {
    let complete = header([UInt8](repeating: 2, count: 12) + rest + [0, 0], .ethernet)
    #expect(complete.networkProtocol == network)
    #expect(complete.length == length)
  }

  @Test func tagsTellPlacesApart() {
    let none = header(ethernet(8, 0), .ethernet).tag
    let five = header(ethernet(0x81, 0, 0, 5, 8, 0), .ethernet).tag
    let six = header(ethernet(0x81, 0, 0, 6, 8, 0), .ethernet).tag
    let urgentFive = header(ethernet(0x81, 0, 0xE0, 5, 8, 0), .ethernet).tag
    let nested = header(ethernet(0x88, 0xA8, 0, 5, 0x81, 0, 0, 5, 8, 0), .ethernet).tag
    #expect(Set([none, five, six, nested]).count == 4)
    #expect(urgentFive == five)
  }

  @Test func linuxCooked() {
    func cooked(_ kind: UInt8) -> [UInt8] {
      [0, kind] + [UInt8](repeating: 0, count: 12) + [8, 0]
    }
    let inbound = header(cooked(0), .linuxSLL)
    #expect(inbound.networkProtocol == .ipv4)
    #expect(inbound.length == 16)
    #expect(inbound.tag != header(cooked(4), .linuxSLL).tag)
  }

  @Test func linuxCooked2() {
    func cooked(_ interface: UInt8, _ kind: UInt8) -> [UInt8] {
      [0x86, 0xDD, 0, 0, 0, 0, 0, interface, 0, 1, kind] + [UInt8](repeating: 0, count: 9)
    }
    let seen = header(cooked(3, 0), .linuxSLL2)
    #expect(seen.networkProtocol == .ipv6)
    #expect(seen.length == 20)
    #expect(seen.tag != header(cooked(4, 0), .linuxSLL2).tag)
    #expect(seen.tag != header(cooked(3, 4), .linuxSLL2).tag)
  }

  @Test(arguments: [LinkType.null, .loop])
  func loopbackInEitherByteOrder(type: LinkType) {
    for (family, network) in [
      (2, Network.ipv4), (24, .ipv6), (28, .ipv6), (30, .ipv6), (7, .other),
    ] {
      let number = UInt8(family)
      #expect(header([number, 0, 0, 0, 0x45], type).networkProtocol == network)
      #expect(header([0, 0, 0, number, 0x45], type).networkProtocol == network)
      #expect(header([0, 0, 0, number, 0x45], type).length == 4)
    }
  }

  @Test(arguments: [LinkType.raw, .rawBSD, .rawOpenBSD, .ipv4, .ipv6])
  func rawIsToldByTheVersion(type: LinkType) {
    #expect(header([0x45], type).networkProtocol == .ipv4)
    #expect(header([0x60], type).networkProtocol == .ipv6)
    #expect(header([0x10], type).networkProtocol == .other)
    #expect(header([0x45], type).length == 0)
  }

  @Test func whatIsTooShortIsTruncated() {
    for (type, count) in [
      (LinkType.ethernet, 13), (.linuxSLL, 15), (.linuxSLL2, 19), (.null, 3), (.raw, 0),
    ] {
      let bytes = [UInt8](repeating: 0, count: count)
      #expect(header(bytes, type).networkProtocol == .truncated)
    }
    #expect(header(ethernet(0x81, 0, 0, 5), .ethernet).networkProtocol == .truncated)
  }
}
