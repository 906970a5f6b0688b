/// Chunks of the chunked transfer coding (RFC 9112, 7.1).
enum Chunk {
  static let last = Array("0\r\n\r\n".utf8)

  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var chunk = Array(String(bytes.count, radix: 16).utf8)
    chunk.reserveCapacity(bytes.count + 12)
    chunk += [0x0D, 0x0A]
    chunk += bytes
    chunk += [0x0D, 0x0A]
    return chunk
  }
}
