/// Where a frame ended up: each is in exactly one bucket of the ledger.
public enum FrameBucket: Int, CaseIterable, Sendable {
  case tcp, udp, icmp, arp, fragment
  /// Tunnels whose inside can't be read; of those that are opened, the inner packet counts.
  case tunnelled
  case otherTransport, otherNetwork, malformed, unsupportedLink, filtered

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

/// Frames in, TCP segments out: link layer, IP, fragments, tunnels.
struct Dissector {
  private var counts = InlineArray<11, Int>(repeating: 0)
  private(set) var anomalies = AnomalyCounts()
  private(set) var badChecksums = 0
  private var fragments = FragmentTable()

  var evictedFragments: Int { fragments.evicted }

  /// By bucket.
  var frames: [Int] { FrameBucket.allCases.map { counts[$0.rawValue] } }

  mutating func count(_ bucket: FrameBucket, times: Int = 1) {
    counts[bucket.rawValue] &+= times
  }

  mutating func finish() {
    fragments.finish()
    anomalies.count(.fragmentIncomplete, times: fragments.incomplete)
    anomalies.count(.badChecksum, times: badChecksums)
  }

  /// Reads the TCP segment of a frame.
  ///
  /// - Returns: `false` where there is none, or none yet.
  mutating func read(
    _ frame: Frame, in store: CaptureStore, into segment: inout Segment
  ) -> Bool {
    if store.withBytes(frame.bytes, { segment.readPlain($0, of: frame) }) {
      count(.tcp)
      return true
    }
    return readAny(frame, in: store, into: &segment)
  }

  /// The long way, layer by layer.
  @inline(never)
  mutating func readAny(
    _ frame: Frame, in store: CaptureStore, into segment: inout Segment
  ) -> Bool {
    // One look at the bytes for all layers: the packet's facts stay in registers, and are found
    // again where they have to go on.
    let (isWhole, hasBadChecksum) = store.withBytes(frame.bytes) { bytes in
      let found = Self.outermost(bytes, frame.linkType)
      let isSegment = found.packet.outcome == .whole && found.packet.transport == 6
      let isWhole =
        isSegment && Self.read(found.packet, bytes, frame, found.tag, into: &segment)
      return (isWhole, found.packet.hasBadChecksum)
    }
    if hasBadChecksum { badChecksums &+= 1 }
    guard isWhole else { return follow(frame, in: store, into: &segment) }
    if segment.missing > 0 { anomalies.count(.snaplenTruncated) }
    count(.tcp)
    return true
  }

  /// A packet, and where it was seen; or the bucket of a frame without one.
  private struct Found {
    var packet = Packet()
    var tag: UInt32 = 0
    var bucket: FrameBucket?
  }

  @inline(__always)
  private static func outermost(
    _ bytes: borrowing Span<UInt8>, _ linkType: LinkType
  ) -> Found {
    guard linkType == .ethernet || linkType.isSupported else {
      return Found(bucket: .unsupportedLink)
    }
    return found(LinkHeader(bytes, linkType: linkType), bytes)
  }

  @inline(__always)
  private static func found(_ link: LinkHeader, _ bytes: borrowing Span<UInt8>) -> Found {
    switch link.networkProtocol {
    case .ipv4: Found(packet: Packet.ipv4(bytes, at: link.length), tag: link.tag)
    case .ipv6: Found(packet: Packet.ipv6(bytes, at: link.length), tag: link.tag)
    case .arp: Found(bucket: .arp)
    case .other: Found(bucket: .otherNetwork)
    case .truncated: Found(bucket: .malformed)
    case .closed: Found(bucket: .tunnelled)
    }
  }

