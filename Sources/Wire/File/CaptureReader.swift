/// Reads the frames of a capture: the pcap and pcapng files of one series, one behind the other.
///
/// Damage is told once, by throwing; what was read before it counts. A file that only ends in the
/// middle of a record is no error: ``anomalies`` names it.
public struct CaptureReader: ~Copyable {
  public enum Format: String, Sendable { case pcap, pcapng }

  public let store: CaptureStore
  public internal(set) var format: Format?
  /// Link types in order of appearance.
  public internal(set) var linkTypes: [LinkType] = []
  /// The largest snapshot length named, in bytes; 0 where none is.
  public internal(set) var snapshotLength = 0
  /// Packets that the capturing kernel or device says it dropped.
  public internal(set) var kernelDrops: UInt64 = 0
  public internal(set) var anomalies: AnomalySet = []
  /// Names of addresses, from pcapng name resolution blocks.
  public internal(set) var names: [IPAddress: [String]] = [:]
  /// Decryption secrets blocks of a pcapng: type and content.
  public internal(set) var secrets: [(type: UInt32, content: ByteRange)] = []

  var sourceIndex = 0
  private let sourceCount: Int
  /// The next byte to read, relative to the current source.
  var cursor = 0
  var opened = false
  /// Of the current source: where it begins in the store, and how much of it can be read now.
  private var start = 0
  private var available = 0
  var swapped = false
  var frames: Int32 = 0
  // pcap
  var nanosecondsOfUnit: Int64 = 1000
  var linkType = LinkType.ethernet
  var recordHeaderLength = 16
  // pcapng
  var interfaces: [PcapngInterface] = []
  var interfaceBase: UInt32 = 0
  private var releaseAt = 16 << 20
  private var loadedTo = 0
  /// Up to where packets may begin before which there is nothing else to be done, relative to the current
  /// source.
  private var quietTo = 0

  /// - Parameter names: the files of one capture, in order, or `-` for standard input.
  public init(files names: [String]) throws(CaptureError) {
    store = try CaptureStore(names)
    sourceCount = store.sources.count
  }

  /// The name of the file being read.
  public var file: String {
    sourceIndex < store.sources.count ? store.sources[sourceIndex].name : "-"
  }

  /// Where the next record begins in the file being read, in bytes.
  public var offset: Int { cursor }

  /// Reads the next frame.
  ///
  /// - Returns: `false` at the end of the capture.
  public mutating func next(_ frame: inout Frame) throws(CaptureError) -> Bool {
    quietTo = 0
    while sourceIndex < sourceCount {
      if !opened {
        start = store.sources[sourceIndex].start
        available = store.sources[sourceIndex].available
        try open()
        opened = true
      }
      let found =
        format == .pcap ? try nextRecord(&frame) : try nextBlock(&frame)
      if found {
        frames &+= 1
        frame.number = frames
        if frame.bytes.offset >= loadedTo {
          loadedTo = store.load(
            from: frame.bytes.offset, atMost: start &+ available &- frame.bytes.offset)
        }
        if frame.bytes.offset >= releaseAt {
          store.release(before: frame.bytes.offset)
          releaseAt = frame.bytes.offset &+ (8 << 20)
        }
        if !swapped, format == .pcapng || recordHeaderLength == Self.plainHeaderLength {
          // Where its content begins, counts.
          quietTo = min(loadedTo, releaseAt) &- start &- Self.packetHeaderLength
        }
        return true
      }
      sourceIndex &+= 1
      cursor = 0
      opened = false
    }
    return false
  }

  /// Reads the next frame where that is nothing but the next packet of the same file, written in this
  /// machine's order, and all of it is there: the short way of ``next(_:)``.
  ///
  /// - Parameter frame: as it was left, which holds the facts of the file.
  /// - Returns: `false` where there is more to it; then nothing was done.
  @inline(always)
  mutating func nextPlain(_ frame: inout Frame) -> Bool {
    guard cursor < quietTo else { return false }
    let found =
      format == .pcap ? takePlainRecord(&frame) : takePlainPacket(&frame, swapped: false)
    guard found else { return false }
    frames &+= 1
    frame.number = frames
    return true
  }

  /// Makes sure that `count` bytes from the cursor on can be read.
  @inline(__always)
  mutating func has(_ count: Int) throws(CaptureError) -> Bool {
    if count <= available &- cursor { return true }
    return try waitFor(count)
  }

  private mutating func waitFor(_ count: Int) throws(CaptureError) -> Bool {
    while count > available &- cursor {
      guard try store.extend(source: sourceIndex) else { return false }
      available = store.sources[sourceIndex].available
    }
    return true
  }

  /// A range relative to the cursor, in the store's terms.
  @inline(__always)
  func range(_ offset: Int, _ count: Int) -> ByteRange {
    ByteRange(offset: start &+ cursor &+ offset, count: count)
  }

  var isAtEnd: Bool { available == cursor }

  /// How many bytes can be read from the cursor on; at the end of the input, how many are left.
  var remaining: Int { available &- cursor }

  func failure(_ code: CaptureError.Code, _ message: String) -> CaptureError {
    CaptureError(code, message, file: file, offset: cursor)
  }

  mutating func endsInTheMiddle() -> Bool {
    if !isAtEnd { anomalies.insert(.truncatedFile) }
    return false
  }

  mutating func note(_ type: LinkType) {
    if !linkTypes.contains(type) { linkTypes.append(type) }
  }

  private mutating func open() throws(CaptureError) {
    guard try has(4) else {
      guard !isAtEnd else {
        throw failure(.emptyFile, "is empty (0 bytes); the capture was never written")
      }
      throw failure(.notACapture, "is too short to be a pcap or pcapng file")
    }
    let magic = store.withBytes(range(0, 4)) { $0.big32(0) }
    if magic == 0x0A0D_0D0A {
      format = .pcapng
      interfaceBase &+= UInt32(truncatingIfNeeded: interfaces.count)
      interfaces = []
    } else {
      try openPcap(magic)
      format = .pcap
    }
  }
}
