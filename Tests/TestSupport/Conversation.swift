/// A TCP connection as a test tells it: who says what, in order. It becomes the packets of a
/// capture, with a handshake in front and a close behind.
///
/// ```swift
/// var talk = Conversation()
/// talk.client("GET /model/info HTTP/1.1\r\nHost: a\r\n\r\n")
/// talk.server("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
/// let file = try TemporaryFile(packets: talk.packets())
/// ```
public struct Conversation: Sendable {
  public var client: (address: [UInt8], port: UInt16)
  public var server: (address: [UInt8], port: UInt16)
  /// Nanoseconds since 1970.
  public var time: Int64
  /// Between two packets, in nanoseconds.
  public var pace: Int64 = 1_000_000
  /// The largest payload of a packet, in bytes.
  public var segmentSize = 1400

  private var sent: [Packet] = []
  private var next: (client: UInt32, server: UInt32)
  private var identification: UInt16 = 1

  public init(
    client: String = "10.0.0.1", clientPort: UInt16 = 40_000, server: String = "10.0.0.2",
    serverPort: UInt16 = 4000, startingAt time: Int64 = 1_700_000_000_000_000_000,
    clientISN: UInt32 = 1000, serverISN: UInt32 = 9000, handshake: Bool = true
  ) {
    self.client = (Self.address(client), clientPort)
    self.server = (Self.address(server), serverPort)
    self.time = time
    next = (clientISN, serverISN)
    if handshake {
      send(fromClient: true, flags: 0x02)
      next.client &+= 1
      send(fromClient: false, flags: 0x12)
      next.server &+= 1
      send(fromClient: true, flags: 0x10)
    }
  }

  /// The client sends text.
  public mutating func client(_ text: String) { client(Array(text.utf8)) }

  public mutating func client(_ bytes: [UInt8]) { speak(true, bytes) }

  /// The server sends text.
  public mutating func server(_ text: String) { server(Array(text.utf8)) }

  public mutating func server(_ bytes: [UInt8]) { speak(false, bytes) }

  /// Both close, the client first.
  public mutating func close() {
    send(fromClient: true, flags: 0x11)
    next.client &+= 1
    send(fromClient: false, flags: 0x11)
    next.server &+= 1
    send(fromClient: true, flags: 0x10)
  }

  /// One side closes its direction.
  public mutating func finish(byClient isClient: Bool) {
    send(fromClient: isClient, flags: 0x11)
    if isClient { next.client &+= 1 } else { next.server &+= 1 }
  }

  /// One side acknowledges all that the other has said.
  public mutating func acknowledge(byClient isClient: Bool) {
    send(fromClient: isClient, flags: 0x10)
  }

  /// The client, or the server, resets the connection.
  public mutating func reset(byClient: Bool) { send(fromClient: byClient, flags: 0x14) }

  /// The packets so far.
  public func packets() -> [Packet] { sent }

  private mutating func speak(_ isClient: Bool, _ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(segmentSize))
      rest = rest.dropFirst(segmentSize)
      send(fromClient: isClient, flags: 0x18, piece)
      if isClient {
        next.client &+= UInt32(piece.count)
      } else {
        next.server &+= UInt32(piece.count)
      }
    }
  }

  private mutating func send(fromClient: Bool, flags: UInt8, _ payload: [UInt8] = []) {
    time += pace
    identification &+= 1
    let (from, to) = fromClient ? (client, server) : (server, client)
    sent.append(
      Packet(
        time: time, source: from.address, sourcePort: from.port, destination: to.address,
        destinationPort: to.port, sequence: fromClient ? next.client : next.server,
        acknowledgment: flags == 0x02 ? 0 : fromClient ? next.server : next.client,
        flags: flags, payload: payload, identification: identification))
  }

  private static func address(_ text: String) -> [UInt8] {
    text.split(separator: ".").compactMap { UInt8($0) }
  }
}
