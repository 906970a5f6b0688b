@testable internal import Wire

/// The dissector: link layers, IP, fragments, tunnels, TCP headers.
///
/// An input is a link type, then frames, each behind two bytes of length.
enum PacketTarget: FuzzTarget {
  private static let file = MemoryFile()
  private static let linkTypes: [UInt32] = [1, 0, 12, 14, 101, 108, 113, 228, 229, 276, 105]

  static func run(_ input: [UInt8]) {
    guard let first = input.first else { return }
    file.set(input)
    guard let store = try? CaptureStore([file.path]) else { return }
    var dissector = Dissector()
    var segment = Segment()
    var frame = Frame()
    frame.linkType = LinkType(rawValue: linkTypes[Int(first) % linkTypes.count])
    var offset = 1
    while offset + 2 <= input.count {
      let length = Int(input[offset]) << 8 | Int(input[offset + 1])
      frame.bytes = ByteRange(
        offset: offset + 2, count: min(length, input.count - offset - 2))
      frame.number &+= 1
      frame.time = Timestamp(nanoseconds: Int64(frame.number) &* 1_000_000)
      offset = frame.bytes.end
      let counted = dissector.frames
      let isSegment = dissector.read(frame, in: store, into: &segment)
      let grown = zip(dissector.frames, counted).map { $0 - $1 }
      require(
        grown.reduce(0, +) == 1 && grown.contains(1), "a frame is in exactly one bucket: \(grown)")
      guard isSegment else { continue }
      require(segment.missing >= 0 && segment.missing <= 65_535, "\(segment.missing) missing")
      require(segment.payload.count <= 65_535, "a payload of \(segment.payload.count)")
      let isInFrame =
        segment.payload.offset >= frame.bytes.offset && segment.payload.end <= frame.bytes.end
      let isPutTogether = segment.payload.offset >= input.count
      require(isInFrame || isPutTogether, "a segment's payload lies in its frame")
      // Where it was put together, it must be there to read.
      require(store.bytes(segment.payload).count == segment.payload.count, "its bytes are there")
    }
    dissector.finish()
    require(dissector.frames.reduce(0, +) == Int(frame.number), "frames are lost")
  }

  static func seeds(of capture: [UInt8]) -> [[UInt8]] {
    file.set(capture)
    guard var reader = try? CaptureReader(files: [file.path]) else { return [] }
    var frame = Frame()
    var seeds: [[UInt8]] = []
    var seed: [UInt8] = []
    while (try? reader.next(&frame)) == true, seeds.count < 8 {
      guard let type = linkTypes.firstIndex(of: frame.linkType.rawValue) else { continue }
      let bytes = reader.store.bytes(frame.bytes)
      guard bytes.count < 1600 else { continue }
      if seed.count + bytes.count > 2000 {
        seeds.append(seed)
        seed = []
      }
      if seed.isEmpty { seed = [UInt8(type)] }
      seed += [UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes
    }
    return seeds + [seed]
  }
}
