internal import ArgumentParser
internal import DequeModule
internal import Redaction
internal import Reports
internal import Sockets
internal import Synchronization
internal import Verdicts
internal import Wire

/// Several files, of which the oldest make room: `10x100M`, `24x1h`.
struct FileRing: ExpressibleByArgument, Sendable {
  enum Limit: Sendable {
    case bytes(Int)
    case nanoseconds(Int64)
  }

  var count: Int
  var limit: Limit

  init?(argument: String) {
    let parts = argument.split(separator: "x", maxSplits: 1)
    guard parts.count == 2, let count = Int(parts[0]), 2...10_000 ~= count else { return nil }
    self.count = count
    // Sizes are written in capitals, so that 10M and 10m are different things.
    if parts[1].last?.isLowercase != true,
      let size = CaptureCommand.Size(argument: String(parts[1]))
    {
      limit = .bytes(size.bytes)
    } else if let time = DurationText.nanoseconds(String(parts[1])), time > 0 {
      limit = .nanoseconds(time)
    } else {
      return nil
    }
  }
}

/// The pcapng that a live capture is kept in: written on a thread of its own, readable up to its last
/// whole block whatever happens.
final class LiveFile: Sendable {
  private struct Queue {
    var blocks: [[UInt8]] = []
    var bytes = 0
    var isAtEnd = false
  }

  private struct Writing {
    var output: ByteOutput?
    var failure: OutputError?
    /// Of the file that is being written, its secrets left out, in bytes; and when it was begun.
    var size = 0
    var began: Int64 = 0
    /// Files so far, and the names of those that are there.
    var number = 1
    var names: [String] = []
    /// What stands in front of each file's packets: the section's beginning, and the latest secrets.
    var header: [UInt8] = []
    var secrets: Deque<[UInt8]> = []
    var secretBytes = 0
    var hasForgotten = false
  }

  private let path: String
  private let ring: FileRing?
  private let writing: Mutex<Writing>
  /// A disk that pauses must not keep anybody from taking packets.
  private let queue = Mutex(Queue())
  private let isWritten = Atomic(false)

  /// So much may wait for the disk, in bytes; then the kernel's buffer fills, and its drops are told.
  private static let queueLimit = 256 << 20
  /// Of the secrets at the beginning of a file, in bytes, and never more than its packets may have.
  private static let secretLimit = 16 << 20

  /// Opens it, or the first of the ring.
  ///
  /// - Parameters:
  ///   - path: `-` is standard output.
  ///   - owner: user and group; `nil` for this process's.
  init(
    _ path: String, ring: FileRing?, owner: (user: UInt32, group: UInt32)?
  ) throws(OutputError) {
    self.path = path
    self.ring = ring
    let name = ring == nil ? path : Self.name(path, 1)
    var writing = Writing(
      output: path == "-" ? ByteOutput() : try ByteOutput(inPlace: name, owner: owner))
    writing.names = [name]
    self.writing = Mutex(writing)
  }

  /// `agent_00001.pcapng` of `agent.pcapng`.
  private static func name(_ path: String, _ number: Int) -> String {
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else {
      return "\(path)_\(padded)"
    }
    return "\(path[..<dot])_\(padded)\(path[dot...])"
  }

