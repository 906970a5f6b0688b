/// An IPv4 or IPv6 address.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
  var high: UInt64
  var low: UInt64
  public var isIPv6: Bool

  init(ipv4: UInt32) {
    high = 0
    low = UInt64(ipv4)
    isIPv6 = false
  }

  init(ipv6High high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
    isIPv6 = true
  }

  /// Four or sixteen bytes in network order; `nil` otherwise.
  public init?(bytes: ArraySlice<UInt8>) {
    func number(_ part: ArraySlice<UInt8>) -> UInt64 {
      part.reduce(0) { $0 << 8 | UInt64($1) }
    }
    switch bytes.count {
    case 4: self.init(ipv4: UInt32(truncatingIfNeeded: number(bytes)))
    case 16: self.init(ipv6High: number(bytes.prefix(8)), low: number(bytes.suffix(8)))
    default: return nil
    }
  }

  /// Whether it is the machine's own: of 127.0.0.0/8, or `::1`.
  public var isLoopback: Bool { isIPv6 ? high == 0 && low == 1 : low >> 24 == 127 }

  /// In network order, four or sixteen of them.
  public var bytes: [UInt8] {
    func bytes(of word: UInt64) -> [UInt8] {
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
    }
    return isIPv6 ? bytes(of: high) + bytes(of: low) : bytes(of: low).suffix(4)
  }

  /// Dotted decimal, or RFC 5952's form for IPv6 (without brackets).
  public var description: String {
    let dotted = (0..<4).map { String(low >> (24 - 8 * UInt64($0)) & 255) }.joined(separator: ".")
    guard isIPv6 else { return dotted }
    // An IPv4-mapped address (RFC 4291, 2.5.5.2) shows the IPv4 one (RFC 5952, 5).
    if high == 0, low >> 32 == 0xFFFF { return "::ffff:" + dotted }
    let groups = (0..<8).map { index -> UInt64 in
      let word = index < 4 ? high : low
      return word >> (48 - 16 * UInt64(index % 4)) & 0xFFFF
    }
    // The longest run of two and more zero groups, the first among equals, becomes "::".
    var best = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      if end - start >= 2, end - start > best.count { best = start..<end }
      start = max(end, start + 1)
    }
    func text(_ part: ArraySlice<UInt64>) -> String {
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    if best.isEmpty { return text(groups[...]) }
    return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
  }
}

/// An address and a port.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  public var address: IPAddress
  public var port: UInt16

  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// `127.0.0.1:4000`, `[::1]:4000`.
  public var description: String {
    address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
  }
}
