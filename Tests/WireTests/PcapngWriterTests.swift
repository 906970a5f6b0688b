import TestSupport
import Testing

@testable import Wire

/// What is written is read again as it was.
@Suite struct PcapngWriterTests {
  @Test func packetsAndTheirNanoseconds() throws {
    let writer = PcapngWriter(linkType: .raw, application: "keywitness", interface: "test")
    let packets: [([UInt8], Int64)] = [
      ([0x45, 1, 2], 1_700_000_000_123_456_789), ([0x45], 0),
      ([UInt8](repeating: 0x60, count: 65_535), 1_800_000_000_000_000_001),
    ]
    let bytes = packets.reduce(writer.header) { $0 + writer.packet($1.0, at: $1.1) }
    let file = try TemporaryFile(bytes, named: "test.pcapng")
    var reader = try CaptureReader(files: [file.path])
    var frame = Frame()
    for (content, time) in packets {
      #expect(try reader.next(&frame))
      #expect(frame.time.nanoseconds == time && reader.store.bytes(frame.bytes) == content)
    }
    let more = try reader.next(&frame)
    #expect(!more && reader.format == .pcapng && reader.linkTypes == [.raw])
  }

  @Test func timesBeforeAndAfter1970() {
    #expect(Timestamp(nanoseconds: -1).rfc3339 == "1969-12-31T23:59:59.999999999Z")
    #expect(Timestamp(nanoseconds: 0).rfc3339 == "1970-01-01T00:00:00.000000000Z")
    #expect(
      Timestamp(nanoseconds: 1_709_164_800_000_000_007).rfc3339
        == "2024-02-29T00:00:00.000000007Z")
    #expect(
      Timestamp(nanoseconds: -9_223_372_036_854_775_807).rfc3339
        == "1677-09-21T00:12:43.145224193Z")
  }
}
