internal import ArgumentParser
internal import Foundation
internal import TestSupport
internal import Wire

/// Writes frames to a capture file, some at a time.
struct CaptureFileWriter {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case pcap, pcapng
  }

  /// Bytes that are held before they are written.
  private static let limit = 1 << 20

  private(set) var packets = 0
  private let file: FileHandle
  /// None: classic pcap.
  private let pcapng: PcapngWriter?
  private var buffer: [UInt8] = []
  private var written = 0

  init(_ path: String, _ format: Format, _ link: Link) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let file = FileHandle(forWritingAtPath: path)
    else { throw ValidationError("can't write \(path)") }
    self.file = file
    let writer = PcapngWriter(
      linkType: link.type, application: "benchmark-captures", interface: "any")
    pcapng = format == .pcapng ? writer : nil
    buffer =
      pcapng?.header
      ?? CaptureBytes.pcap([], nanoseconds: false, linkType: link.type.rawValue)
    buffer.reserveCapacity(Self.limit + 1 << 16)
  }

  /// Bytes so far.
  var count: Int { written + buffer.count }

  /// - Parameter time: in microseconds since 1970.
  mutating func write(_ frame: ArraySlice<UInt8>, at time: Int64) throws {
    packets += 1
    if let pcapng {
      pcapng.append(frame, at: time * 1000, length: frame.count, to: &buffer)
    } else {
      for number in [time / 1_000_000, time % 1_000_000, Int64(frame.count), Int64(frame.count)] {
        for shift in stride(from: 0, to: 32, by: 8) {
          buffer.append(UInt8(truncatingIfNeeded: number >> shift))
        }
      }
      buffer += frame
    }
    if buffer.count >= Self.limit { try flush() }
  }

  mutating func flush() throws {
    try file.write(contentsOf: buffer)
    written += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }
}
