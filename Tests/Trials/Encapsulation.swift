/// What an IP packet is wrapped into.
public enum Encapsulation: String, Sendable, CaseIterable {
  case ethernet, vlan, doubleVLAN, linuxCooked, linuxCooked2, null, raw
  case vxlan, gre, greWithKeyAndSequence, greBridging, geneve, ipInIP, mpls, mplsPseudowire, pppoe
  case vxlanInGRE

  public var linkType: UInt32 {
    switch self {
    case .linuxCooked: 113
    case .linuxCooked2: 276
    case .null: 0
    case .raw: 101
    default: 1
    }
  }

  private var order: ByteOrder { .big }

  public func frame(_ packet: TCPPacket) -> [UInt8] {
    let ip = packet.ipPacket
    let isIPv6 = packet.source.count == 16
    let etherType: UInt16 = isIPv6 ? 0x86DD : 0x0800
    switch self {
    case .ethernet: return ethernet(etherType) + ip
    case .vlan: return ethernet(0x8100) + order.bytes16(7) + order.bytes16(etherType) + ip
    case .doubleVLAN:
      return ethernet(0x88A8) + order.bytes16(7) + order.bytes16(0x8100) + order.bytes16(9)
        + order.bytes16(etherType) + ip
    case .linuxCooked:
      return order.bytes16(0) + order.bytes16(1) + order.bytes16(6) + address + [0, 0]
        + order.bytes16(etherType) + ip
    case .linuxCooked2:
      return order.bytes16(etherType) + [0, 0] + order.bytes32(3) + order.bytes16(1) + [0, 6]
        + address + [0, 0] + ip
    case .null: return ByteOrder.little.bytes32(isIPv6 ? 10 : 2) + ip
    case .raw: return ip
    case .vxlan: return outer(packet, 17, datagram(4789, vxlan + ethernet(etherType) + ip))
    case .gre: return outer(packet, 47, order.bytes16(0) + order.bytes16(etherType) + ip)
    case .greWithKeyAndSequence:
      return outer(
        packet, 47,
        order.bytes16(0x3000) + order.bytes16(etherType) + order.bytes32(77)
          + order.bytes32(packet.sequence) + ip)
    case .greBridging:
      return outer(
        packet, 47, order.bytes16(0) + order.bytes16(0x6558) + ethernet(etherType) + ip)
    case .geneve:
      // One option of eight bytes.
      return outer(
        packet, 17,
        datagram(
          6081,
          [2, 0] + order.bytes16(0x6558) + order.bytes32(5 << 8)
            + [1, 2, 3, 1, 0, 0, 0, 0] + ethernet(etherType) + ip))
    case .ipInIP: return outer(packet, isIPv6 ? 41 : 4, ip)
    case .mpls:
      return ethernet(0x8847) + order.bytes32(16 << 12 | 64) + order.bytes32(17 << 12 | 0x140) + ip
    case .mplsPseudowire:
      return ethernet(0x8847) + order.bytes32(16 << 12 | 0x140) + order.bytes32(0)
        + ethernet(etherType) + ip
    case .pppoe:
      return ethernet(0x8864) + [0x11, 0] + order.bytes16(9)
        + order.bytes16(UInt16(ip.count + 2)) + order.bytes16(isIPv6 ? 0x57 : 0x21) + ip
    case .vxlanInGRE:
      let inner = outerIP(packet, 17, datagram(4789, vxlan + ethernet(etherType) + ip))
      return outer(packet, 47, order.bytes16(0) + order.bytes16(0x0800) + inner)
    }
  }

  private var address: [UInt8] { [2, 0, 0, 0, 0, 1] }

  private func ethernet(_ type: UInt16) -> [UInt8] {
    [2, 0, 0, 0, 0, 2] + address + order.bytes16(type)
  }

  private var vxlan: [UInt8] { [8, 0, 0, 0] + order.bytes32(42 << 8) }

  private func datagram(_ port: UInt16, _ content: [UInt8]) -> [UInt8] {
    order.bytes16(50_000) + order.bytes16(port) + order.bytes16(UInt16(8 + content.count)) + [0, 0]
      + content
  }

  private func outerIP(_ packet: TCPPacket, _ transport: UInt8, _ content: [UInt8]) -> [UInt8] {
    packet.ipHeader(transport: transport, [192, 0, 2, 1], [192, 0, 2, 2], content) + content
  }

  private func outer(_ packet: TCPPacket, _ transport: UInt8, _ content: [UInt8]) -> [UInt8] {
    ethernet(0x0800) + outerIP(packet, transport, content)
  }
}
