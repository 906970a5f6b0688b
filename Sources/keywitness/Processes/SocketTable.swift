internal import Wire

/// The TCP connections of this network namespace, as /proc/net/tcp and tcp6 show them.
enum SocketTable {
  /// Two ends, this one first.
  struct Ends: Hashable {
    var local: Endpoint
    var remote: Endpoint
  }

  /// - Returns: the inodes of the open ones' sockets.
  static func read() -> [Ends: UInt64] {
    var sockets: [Ends: UInt64] = [:]
    for name in ["tcp", "tcp6"] {
      var bytes: [UInt8] = []
      guard ProcessGuard.read("/proc/self/net/\(name)", { bytes += $0 }) else { continue }
      for line in bytes.split(separator: 0x0A).dropFirst() {
        guard let (ends, inode) = parse(line) else { continue }
        sockets[ends] = inode
      }
    }
    return sockets
  }

  /// `0: 0100007F:1F90 0200007F:9C40 01 … UID TIMEOUT INODE …`; those that wait for somebody, or
  /// belong to nobody any more, have nothing to say.
  static func parse(_ line: ArraySlice<UInt8>) -> (ends: Ends, inode: UInt64)? {
    let words = line.split(separator: 0x20)
    guard words.count > 9, let local = endpoint(words[1]), let remote = endpoint(words[2]),
      remote.port != 0, let inode = UInt64(String(decoding: words[9], as: UTF8.self)), inode != 0
    else { return nil }
    return (Ends(local: local, remote: remote), inode)
  }

  /// Words of the host's order, in hexadecimal digits, and the port.
  private static func endpoint(_ word: ArraySlice<UInt8>) -> Endpoint? {
    let parts = word.split(separator: 0x3A)
    guard parts.count == 2, parts[0].count == 8 || parts[0].count == 32,
      let port = UInt16(String(decoding: parts[1], as: UTF8.self), radix: 16)
    else { return nil }
    var bytes: [UInt8] = []
    var rest = parts[0]
    while !rest.isEmpty {
      guard let number = UInt32(String(decoding: rest.prefix(8), as: UTF8.self), radix: 16) else {
        return nil
      }
      rest = rest.dropFirst(8)
      // Read as a number of the host's order, its bytes in memory are those of the address.
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        let place = UInt32(1).littleEndian == 1 ? shift : 24 - shift
        bytes.append(UInt8(truncatingIfNeeded: number >> place))
      }
    }
    // ::ffff:10.0.0.1, of a socket for both, is on the wire 10.0.0.1.
    if bytes.count == 16, bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) {
      bytes.removeFirst(12)
    }
    return IPAddress(bytes: bytes[...]).map { Endpoint(address: $0, port: port) }
  }
}