  /// The folder that the files of a ring are made in.
  static func folder(_ path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  /// Files of an earlier ring of that name, which nobody could tell from those of a new one.
  static func earlierFiles(_ path: String) -> [String] {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let end = path.lastIndex(of: ".").flatMap { $0 >= start ? $0 : nil } ?? path.endIndex
    let (stem, kind) = (path[start..<end] + "_", path[end...])
    let names = CaptureSeries.names(in: folder(path))
    return (names.captures + names.others).filter { name in
      guard name.hasPrefix(stem), name.hasSuffix(kind), name.count > stem.count + kind.count else {
        return false
      }
      let number = name.dropFirst(stem.count).dropLast(kind.count)
      return number.count >= 5 && number.allSatisfy { $0.isASCII && $0.isNumber }
    }
  }

  /// Starts writing: from now on the file is one that can be read.
  ///
  /// - Parameter header: what stands in front of each file's packets.
  func start(header: [UInt8]) throws {
    writing.withLock {
      $0.header = header
      $0.output?.write(header)
      $0.output?.flush()
      $0.size = header.count
      $0.began = ProcessGuard.monotonicTime()
    }
    guard BackgroundThread.start({ self.run() }) else {
      throw Failure.unreadable("the system has no more threads")
    }
  }

  /// Keeps secrets for the beginnings of later files, the latest ones.
  func remember(_ secrets: [UInt8]) {
    guard let ring else { return }
    let limit =
      if case .bytes(let limit) = ring.limit { min(limit, Self.secretLimit) } else {
        Self.secretLimit
      }
    let isFirst = writing.withLock { writing in
      writing.secrets.append(secrets)
      writing.secretBytes += secrets.count
      var isFirst = false
      while writing.secretBytes > limit, let oldest = writing.secrets.popFirst() {
        writing.secretBytes -= oldest.count
        isFirst = !writing.hasForgotten
        writing.hasForgotten = true
      }
      return isFirst
    }
    guard isFirst else { return }
    Diagnostics.warning(
      "more TLS keys than a file of the ring has room for: later files lack the oldest ones")
  }

  /// Takes whole blocks.
  func append(_ blocks: [UInt8]) {
    while !isWritten.load(ordering: .acquiring) {
      let isTaken = queue.withLock { queue in
        guard queue.bytes < Self.queueLimit else { return false }
        queue.blocks.append(blocks)
        queue.bytes += blocks.count
        return true
      }
      if isTaken { return }
      BackgroundThread.sleep(milliseconds: 1)
    }
  }

  private func run() {
    while true {
      let (blocks, isAtEnd) = queue.withLock { queue in
        defer { queue.blocks.removeAll() }
        return (queue.blocks, queue.isAtEnd)
      }
      guard !blocks.isEmpty else {
        if isAtEnd { break }
        BackgroundThread.sleep(milliseconds: 2)
        continue
      }
      let isWhole = writing.withLock { write(blocks, &$0) }
      queue.withLock { $0.bytes -= blocks.reduce(0) { $0 + $1.count } }
      if !isWhole { break }
    }
    isWritten.store(true, ordering: .releasing)
  }

  /// A full disk ends the file, and nothing else.
  private func write(_ blocks: [[UInt8]], _ writing: inout Writing) -> Bool {
    for part in blocks {
      var rest = part[...]
      while !rest.isEmpty {
        let room = room(writing)
        if room <= 0 {
          guard turn(&writing) else { return false }
          continue
        }
        let end = Self.end(of: rest, within: room, isEmpty: writing.size == writing.header.count)
        guard end > rest.startIndex else {
          guard turn(&writing) else { return false }
          continue
        }
        writing.output?.write(Array(rest[..<end]))
        writing.size += end - rest.startIndex
        rest = rest[end...]
      }
    }
    writing.output?.flush()
    guard let output = writing.output, output.hasFailed || output.isClosed else { return true }
    Self.finish(&writing)
    // Whoever read it has gone.
    guard let failure = writing.failure else { return false }
    Diagnostics.error("\(failure); the file ends here; capturing goes on")
    return false
  }

  /// Bytes that the file may still get; a block is never cut.
  private func room(_ writing: Writing) -> Int {
    switch ring?.limit {
    case nil: .max
    case .bytes(let limit): max(1, limit - writing.size)
    case .nanoseconds(let limit):
      ProcessGuard.monotonicTime() &- writing.began < limit ? .max : 0
    }
  }

  /// Where the last block ends that has room; in an empty file the first one has.
  private static func end(
    of blocks: ArraySlice<UInt8>, within room: Int, isEmpty: Bool
  ) -> Int {
    guard blocks.count > room else { return blocks.endIndex }
    var end = blocks.startIndex
    while end + 8 <= blocks.endIndex {
      let length = (0..<4).reduce(0) { $0 | Int(blocks[end + 4 + $1]) << (8 * $1) }
      guard length >= 12, end + length <= blocks.endIndex else { return blocks.endIndex }
      if end > blocks.startIndex || !isEmpty, end + length - blocks.startIndex > room { break }
      end += length
    }
    return end
  }

  /// The next file of the ring; the oldest makes room.
  private func turn(_ writing: inout Writing) -> Bool {
    Self.finish(&writing)
    if let failure = writing.failure {
      Diagnostics.error("\(failure); no more files are written; capturing goes on")
      return false
    }
    writing.number += 1
    let name = Self.name(path, writing.number)
    do throws(OutputError) {
      writing.output = try ByteOutput(inPlace: name, owner: nil)
    } catch {
      writing.failure = error
      Diagnostics.error("\(error); no more files are written; capturing goes on")
      return false
    }
    writing.names.append(name)
    if let ring, writing.names.count > ring.count {
      ProcessGuard.remove(writing.names.removeFirst())
    }
    writing.output?.write(writing.header)
    for secrets in writing.secrets { writing.output?.write(secrets) }
    writing.size = writing.header.count
    writing.began = ProcessGuard.monotonicTime()
    return true
  }

  private static func finish(_ writing: inout Writing) {
    guard let output = writing.output else { return }
    writing.output = nil
    do throws(OutputError) {
      try output.finish()
    } catch {
      writing.failure = error
    }
  }

  /// Writes what waits.
  ///
  /// - Returns: why it isn't whole; `nil` where it is.
  func finish() -> OutputError? {
    queue.withLock { $0.isAtEnd = true }
    while !isWritten.load(ordering: .acquiring) { BackgroundThread.sleep(milliseconds: 1) }
    return writing.withLock {
      Self.finish(&$0)
      return $0.failure
    }
  }
}
