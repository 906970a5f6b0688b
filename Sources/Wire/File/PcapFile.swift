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
    recordHeaderLength = modified ? 24 : 16
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
    let header = range(0, 16)
    let (seconds, fraction, captured, original) = store.withBytes(header) { [swapped] in
      (
        $0.native32(0, swapped: swapped), $0.native32(4, swapped: swapped),
        $0.native32(8, swapped: swapped), $0.native32(12, swapped: swapped)
      )
    }
    let length = Int(captured)
    guard length <= Self.longestRecord else {
      anomalies.insert(.damagedRecord)
      throw failure(
        .badRecordLength,
        "record \(frames &+ 1) claims \(length) captured bytes; the file is damaged from here on")
    }
    var there = length
    if try !has(recordHeaderLength &+ length) {
      // The writer was stopped inside this record: what is there of it counts.
      there = remaining &- recordHeaderLength
      anomalies.insert(.truncatedFile)
      guard there > 0 else {
        cursor &+= remaining
        return false
      }
    }
    frame.time = Timestamp(
      nanoseconds: Int64(seconds) &* 1_000_000_000 &+ Int64(fraction) &* nanosecondsOfUnit)
    frame.bytes = range(recordHeaderLength, there)
    if cursor == 24 { try checkLinkType(frame.bytes) }
    frame.originalLength = Int(original)
    frame.linkType = linkType
    frame.interface = UInt32(truncatingIfNeeded: sourceIndex)
    frame.direction = 0
    cursor &+= recordHeaderLength &+ there
    return true
  }

  /// What nearly every record is, written in this machine's order: all of it there.
  ///
  /// - Returns: `false` where it is anything else, or anything is wrong with it; then nothing was done.
  @inline(always)
  mutating func takePlainRecord(_ frame: inout Frame) -> Bool {
    let there = remaining &- 16
    guard there >= 0 else { return false }
    let (seconds, fraction, captured, original) = store.withBytes(range(0, 16)) {
      (
        $0.native32(0, swapped: false), $0.native32(4, swapped: false),
        $0.native32(8, swapped: false), $0.native32(12, swapped: false)
      )
    }
    let length = Int(captured)
    guard length <= Self.longestRecord, length <= there else { return false }
    frame.time = Timestamp(
      nanoseconds: Int64(seconds) &* 1_000_000_000 &+ Int64(fraction) &* nanosecondsOfUnit)
    frame.bytes = range(16, length)
    frame.originalLength = Int(original)
    cursor &+= 16 &+ length
    return true
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
