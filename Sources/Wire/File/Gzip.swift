/// How a compressed capture is recognised (RFC 1952, 2.3.1).
enum Gzip {
  static func begins(_ first: [UInt8]) -> Bool {
    first.count >= 2 && first[0] == 0x1F && first[1] == 0x8B
  }

  static func begins(_ descriptor: Descriptor) -> Bool {
    var first = [UInt8](repeating: 0, count: 2)
    guard descriptor.read(into: &first, at: 0) else { return false }
    return begins(first)
  }
}
