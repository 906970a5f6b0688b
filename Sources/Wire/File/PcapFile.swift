// The classic format of libpcap: draft-ietf-opsawg-pcap, with the nanosecond magic and the
// modified record header of Kuznetzov's patch.

extension CaptureReader {
  /// The largest record that libpcap itself would write (MAXIMUM_SNAPLEN).
  static var longestRecord: Int { 262_144 }

  mutating func openPcap(_ magic: UInt32) throws(CaptureError) {
    let modified: Bool
    switch magic {
    case 0xA1B2_C3D4, 0xD4C3_B2A1: (nanosecondsOfUnit, modified) = (1000, false)
    case 0xA1B2_3C4D, 0x4D3C_B2A1: (nanosecondsOfUnit, modified) = (1, false)
    case 0xA1B2_CD34, 0x34CD_B2A1: (nanosecondsOfUnit, modified) = (1000, true)
    case 0x28B5_2FFD:
      throw failure(
        .notACapture, "is zstd-compressed, which this version doesn't read; unpack it (zstd -d)")
    default:
      throw failure(
        .notACapture,
        "is no pcap or pcapng file (it begins with \(hexadecimal(magic))); "
          + "record one with tcpdump -w")
    }
    guard try has(24) else {
      throw failure(.truncatedHeader, "ends inside the 24-byte file header; record it again")
    }
    let isBig = magic >> 16 == 0xA1B2
    #if _endian(little)
      swapped = isBig
    #else
      swapped = !isBig
    #endif
    recordHeaderLength = modified ? 24 : Self.plainHeaderLength
    let (major, minor, snapshot, network) = store.withBytes(range(0, 24)) {
      [swapped] in
      (
        $0.native16(4, swapped: swapped), $0.native16(6, swapped: swapped),
        $0.native32(16, swapped: swapped), $0.native32(20, swapped: swapped)
      )
    }
    guard major == 2 else {
      throw failure(
        .unsupportedVersion, "is of pcap version \(major).\(minor); this reads 2.x")
    }
    snapshotLength = max(snapshotLength, Int(snapshot))
    // The upper six bits say whether a frame check sequence follows, and how long it is.
    linkType = LinkType(rawValue: network & 0x03FF_FFFF)
    note(linkType)
    guard linkType.isSupported else {
      throw CaptureError(
        .unsupportedLinkType,
        "has link type \(linkType.rawValue) (\(linkType.name)), which can't be dissected; "
          + "record on an Ethernet, loopback or `any` interface", file: file, offset: 20)
    }
    cursor = 24
  }

  mutating func nextRecord(_ frame: inout Frame) throws(CaptureError) -> Bool {
    guard try has(recordHeaderLength) else { return endsInTheMiddle() }
    let header = recordHeader(swapped: swapped)
    guard header.captured <= Self.longestRecord else {
      anomalies.insert(.damagedRecord)
      throw failure(
        .badRecordLength,
        "record \(frames &+ 1) claims \(header.captured) captured bytes; the file is damaged from "
          + "here on")
    }
    var there = header.captured
    if try !has(recordHeaderLength &+ there) {
      // The writer was stopped inside this record: what is there of it counts.
      there = remaining &- recordHeaderLength
      anomalies.insert(.truncatedFile)
      guard there > 0 else {
        cursor &+= remaining
        return false
      }
    }
    if cursor == 24 { try checkLinkType(range(recordHeaderLength, there)) }
    frame.linkType = linkType
    frame.interface = UInt32(truncatingIfNeeded: sourceIndex)
    frame.direction = 0
    take(header, recordHeaderLength, there, &frame)
    return true
  }

  /// What nearly every record is, written in this machine's order: all of it there.
  ///
  /// - Returns: `false` where it is anything else, or anything is wrong with it; then nothing was done.
  @inline(always)
  mutating func takePlainRecord(_ frame: inout Frame) -> Bool {
    let there = remaining &- Self.plainHeaderLength
    guard there >= 0 else { return false }
    let header = recordHeader(swapped: false)
    guard header.captured <= Self.longestRecord, header.captured <= there else { return false }
    take(header, Self.plainHeaderLength, header.captured, &frame)
    return true
  }

  /// Bytes of a record's header; Kuznetzov's patch has more behind them.
  static var plainHeaderLength: Int { 16 }

  private struct RecordHeader {
    var seconds: UInt32
    /// In the file's units.
    var fraction: UInt32
    /// Lengths in bytes.
    var captured: Int
    var original: Int
  }

  @inline(always)
  private func recordHeader(swapped: Bool) -> RecordHeader {
    store.withBytes(range(0, Self.plainHeaderLength)) {
      RecordHeader(
        seconds: $0.native32(0, swapped: swapped), fraction: $0.native32(4, swapped: swapped),
        captured: Int($0.native32(8, swapped: swapped)),
        original: Int($0.native32(12, swapped: swapped)))
    }
  }

  /// Takes a record's bytes, and steps behind them.
  ///
  /// - Parameters:
  ///   - length: of the header.
  ///   - count: how many bytes of its content are there.
  @inline(always)
  private mutating func take(
    _ header: RecordHeader, _ length: Int, _ count: Int, _ frame: inout Frame
  ) {
    frame.time = Timestamp(
      nanoseconds: Int64(header.seconds) &* 1_000_000_000
        &+ Int64(header.fraction) &* nanosecondsOfUnit)
    frame.bytes = range(length, count)
    frame.originalLength = header.original
    cursor &+= length &+ count
  }

  private func checkLinkType(_ first: ByteRange) throws(CaptureError) {
    let isPlausible = store.withBytes(first) { [linkType] in
      LinkHeader.isPlausible($0, linkType: linkType)
    }
    guard !isPlausible else { return }
    throw CaptureError(
      .unsupportedLinkType,
      "has link type \(linkType.rawValue) (\(linkType.name)), but its first frame isn't of that "
        + "kind; record it again, or correct the file's header", file: file, offset: 20)
  }

  func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