  /// What isn't a whole segment at first sight: fragments are put together, tunnels opened, and
  /// the rest goes to its bucket.
  @inline(never)
  private mutating func follow(
    _ frame: Frame, in store: CaptureStore, into segment: inout Segment
  ) -> Bool {
    var found = store.withBytes(frame.bytes) { Self.outermost($0, frame.linkType) }
    var frame = frame
    var depth = 0
    var wasFragment = false
    while true {
      if let bucket = found.bucket {
        count(bucket)
        return false
      }
      switch found.packet.outcome {
      case .malformed:
        count(.malformed)
        return false
      case .fragment:
        guard let whole = reassemble(found.packet, &frame, in: store) else {
          count(.fragment)
          return false
        }
        found.packet = whole
        wasFragment = true
      case .whole where found.packet.transport == 6:
        return finish(found, frame, wasFragment: wasFragment, in: store, into: &segment)
      case .whole:
        guard let inner = open(found, frame, depth, in: store) else { return false }
        found = inner
        depth &+= 1
        if found.packet.hasBadChecksum { badChecksums &+= 1 }
      }
    }
  }

  /// - Parameter frame: its bytes become those of the datagram.
  /// - Returns: `nil` where fragments are still missing, or nothing is to be read in it.
  private mutating func reassemble(
    _ packet: Packet, _ frame: inout Frame, in store: CaptureStore
  ) -> Packet? {
    let range = ByteRange(
      offset: frame.bytes.offset &+ packet.start, count: packet.captured)
    guard case .complete(let bytes, let overlap) = fragments.take(packet, range, in: store) else {
      return nil
    }
    if overlap { anomalies.count(.fragmentOverlap) }
    let (transport, start) = Packet.behindExtensions(packet.transport, bytes)
    guard transport == 6 || Tunnel.couldBegin(Array(bytes[start...]), transport: transport),
      let kept = store.keep(bytes)
    else { return nil }
    frame.bytes = kept
    var whole = packet
    whole.transport = transport
    whole.start = start
    whole.length = bytes.count &- start
    whole.captured = bytes.count &- start
    whole.outcome = .whole
    return whole
  }

  private mutating func finish(
    _ found: Found, _ frame: Frame, wasFragment: Bool, in store: CaptureStore,
    into segment: inout Segment
  ) -> Bool {
    let isWhole = store.withBytes(frame.bytes) {
      Self.read(found.packet, $0, frame, found.tag, into: &segment)
    }
    let isCut = found.packet.captured < found.packet.length
    // A header cut by the snapshot length hides whatever it carried.
    if isWhole ? segment.missing > 0 : isCut { anomalies.count(.snaplenTruncated) }
    count(wasFragment ? .fragment : isWhole ? .tcp : .malformed)
    return isWhole
  }

  /// - Returns: what a tunnel carries; `nil` where the packet is none, or stays closed.
  private mutating func open(
    _ found: Found, _ frame: Frame, _ depth: Int, in store: CaptureStore
  ) -> Found? {
    let packet = found.packet
    return store.withBytes(frame.bytes) { bytes in
      switch Tunnel.content(of: packet, in: bytes, tag: found.tag) {
      case .inner(let link) where depth < Tunnel.depthLimit:
        return Self.found(link, bytes.extracting(0..<(packet.start &+ packet.captured)))
      case .inner, .closed:
        // Cut by the snapshot length, or beyond what is opened: anything may stand inside.
        count(.tunnelled)
      case .none:
        count(Self.bucket(of: packet.transport))
      }
      return nil
    }
  }

  private static func bucket(of transport: UInt8) -> FrameBucket {
    switch transport {
    case 17: .udp
    case 1, 58: .icmp
    default: .otherTransport
    }
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
    // Offloaded segments have no length of their own: what the capture cut is known by the frame's.
    if packet.hasNoLength, frame.originalLength > frame.bytes.count {
      segment.missing &+= frame.originalLength &- frame.bytes.count
    }
    segment.identification = UInt16(truncatingIfNeeded: packet.identification)
    segment.tag = frame.place(tag)
    segment.frame = frame.number
    segment.time = frame.time
    return true
  }
}
