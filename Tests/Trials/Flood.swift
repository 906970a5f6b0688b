internal import Foundation

/// Captures that are made to exhaust a reader, of any size, written straight to a file.
public enum Flood: String, CaseIterable, Sendable {
  /// `count` SYNs from different clients, and no answer.
  case halfOpen
  /// `count` connections with the beginning of a request each, none of which is closed.
  case openConnections
  /// One connection: a first segment is missing, and `count` segments of 1448 bytes come behind it.
  case hole
  /// One connection, and a byte is missing between each two of its `count` segments.
  case holes
  /// A request whose content comes in `count` segments of one byte.
  case oneByteSegments
  /// `count` first fragments of datagrams that never become whole.
  case fragments
  /// `count` connections, each with 60 kB of a head that never ends.
  case openHeads
  /// `count` exchanges that are over, behind one that isn't.
  case waiting

  /// - Returns: how many requests are in it.
  @discardableResult
  public func write(_ count: Int, to path: String) throws -> Int {
    var file = try FloodFile(path)
    let requests = try write(count, &file)
    try file.close()
    return requests
  }

  private func write(_ count: Int, _ file: inout FloodFile) throws -> Int {
    switch self {
    case .halfOpen:
      for number in 0..<count { try file.segment(number, flags: TCPPacket.syn) }
      return 0
    case .openConnections:
      for number in 0..<count {
        try file.open(number)
        try file.client(number, Array("POST /v1/chat/completions HTTP/1.1\r\nHost:".utf8))
      }
      return count
    case .hole:
      try file.open(0)
      file.skip(0, 1000)
      let content = [UInt8](repeating: 0x68, count: 1448)
      for _ in 0..<count { try file.client(0, content) }
      return 0
    case .holes:
      try file.open(0)
      for _ in 0..<count {
        file.skip(0, 1)
        try file.client(0, [UInt8](repeating: 0x67, count: 10))
      }
      return 0
    case .oneByteSegments:
      try file.open(0)
      let head = "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n"
      try file.client(0, Array(head.utf8))
      for _ in 0..<count { try file.client(0, [0x64]) }
      try file.server(0, Self.answer)
      return 1
    case .fragments:
      for number in 0..<count { try file.fragment(number) }
      return 0
    case .openHeads:
      let field = Array(("X-Filler: " + String(repeating: "a", count: 1400) + "\r\n").utf8)
      for number in 0..<count {
        try file.open(number)
        try file.client(number, Array("GET /model/info HTTP/1.1\r\n".utf8))
        for _ in 0..<42 { try file.client(number, field) }
      }
      return count
    case .waiting:
      try file.open(0)
      try file.client(0, Self.request)
      for number in 1...count {
        try file.open(number)
        try file.client(number, Self.request)
        try file.server(number, Self.answer)
        try file.close(number)
      }
      return count + 1
    }
  }

  private static let request = Array(
    ("GET /v1/models HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sk-test-4f9Qm2Xw7Lr1Tz8V\r\n"
      + "User-Agent: flood\r\n\r\n").utf8)
  private static let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8)
}

/// A pcap file of Ethernet frames that is written as it grows.
private struct FloodFile {
  private var handle: FileHandle
  private var buffer: [UInt8] = []
  private var microseconds: UInt64 = 1_700_000_000_000_000
  private var sent: [Int: (client: UInt32, server: UInt32)] = [:]

  init(_ path: String) throws {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    guard let handle = FileHandle(forWritingAtPath: path) else {
      throw CocoaError(.fileWriteUnknown)
    }
    self.handle = handle
    buffer = CaptureFormat.pcapMicroseconds.bytes(of: [])
  }

  mutating func close() throws {
    try handle.write(contentsOf: Data(buffer))
    try handle.close()
  }

  mutating func open(_ number: Int) throws {
    sent[number] = (100, 500)
    try segment(number, flags: TCPPacket.syn, sequence: 99)
    try segment(
      number, fromClient: false, flags: TCPPacket.syn | TCPPacket.ack, sequence: 499,
      acknowledgment: 100)
    try segment(number, flags: TCPPacket.ack, sequence: 100, acknowledgment: 500)
  }

  mutating func skip(_ number: Int, _ count: UInt32) { sent[number]?.client &+= count }

  mutating func client(_ number: Int, _ content: [UInt8]) throws {
    let now = sent[number] ?? (100, 500)
    try segment(
      number, flags: TCPPacket.ack | TCPPacket.push, sequence: now.client,
      acknowledgment: now.server, content)
    sent[number]?.client &+= UInt32(content.count)
  }

  mutating func server(_ number: Int, _ content: [UInt8]) throws {
    let now = sent[number] ?? (100, 500)
    try segment(
      number, fromClient: false, flags: TCPPacket.ack | TCPPacket.push, sequence: now.server,
      acknowledgment: now.client, content)
    sent[number]?.server &+= UInt32(content.count)
  }

  mutating func close(_ number: Int) throws {
    let now = sent.removeValue(forKey: number) ?? (100, 500)
    let flags = TCPPacket.fin | TCPPacket.ack
    try segment(number, flags: flags, sequence: now.client, acknowledgment: now.server)
    try segment(
      number, fromClient: false, flags: flags, sequence: now.server,
      acknowledgment: now.client &+ 1)
  }

  mutating func segment(
    _ number: Int, fromClient: Bool = true, flags: UInt8, sequence: UInt32 = 7,
    acknowledgment: UInt32 = 0, _ content: [UInt8] = []
  ) throws {
    let order = ByteOrder.big
    let client = order.bytes16(UInt16(1024 + number % 60_000))
    let server = order.bytes16(4000)
    var tcp = fromClient ? client + server : server + client
    tcp += order.bytes32(sequence) + order.bytes32(acknowledgment) + [0x50, flags, 250, 0]
    tcp += [0, 0, 0, 0] + content
    try packet(number, fromClient: fromClient, transport: 6, fragment: 0x4000, tcp)
  }

  mutating func fragment(_ number: Int) throws {
    try packet(
      number, fromClient: true, transport: 6, fragment: 0x2000,
      [UInt8](repeating: 0x46, count: 64))
  }

  private mutating func packet(
    _ number: Int, fromClient: Bool, transport: UInt8, fragment: UInt16, _ content: [UInt8]
  ) throws {
    let order = ByteOrder.big
    let near = order.bytes32(0x0B00_0000 + UInt32(number / 60_000))
    let far: [UInt8] = [10, 9, 0, 2]
    var ip: [UInt8] = [0x45, 0] + order.bytes16(UInt16(20 + content.count))
    ip += order.bytes16(UInt16(truncatingIfNeeded: number)) + order.bytes16(fragment)
    ip += [64, transport, 0, 0] + (fromClient ? near + far : far + near)
    let sum = order.bytes16(~onesComplement(ip))
    (ip[10], ip[11]) = (sum[0], sum[1])
    let length = UInt32(14 + ip.count + content.count)
    microseconds += 10
    let little = ByteOrder.little
    buffer += little.bytes32(UInt32(microseconds / 1_000_000))
    buffer += little.bytes32(UInt32(microseconds % 1_000_000))
    buffer += little.bytes32(length) + little.bytes32(length)
    buffer += [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0]
    buffer += ip
    buffer += content
    if buffer.count > 1 << 20 {
      try handle.write(contentsOf: Data(buffer))
      buffer.removeAll(keepingCapacity: true)
    }
  }
}
