internal import TestSupport

@testable internal import Wire

/// What both formats of capture files must keep to.
enum CaptureFiles {
  private static let file = MemoryFile()
  private static let packed = MemoryFile()

  private struct Told: Equatable {
    var frames: [Seen] = []
    var ending = ""
  }

  private struct Seen: Equatable {
    var time: Timestamp
    var bytes: ByteRange
    var originalLength: Int
    var linkType: LinkType
    var place: UInt64
  }

  /// Reads a capture from a mapped file and, packed, as a stream: both tell the same.
  static func run(_ input: [UInt8]) {
    file.set(input)
    let mapped = read(file.path, limit: input.count)
    if input.starts(with: [0x1F, 0x8B]) { return }
    packed.set(Compression.compress(input))
    let streamed = read(packed.path, limit: input.count)
    require(mapped == streamed, "\(mapped.ending) when mapped, \(streamed.ending) as a stream")
  }

  private static func read(_ path: String, limit: Int) -> Told {
    var told = Told()
    do throws(CaptureError) {
      var reader = try CaptureReader(files: [path])
      var frame = Frame()
      while try reader.next(&frame) {
        require(frame.number == Int32(told.frames.count + 1), "frames are numbered from 1")
        require(
          frame.bytes.offset >= 0 && frame.bytes.count >= 0
            && frame.bytes.offset + frame.bytes.count <= reader.store.sources[0].available,
          "a frame's bytes lie in the file")
        told.frames.append(
          Seen(
            time: frame.time, bytes: frame.bytes, originalLength: frame.originalLength,
            linkType: frame.linkType,
            place: UInt64(frame.interface) << 8 | UInt64(frame.direction)))
        require(told.frames.count <= limit, "more frames than bytes")
      }
      told.ending =
        "\(reader.linkTypes) \(reader.snapshotLength) \(reader.kernelDrops) \(reader.offset)"
        + " \(reader.anomalies) \(reader.names.keys.map(\.description).sorted())"
        + " \(reader.secrets.count)"
    } catch {
      told.ending = "\(error.code) at \(error.offset ?? -1)"
    }
    return told
  }

  /// The beginning of each capture of a format.
  static func seeds(of capture: [UInt8], isPcapng: Bool) -> [[UInt8]] {
    let begins = capture.starts(with: [0x0A, 0x0D, 0x0D, 0x0A])
    return begins == isPcapng ? [Array(capture.prefix(4096))] : []
  }
}
