// pcapng: draft-ietf-opsawg-pcapng.

/// What an interface description block says.
struct PcapngInterface {
  var linkType: LinkType
  var snapshotLength: UInt32
  var resolution = TimestampResolution.microseconds
  /// The highest count of drops that a statistics block has told.
  var drops: UInt64 = 0
}

extension CaptureReader {
  private enum Block {
    static let section: UInt32 = 0x0A0D_0D0A
    static let interface: UInt32 = 1
    static let packet: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let names: UInt32 = 4
    static let statistics: UInt32 = 5
    static let enhancedPacket: UInt32 = 6
    static let secrets: UInt32 = 10
  }

  /// Bytes of an enhanced packet block in front of the packet: more than a classic record has.
  static var packetHeaderLength: Int { 28 }

  /// Blocks longer than this are taken for damage.
  private static var longestBlock: Int { 64 << 20 }

  mutating func nextBlock(_ frame: inout Frame) throws(CaptureError) -> Bool {
    while true {
      if takePlainPacket(&frame, swapped: swapped) { return true }
      guard try has(12) else { return endsInTheMiddle() }
      let (isSection, mark) = store.withBytes(range(0, 12)) {
        ($0.big32(0) == Block.section, $0.big32(8))
      }
      if isSection { try beginSection(mark) }
      let (type, total) = store.withBytes(range(0, 8)) { [swapped] in
        ($0.native32(0, swapped: swapped), Int($0.native32(4, swapped: swapped)))
      }
      guard total >= 12, total % 4 == 0, total <= Self.longestBlock else {
        anomalies.insert(.damagedRecord)
        throw failure(
          .badBlockLength,
          "a block claims \(total) bytes; the file is damaged from here on")
      }
      if try !has(total) {
        // The writer was stopped inside this block: what is there of a packet counts.
        guard type == Block.enhancedPacket, remaining > 28 else { return endsInTheMiddle() }
        anomalies.insert(.truncatedFile)
        try takePacket(total, obsolete: false, &frame)
        frame.bytes.count = min(frame.bytes.count, remaining &- 28)
        cursor &+= remaining
        return true
      }
      let closing = store.withBytes(range(total &- 4, 4)) { [swapped] in
        Int($0.native32(0, swapped: swapped))
      }
      guard closing == total else {
        anomalies.insert(.damagedRecord)
        throw failure(
          .badBlockLength,
          "a block's two lengths differ (\(total) and \(closing)); the file is damaged here")
      }
      let isPacket = try take(type, total, &frame)
      cursor &+= total
      if isPacket { return true }
    }
  }

  /// What nearly every block is: an enhanced packet without options, and all of it there.
  ///
  /// - Returns: `false` where it is anything else, or anything is wrong with it; then nothing was done.
  @inline(always)
  mutating func takePlainPacket(_ frame: inout Frame, swapped: Bool) -> Bool {
    let there = remaining
    guard there >= 32 else { return false }
    let (type, total, id, high, low, captured, original) = store.withBytes(range(0, 28)) {
      (
        $0.native32(0, swapped: swapped), Int($0.native32(4, swapped: swapped)),
        $0.native32(8, swapped: swapped), $0.native32(12, swapped: swapped),
        $0.native32(16, swapped: swapped), Int($0.native32(20, swapped: swapped)),
        $0.native32(24, swapped: swapped)
      )
    }
    guard type == Block.enhancedPacket, total <= Self.longestBlock, total <= there,
      total == 32 &+ (captured &+ 3) / 4 &* 4, Int(id) < interfaces.count
    else { return false }
    let closing = store.withBytes(range(total &- 4, 4)) {
      Int($0.native32(0, swapped: swapped))
    }
    guard closing == total else { return false }
    frame.time = interfaces[Int(id)].resolution.timestamp(UInt64(high) << 32 | UInt64(low))
    frame.bytes = range(28, captured)
    frame.originalLength = Int(original)
    frame.linkType = interfaces[Int(id)].linkType
    frame.interface = interfaceBase &+ id
    frame.direction = 0
    cursor &+= total
    return true
  }

