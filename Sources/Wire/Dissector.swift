/// Where a frame ended up: each is in exactly one bucket of the ledger.
public enum FrameBucket: Int, CaseIterable, Sendable {
  case tcp, udp, icmp, arp, fragment, tunnelled, otherTransport, otherNetwork, malformed,
    unsupportedLink,
    filtered

  /// The name in the ledger.
  public var name: String {
    switch self {
    case .tcp: "tcp"
    case .udp: "udp"
    case .icmp: "icmp"
    case .arp: "arp"
    case .fragment: "ip_fragment"
    case .tunnelled: "tunnelled"
    case .otherTransport: "other_transport"
    case .otherNetwork: "other_network"
    case .malformed: "malformed"
    case .unsupportedLink: "unsupported_link"
    case .filtered: "filtered"
    }
  }
}

/// Frames in, TCP segments out: link layer, IP, fragments.
struct Dissector {
  private(set) var frames = [Int](repeating: 0, count: FrameBucket.allCases.count)
  private(set) var anomalies = AnomalyCounts()
  private(set) var badChecksums = 0
  private var fragments = FragmentTable()

  mutating func count(_ bucket: FrameBucket) { frames[bucket.rawValue] &+= 1 }

  mutating func finish() {
    fragments.finish()
    anomalies.count(.fragmentIncomplete, times: fragments.incomplete)
    anomalies.count(.badChecksum, times: badChecksums)
  }

  /// Reads the TCP segment of a frame.
  ///
  /// - Returns: `false` where there is none, or none yet.
  @inline(__always)
  mutating func read(
    _ frame: Frame, in store: CaptureStore, into segment: inout Segment
  ) -> Bool {
    // One look at the bytes for all layers: the packet's facts stay in registers.
    let (packet, tag, bucket, isWhole) = store.withBytes(frame.bytes) { bytes in
      let (packet, tag, bucket) = Self.packet(bytes, frame.linkType)
      let isSegment = packet.outcome == .whole && packet.transport == 6
      let isWhole = isSegment && Self.read(packet, bytes, frame, tag, into: &segment)
      return (packet, tag, bucket, isWhole)
    }
    if packet.hasBadChecksum { badChecksums &+= 1 }
    if packet.outcome == .whole, packet.transport == 6 {
      guard isWhole else {
        count(.malformed)
        // A header cut by the snapshot length hides whatever it carried.
        if packet.captured < packet.length { anomalies.count(.snaplenTruncated) }
        return false
      }
      if segment.missing > 0 { anomalies.count(.snaplenTruncated) }
      count(.tcp)
      return true
    }
    if packet.outcome == .fragment {
      return fragment(packet, frame, tag, in: store, into: &segment)
    }
    count(bucket)
    return false
  }

  @inline(__always)
  private static func packet(
    _ bytes: borrowing Span<UInt8>, _ linkType: LinkType
  ) -> (Packet, UInt32, FrameBucket) {
    guard linkType.isSupported else { return (Packet(), 0, .unsupportedLink) }
    let link = LinkHeader(bytes, linkType: linkType)
    let packet: Packet
    switch link.networkProtocol {
    case .ipv4: packet = Packet.ipv4(bytes, at: link.length)
    case .ipv6: packet = Packet.ipv6(bytes, at: link.length)
    case .arp: return (Packet(), 0, .arp)
    case .other: return (Packet(), 0, .otherNetwork)
    case .truncated: return (Packet(), 0, .malformed)
    }
    let bucket: FrameBucket
    switch (packet.outcome, packet.transport) {
    case (.malformed, _): bucket = .malformed
    case (_, 17): bucket = isTunnelPort(bytes, packet) ? .tunnelled : .udp
    case (_, 4), (_, 41), (_, 47): bucket = .tunnelled
    case (_, 1), (_, 58): bucket = .icmp
    default: bucket = .otherTransport
    }
    return (packet, link.tag, bucket)
  }

  /// VXLAN and Geneve carry whole frames in UDP.
  private static func isTunnelPort(_ bytes: borrowing Span<UInt8>, _ packet: Packet) -> Bool {
    guard packet.captured >= 4, packet.start &+ 4 <= bytes.count else { return false }
    let port = bytes.big16(packet.start &+ 2)
    return port == 4789 || port == 6081
  }

  @inline(__always)
  private static func read(
    _ packet: Packet, _ bytes: borrowing Span<UInt8>, _ frame: Frame, _ tag: UInt32,
    into segment: inout Segment
  ) -> Bool {
    segment.source = packet.source
    segment.destination = packet.destination
    guard
      segment.read(
        bytes, at: packet.start, length: packet.length, captured: packet.captured,
        origin: frame.bytes.offset)
    else { return false }
    segment.identification = UInt16(truncatingIfNeeded: packet.identification)
    segment.tag = place(frame, tag)
    segment.frame = frame.number
    segment.time = frame.time
    return true
  }

  /// Interface and direction, with what the link header adds.
  @inline(__always)
  private static func place(_ frame: Frame, _ tag: UInt32) -> UInt32 {
    tag &* 31 &+ frame.interface &* 4 &+ UInt32(frame.direction)
  }

  private mutating func fragment(
    _ packet: Packet, _ frame: Frame, _ tag: UInt32, in store: CaptureStore,
    into segment: inout Segment
  ) -> Bool {
    count(.fragment)
    let range = ByteRange(
      offset: frame.bytes.offset &+ packet.start, count: packet.captured)
    guard case .complete(let bytes, let overlap) = fragments.take(packet, range, in: store) else {
      return false
    }
    if overlap { anomalies.count(.fragmentOverlap) }
    guard packet.transport == 6, let kept = store.keep(bytes) else { return false }
    var whole = packet
    whole.start = 0
    whole.length = bytes.count
    whole.captured = bytes.count
    var source = frame
    source.bytes = kept
    return store.withBytes(kept) { Self.read(whole, $0, source, tag, into: &segment) }
  }
}
