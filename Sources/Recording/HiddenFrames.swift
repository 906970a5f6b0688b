/// The frames of a WebSocket (RFC 6455, 5.2) of one side, as they come, without what is in them: a
/// key may be cut by a frame, masked or compressed, and no byte may move.
struct HiddenFrames {
  /// Of a frame's header that isn't whole.
  private var header: [UInt8] = []
  /// Of the frame that passes.
  private var left = 0
  private var mask: [UInt8] = []
  private var place = 0

  /// - Returns: as many bytes.
  mutating func hide(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    for byte in bytes {
      if left > 0 {
        output.append(0x2E ^ (mask.isEmpty ? 0 : mask[place & 3]))
        place &+= 1
        left -= 1
        continue
      }
      header.append(byte)
      // What was compressed isn't any more.
      output.append(header.count == 1 ? byte & ~0x40 : byte)
      beginFrame()
    }
    return output
  }

  private mutating func beginFrame() {
    guard header.count >= 2 else { return }
    let short = Int(header[1] & 0x7F)
    let lengthBytes = short == 126 ? 2 : short == 127 ? 8 : 0
    let maskBytes = header[1] & 0x80 == 0 ? 0 : 4
    guard header.count == 2 + lengthBytes + maskBytes else { return }
    let length = header[2..<(2 + lengthBytes)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    left = lengthBytes == 0 ? short : Int(clamping: length)
    mask = Array(header.suffix(maskBytes))
    place = 0
    header = []
  }
}