  /// The decryption secrets blocks from the cursor to the end of the files that are there as a whole.
  ///
  /// A program may write its secrets when it ends, behind the packets that need them.
  func secretsAhead() -> [(type: UInt32, content: ByteRange)] {
    guard format == .pcapng else { return [] }
    var found: [(type: UInt32, content: ByteRange)] = []
    var swapped = self.swapped
    for index in sourceIndex..<store.sources.count where store.sources[index].stream == nil {
      let source = store.sources[index]
      var at = index == sourceIndex ? cursor : 0
      while at &+ 12 <= source.available {
        let header = ByteRange(offset: source.start &+ at, count: 12)
        let (type, total, kind) = store.withBytes(header) { bytes in
          if bytes.big32(0) == Block.section {
            swapped = bytes.native32(8, swapped: false) != 0x1A2B_3C4D
          }
          return (
            bytes.native32(0, swapped: swapped), Int(bytes.native32(4, swapped: swapped)),
            bytes.native32(8, swapped: swapped)
          )
        }
        guard total >= 12, total % 4 == 0, total <= source.available &- at else { break }
        if type == Block.secrets, total >= 20 {
          let place = ByteRange(offset: source.start &+ at &+ 12, count: 4)
          let length = store.withBytes(place) { Int($0.native32(0, swapped: swapped)) }
          if length <= total &- 20 {
            found.append((kind, ByteRange(offset: place.offset &+ 4, count: length)))
          }
        }
        at &+= total
      }
    }
    return found
  }

  private mutating func beginSection(_ mark: UInt32) throws(CaptureError) {
    switch mark {
    case 0x1A2B_3C4D, 0x4D3C_2B1A:
      let isBig = mark == 0x1A2B_3C4D
      #if _endian(little)
        swapped = isBig
      #else
        swapped = !isBig
      #endif
    default:
      anomalies.insert(.damagedRecord)
      throw failure(
        .notACapture, "has the byte-order mark \(hexadecimal(mark)), which no pcapng section has")
    }
    guard try has(28) else { return }
    let (major, minor) = store.withBytes(range(12, 4)) { [swapped] in
      ($0.native16(0, swapped: swapped), $0.native16(2, swapped: swapped))
    }
    guard major == 1 else {
      throw failure(
        .unsupportedVersion, "is of pcapng version \(major).\(minor); this reads 1.x")
    }
    // Interface numbers begin anew in every section.
    interfaceBase &+= UInt32(truncatingIfNeeded: interfaces.count)
    interfaces = []
  }

  /// - Returns: whether the block was a packet, which `frame` then holds.
  private mutating func take(
    _ type: UInt32, _ total: Int, _ frame: inout Frame
  ) throws(CaptureError) -> Bool {
    switch type {
    case Block.enhancedPacket, Block.packet:
      try takePacket(total, obsolete: type == Block.packet, &frame)
      return true
    case Block.simplePacket:
      try takeSimplePacket(total, &frame)
      return true
    case Block.interface:
      takeInterface(total)
    case Block.statistics:
      takeStatistics(total)
    case Block.names:
      takeNames(total)
    case Block.secrets where total >= 20:
      let (kind, length) = store.withBytes(range(8, 8)) { [swapped] in
        ($0.native32(0, swapped: swapped), Int($0.native32(4, swapped: swapped)))
      }
      if length <= total &- 20 { secrets.append((kind, range(16, length))) }
    default:
      break  // Comments, custom blocks, journals: nothing of the traffic is in them.
    }
    return false
  }

  private mutating func takePacket(
    _ total: Int, obsolete: Bool, _ frame: inout Frame
  ) throws(CaptureError) {
    guard total >= 32 else {
      anomalies.insert(.damagedRecord)
      throw failure(.badBlockLength, "a packet block has only \(total) bytes")
    }
    let (id, high, low, captured, original) = store.withBytes(range(8, 20)) { [swapped] in
      (
        obsolete ? UInt32($0.native16(0, swapped: swapped)) : $0.native32(0, swapped: swapped),
        $0.native32(4, swapped: swapped), $0.native32(8, swapped: swapped),
        Int($0.native32(12, swapped: swapped)), $0.native32(16, swapped: swapped)
      )
    }
    guard captured <= total &- 32 else {
      anomalies.insert(.damagedRecord)
      throw failure(
        .badRecordLength,
        "packet \(frames &+ 1) claims \(captured) captured bytes in a block of \(total)")
    }
    guard Int(id) < interfaces.count else {
      anomalies.insert(.damagedRecord)
      throw failure(
        .badInterfaceID,
        "packet \(frames &+ 1) names interface \(id), but \(interfaces.count) are described")
    }
    let interface = interfaces[Int(id)]
    frame.time = interface.resolution.timestamp(UInt64(high) << 32 | UInt64(low))
    frame.bytes = range(28, captured)
    frame.originalLength = Int(original)
    frame.linkType = interface.linkType
    frame.interface = interfaceBase &+ id
    frame.direction = 0
    if obsolete {
      // drops_count; all ones where it isn't known.
      let drops = store.withBytes(range(10, 2)) { [swapped] in $0.native16(0, swapped: swapped) }
      if drops != .max { countDrops(UInt64(drops)) }
    }
    let options = 28 &+ (captured &+ 3) / 4 * 4
    guard options &+ 4 < total &- 4, total <= remaining else { return }
    for option in self.options(from: options, to: total &- 4) {
      switch option.code {
      case 2 where option.content.count == 4:
        frame.direction = UInt8(truncatingIfNeeded: number32(option.content) & 3)
      case 4 where option.content.count == 8 && !obsolete:
        countDrops(number64(option.content))
      default: break
      }
    }
  }

