/// The bytes of one capture: its files, what was unpacked or came through a pipe, and what the
/// dissection had to put together itself. One ``ByteRange`` names any of them.
public final class CaptureStore {
  /// One input of the capture, in order.
  struct Source {
    var name: String
    /// Where its bytes begin in the store.
    var start: Int
    /// How many bytes of it can be read now.
    var available: Int
    /// Fed by a pipe or by inflation; `nil` for a mapped file.
    var stream: SpooledStream?
  }

  @usableFromInline let space: AddressSpace
  private(set) var sources: [Source] = []
  private let kept: KeptBytes
  private var releasedTo = 0
  private var releases = 0
  /// Of large files, where none is a pipe.
  private(set) var readAhead: ReadAhead?
  /// Of what was brought into the cache; nobody asks for it.
  private(set) var seen: UInt64 = 0

  // Kept in memory behind the cursor: what a retransmission is compared with, and bodies being
  // read.
  static let releaseSlack = 4 << 20
  static let releaseStep = 8 << 20

  /// Opens the files of one capture.
  ///
  /// - Parameter names: paths, or `-` for standard input.
  /// - Throws: ``CaptureError`` where one can't be opened.
  init(_ names: [String]) throws(CaptureError) {
    var inputs: [(name: String, descriptor: Descriptor, size: Int?)] = []
    for name in names {
      let descriptor = try Self.open(name)
      let compressed = descriptor.kind == .regular && Gzip.begins(descriptor)
      let mapped = descriptor.kind == .regular && !compressed
      inputs.append((name, descriptor, mapped ? descriptor.size : nil))
    }
    let mapped = inputs.reduce(0) { $0 &+ AddressSpace.roundedToPages($1.size ?? 0) }
    let streams = inputs.count { $0.size == nil }

    // A stream's length isn't known before its end. Address space costs nothing, but it may be
    // limited (ulimit -v): then less is reserved, and a longer input ends with an error.
    var room = 1 << 40
    var reserved: AddressSpace?
    while reserved == nil, room >= 1 << 24 {
      reserved = AddressSpace(size: mapped &+ (streams &+ 1) &* room)
      if reserved == nil { room >>= 2 }
    }
    guard let reserved else {
      throw CaptureError(
        .noSpool, "no address space for \(mapped) bytes; raise the limit (ulimit -v)",
        file: names.first ?? "-")
    }
    self.space = reserved

    var offset = 0
    for input in inputs {
      if let size = input.size {
        guard reserved.map(input.descriptor.number, count: size, at: offset) else {
          throw CaptureError(.unreadable, "can't be mapped into memory", file: input.name)
        }
        sources.append(Source(name: input.name, start: offset, available: size, stream: nil))
        offset &+= AddressSpace.roundedToPages(size)
      } else {
        let stream = try SpooledStream(
          input.descriptor, name: input.name,
          spool: Spool(in: reserved, at: offset, capacity: room, for: input.name))
        sources.append(Source(name: input.name, start: offset, available: 0, stream: stream))
        offset &+= room
      }
    }
    kept = KeptBytes(in: reserved, at: offset, capacity: room)
    if streams == 0 { readAhead = ReadAhead(reserved, 0..<offset) }
  }

  private static func open(_ name: String) throws(CaptureError) -> Descriptor {
    if name == "-" { return Descriptor(owning: 0) }
    switch Descriptor.opening(name) {
    case .success(let descriptor):
      return descriptor
    case .failure(let error) where error.isNotFound:
      throw CaptureError(.notFound, "no such file; give a pcap or pcapng file", file: name)
    case .failure(let error):
      throw CaptureError(.unreadable, "can't be opened: \(error.text)", file: name)
    }
  }

  /// Reads on in a pipe or a compressed file.
  ///
  /// - Returns: `false` at the end of the input, and for a mapped file, which is there as a whole.
  func extend(source index: Int) throws(CaptureError) -> Bool {
    guard let stream = sources[index].stream else { return false }
    let more = try stream.advance()
    sources[index].available = stream.spool.count
    return more
  }

  @inlinable
  @inline(__always)
  public func withBytes<R, E: Error>(
    _ range: ByteRange, _ body: (borrowing Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try space.withBytes(range, body)
  }

  /// A copy of the bytes of a range.
  public func bytes(_ range: ByteRange) -> [UInt8] {
    withBytes(range) { span in
      var copy: [UInt8] = []
      copy.reserveCapacity(span.count)
      span.append(to: &copy)
      return copy
    }
  }

  /// Keeps bytes that stand nowhere in the capture as one run: a datagram put together from
  /// fragments, or what was decrypted.
  ///
  /// - Returns: `nil` where there is no room left for them.
  public func keep(_ bytes: [UInt8]) -> ByteRange? {
    kept.keep(bytes)
  }

  /// How much is brought in at once: what the cache of one core holds.
  private static let loadSize = 64 << 10

  /// Brings bytes that are about to be walked over into the cache. A walk that only looks at headers
  /// jumps from one to the next, and waits for memory at each; in order they come twice as fast.
  ///
  /// - Returns: the end of what was brought in.
  func load(from offset: Int, atMost limit: Int) -> Int {
    readAhead?.note(walked: offset)
    let range = ByteRange(offset: offset, count: min(limit, Self.loadSize))
    seen ^= withBytes(range) { $0.glance }
    return range.end
  }

  /// Tells that everything before `offset` has been walked over.
  func release(before offset: Int) {
    guard offset &- Self.releaseSlack >= releasedTo &+ Self.releaseStep else { return }
    if let readAhead {
      readAhead.release(before: offset &- Self.releaseSlack)
    } else {
      releases &+= 1
      space.release(before: offset &- Self.releaseSlack, time: releases)
    }
    releasedTo = offset &- Self.releaseSlack
  }
}
