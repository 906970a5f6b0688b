import TestSupport
import Testing

@testable import Wire

/// What is read in one go must be what the layers say one by one, whatever stands in the headers.
@Suite("The short way to a segment leads where the long one does") struct PlainSegmentTests {
  /// A capture of one frame and all that differ from it in one byte of their headers, or in length.
  private func capture(of frame: [UInt8], linkType: UInt32) throws -> ScratchFile {
    var frames = [frame]
    for place in 0..<min(frame.count, 62) {
      for bits: UInt8 in [1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xFF] {
        var changed = frame
        changed[place] ^= bits
        frames.append(changed)
        frames.append(mended(changed, linkType))
      }
    }
    frames += (1..<frame.count).map { Array(frame.prefix($0)) } + [frame + [0, 0, 0]]
    var bytes = CaptureBytes.pcap([], linkType: linkType)
    for frame in frames {
      let length = little32(frame.count)
      bytes += little32(1) + little32(2) + length + length + frame
    }
    return try ScratchFile(bytes)
  }

  private func little32(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// With the checksum that its IP header should have: what else is wrong must be seen.
  private func mended(_ frame: [UInt8], _ linkType: UInt32) -> [UInt8] {
    let start = linkType == 1 ? 14 : 20
    var frame = frame
    (frame[start + 10], frame[start + 11]) = (0, 0)
    var sum: UInt32 = 0
    for place in stride(from: start, to: start + 20, by: 2) {
      sum += UInt32(frame[place]) << 8 | UInt32(frame[place + 1])
    }
    while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
    frame[start + 10] = UInt8(truncatingIfNeeded: ~sum >> 8)
    frame[start + 11] = UInt8(truncatingIfNeeded: ~sum)
    return frame
  }

  @Test(arguments: [UInt32(1), 276]) func bothWaysAreTheSame(_ linkType: UInt32) throws {
    var talk = Conversation()
    talk.client("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    let packet = try #require(talk.packets().first { !$0.payload.isEmpty })
    let cooked: [UInt8] = [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6, 2, 0, 0, 0, 0, 1, 0, 0]
    let file = try capture(
      of: linkType == 1 ? packet.frame : cooked + packet.ipPacket, linkType: linkType)
    var reader = try CaptureReader(files: [file.path])
    var frame = Frame()
    var (short, long) = (0, 0)
    while try reader.next(&frame) {
      var (plain, any) = (Segment(), Segment())
      var dissector = Dissector()
      guard reader.store.withBytes(frame.bytes, { plain.readPlain($0, of: frame) }) else {
        long += 1
        continue
      }
      short += 1
      let isSegment = dissector.readAny(frame, in: reader.store, into: &any)
      #expect(isSegment && dissector.badChecksums == 0, "frame \(frame.number)")
      #expect(String(describing: plain) == String(describing: any), "frame \(frame.number)")
    }
    // Ports, numbers and windows may be any; lengths, protocols and checksums not.
    #expect(short > 100 && long > 100)
  }
}