  private mutating func takeSimplePacket(
    _ total: Int, _ frame: inout Frame
  ) throws(CaptureError) {
    guard total >= 16, let interface = interfaces.first else {
      anomalies.insert(.damagedRecord)
      throw failure(.badInterfaceID, "a simple packet, but no interface is described")
    }
    let original = store.withBytes(range(8, 4)) { [swapped] in
      Int($0.native32(0, swapped: swapped))
    }
    var captured = min(original, total &- 16)
    if interface.snapshotLength > 0 { captured = min(captured, Int(interface.snapshotLength)) }
    frame.time = .unknown
    frame.bytes = range(12, captured)
    frame.originalLength = original
    frame.linkType = interface.linkType
    frame.interface = interfaceBase
    frame.direction = 0
  }

  private mutating func takeInterface(_ total: Int) {
    guard total >= 20 else { return }
    let (type, snapshot) = store.withBytes(range(8, 8)) { [swapped] in
      ($0.native16(0, swapped: swapped), $0.native32(4, swapped: swapped))
    }
    var interface = PcapngInterface(
      linkType: LinkType(rawValue: UInt32(type)), snapshotLength: snapshot)
    for option in options(from: 16, to: total &- 4) {
      switch option.code {
      case 9 where option.content.count == 1:
        let offset = interface.resolution.offset
        interface.resolution = TimestampResolution(
          option: store.withBytes(option.content) { $0[0] })
        interface.resolution.offset = offset
      case 14 where option.content.count == 8:
        interface.resolution.offset = Int64(bitPattern: number64(option.content))
      default: break
      }
    }
    note(interface.linkType)
    snapshotLength = max(snapshotLength, Int(snapshot))
    interfaces.append(interface)
  }

  private mutating func takeStatistics(_ total: Int) {
    guard total >= 24 else { return }
    let id = store.withBytes(range(8, 4)) { [swapped] in
      Int($0.native32(0, swapped: swapped))
    }
    guard id < interfaces.count else { return }
    var drops: UInt64 = 0
    for option in options(from: 20, to: total &- 4)
    where option.content.count == 8 && (option.code == 5 || option.code == 7) {
      // isb_ifdrop and isb_osdrop: on the device and in the kernel.
      drops = drops.addingReportingOverflow(number64(option.content)).partialValue
    }
    // The counts of a statistics block are totals so far, not differences.
    guard drops > interfaces[id].drops else { return }
    countDrops(drops &- interfaces[id].drops)
    interfaces[id].drops = drops
  }

  private mutating func countDrops(_ drops: UInt64) {
    guard drops > 0 else { return }
    anomalies.insert(.captureDrops)
    let (sum, overflow) = kernelDrops.addingReportingOverflow(drops)
    kernelDrops = overflow ? .max : sum
  }

  /// Name resolution records: 1 is IPv4, 2 is IPv6; then names, each ended by a zero.
  private mutating func takeNames(_ total: Int) {
    var at = 8
    while at &+ 4 <= total &- 4 {
      let (type, length) = store.withBytes(range(at, 4)) { [swapped] in
        ($0.native16(0, swapped: swapped), Int($0.native16(2, swapped: swapped)))
      }
      let width = type == 1 ? 4 : type == 2 ? 16 : 0
      guard type != 0, at &+ 4 &+ length <= total &- 4 else { return }
      if width > 0, length > width {
        let content = store.bytes(range(at &+ 4, length))
        let address = content[..<width]
        for name in content[width...].split(separator: 0) {
          guard let key = IPAddress(bytes: address) else { continue }
          names[key, default: []].append(String(decoding: name, as: UTF8.self))
        }
      }
      at &+= 4 &+ (length &+ 3) / 4 * 4
    }
  }

  private func options(from start: Int, to end: Int) -> [(code: UInt16, content: ByteRange)] {
    var found: [(code: UInt16, content: ByteRange)] = []
    var at = start
    while at &+ 4 <= end {
      let (code, length) = store.withBytes(range(at, 4)) { [swapped] in
        ($0.native16(0, swapped: swapped), Int($0.native16(2, swapped: swapped)))
      }
      guard code != 0, at &+ 4 &+ length <= end else { break }
      found.append((code, range(at &+ 4, length)))
      at &+= 4 &+ (length &+ 3) / 4 * 4
    }
    return found
  }

  private func number32(_ range: ByteRange) -> UInt32 {
    store.withBytes(range) { [swapped] in $0.native32(0, swapped: swapped) }
  }

  private func number64(_ range: ByteRange) -> UInt64 {
    store.withBytes(range) { [swapped] in $0.native64(0, swapped: swapped) }
  }
}
