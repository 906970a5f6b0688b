/// What a first look at traffic shows, before anybody has asked a question over HTTP: who is called,
/// who refuses, who doesn't answer, and which names aren't known.
///
/// A look and no proof: fragments and tunnels are passed over.
public struct TrafficGlance: Sendable {
  /// What was seen of a server, the end that connections are opened to.
  public struct Server: Sendable {
    public var endpoint: Endpoint
    /// Connections that were asked for (SYN), granted (SYN, ACK) and refused (RST before any answer).
    public var asked = 0
    public var granted = 0
    public var refused = 0
    /// Segments with content.
    public var segments = 0
    /// Connections that began with TLS's ClientHello (RFC 8446, 4.1.2).
    public var hellos = 0
    /// The first alert in clear, by its description (RFC 8446, 6).
    public var alert: UInt8?
  }

  public private(set) var servers: [Server] = []
  /// Names that DNS doesn't know (RFC 1035, 4.1.1: RCODE 3).
  public private(set) var unknownNames: [String] = []
  public private(set) var tcpPackets = 0

  private let linkType: LinkType
  private var index: [Endpoint: Int] = [:]

  /// Hostile traffic has as many as it likes.
  private static let limit = 1000

  public init(linkType: LinkType) { self.linkType = linkType }

  /// Looks at the packets of what a ``PcapngWriter`` wrote, whole blocks.
  public mutating func take(blocks: [UInt8]) {
    let bytes = blocks.span
    var at = 0
    while at &+ 12 <= bytes.count {
      let length = Int(Self.little32(bytes, at &+ 4))
      guard length >= 12, at &+ length <= bytes.count else { return }
      if Self.little32(bytes, at) == 6, length >= 32 {
        let captured = min(Int(Self.little32(bytes, at &+ 20)), length &- 32)
        take(bytes.extracting((at &+ 28)..<(at &+ 28 &+ captured)))
      }
      at &+= length
    }
  }

  private static func little32(_ bytes: borrowing Span<UInt8>, _ at: Int) -> UInt32 {
    bytes.big32(at).byteSwapped
  }

  private mutating func take(_ frame: borrowing Span<UInt8>) {
    let link = LinkHeader(frame, linkType: linkType)
    let packet: Packet
    switch link.networkProtocol {
    case .ipv4: packet = Packet.ipv4(frame, at: link.length)
    case .ipv6: packet = Packet.ipv6(frame, at: link.length)
    case .arp, .other, .truncated, .closed: return
    }
    guard packet.outcome == .whole else { return }
    if packet.transport == 17 { return takeDatagram(frame, packet) }
    var segment = Segment()
    guard packet.transport == 6,
      segment.read(
        frame, at: packet.start, length: packet.length, captured: packet.captured, origin: 0)
    else { return }
    tcpPackets &+= 1
    let source = Endpoint(address: packet.source, port: segment.sourcePort)
    let destination = Endpoint(address: packet.destination, port: segment.destinationPort)
    if segment.control.contains(.syn) {
      if segment.control.contains(.ack) {
        note(source) { $0.granted &+= 1 }
      } else {
        note(destination) { $0.asked &+= 1 }
      }
    } else if segment.control.contains(.rst) {
      // Who resets without having granted anything refuses.
      if let known = index[source], servers[known].asked > servers[known].granted {
        servers[known].refused &+= 1
      }
    } else if segment.payload.count > 0 {
      takeContent(frame, segment, source, destination)
    }
  }

  private mutating func takeContent(
    _ frame: borrowing Span<UInt8>, _ segment: Segment, _ source: Endpoint, _ destination: Endpoint
  ) {
    // A server is whom somebody called; of a connection that is older, the lower port.
    let server =
      index[destination] != nil
      ? destination
      : index[source] != nil ? source : destination.port < source.port ? destination : source
    let start = segment.payload.offset
    let count = segment.payload.count
    guard start >= 0, start &+ count <= frame.count else { return }
    let isRecord = count >= 6 && frame[start &+ 1] == 3
    let isHello = isRecord && frame[start] == 22 && frame[start &+ 5] == 1 && server == destination
    // An alert that isn't encrypted yet is two bytes long.
    let alert: UInt8? =
      isRecord && count >= 7 && frame[start] == 21 && frame.big16(start &+ 3) == 2
      ? frame[start &+ 6] : nil
    note(server) { server in
      server.segments &+= 1
      if isHello { server.hellos &+= 1 }
      server.alert = server.alert ?? alert
    }
  }

  private mutating func note(_ endpoint: Endpoint, _ body: (inout Server) -> Void) {
    if let known = index[endpoint] { return body(&servers[known]) }
    guard servers.count < Self.limit else { return }
    index[endpoint] = servers.count
    var server = Server(endpoint: endpoint)
    body(&server)
    servers.append(server)
  }

  /// Of answers over UDP (RFC 1035, 4.1): the name that was asked for, where nobody knows it.
  private mutating func takeDatagram(_ frame: borrowing Span<UInt8>, _ packet: Packet) {
    let header = packet.start &+ 8
    let end = packet.start &+ packet.captured
    guard end <= frame.count, header &+ 13 <= end, frame.big16(packet.start) == 53,
      frame[header &+ 2] & 0x80 != 0, frame[header &+ 3] & 0x0F == 3,
      frame.big16(header &+ 4) >= 1, unknownNames.count < Self.limit
    else { return }
    var at = header &+ 12
    var labels: [String] = []
    while at < end, frame[at] != 0 {
      let length = Int(frame[at])
      // Compression has no place in the first question.
      guard length < 64, at &+ 1 &+ length < end, labels.count < 128 else { return }
      var label: [UInt8] = []
      for place in (at &+ 1)..<(at &+ 1 &+ length) { label.append(frame[place]) }
      labels.append(String(decoding: label, as: UTF8.self))
      at &+= 1 &+ length
    }
    let name = labels.joined(separator: ".")
    if !name.isEmpty, !unknownNames.contains(name) { unknownNames.append(name) }
  }
}
