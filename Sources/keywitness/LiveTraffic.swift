internal import Capture
internal import Redaction
internal import Reports
internal import Sockets
internal import Synchronization
internal import Wire

/// What a device captures, on its way to the judge and to a file.
final class LiveTraffic: Sendable {
  private let loop: CaptureLoop
  private let pipe: Int32
  private let hasEnded = Atomic(false)
  private let file: Mutex<ByteOutput?>
  private let fileFailure = Mutex<OutputError?>(nil)
  /// What the file is still to get: a disk that pauses must not keep anybody from taking packets.
  private let queue = Mutex(Queue())
  private let isWritten = Atomic(true)

  /// The first blocks, until they are asked for: whoever sees no request wants to know what there is.
  private let beginning = Mutex<[UInt8]?>([])
  private static let beginningLimit = 8 << 20

  private struct Queue {
    var blocks: [[UInt8]] = []
    var bytes = 0
    var isAtEnd = false
  }

  /// So much may wait for the disk, in bytes; then the kernel's buffer fills, and its drops are told.
  private static let queueLimit = 256 << 20

  /// - Parameter file: that keeps it; readable up to its last whole block whatever happens.
  init(_ writer: PcapngWriter, limits: CaptureLoop.Limits, file: sending ByteOutput?) throws {
    loop = CaptureLoop(writer, limits: limits)
    let hasFile = file != nil
    self.file = Mutex(file)
    guard let pipe = ProcessGuard.pipeToStandardInput() else {
      throw Failure.unreadable("the system has no more pipes; close some programs")
    }
    self.pipe = pipe
    guard hasFile else { return }
    isWritten.store(false, ordering: .releasing)
    guard BackgroundThread.start({ self.write() }) else {
      throw Failure.unreadable("the system has no more threads")
    }
  }

  var progress: CaptureLoop.Progress { loop.current }

  func stop() { loop.stop() }

  /// Puts a remark into the file.
  func note(_ remark: String) { loop.note(remark) }

  /// Captures until it is stopped, on the thread that calls it.
  func run(_ device: LiveDevice) {
    loop.run(device, clock: UnsafeSystem.wallClock) { blocks in
      begin(blocks)
      keep(blocks)
      return ProcessGuard.write(blocks, to: pipe)
    }
    hasEnded.store(true, ordering: .releasing)
    ProcessGuard.close(pipe)
  }

  var isOver: Bool { hasEnded.load(ordering: .acquiring) }

  private func begin(_ blocks: [UInt8]) {
    beginning.withLock {
      guard let kept = $0, kept.count < Self.beginningLimit else { return }
      $0?.append(contentsOf: blocks)
    }
  }

  /// Hands out the first blocks, and remembers no more.
  func takeBeginning() -> [UInt8] {
    beginning.withLock { kept in
      defer { kept = nil }
      return kept ?? []
    }
  }

  private func keep(_ blocks: [UInt8]) {
    guard !isWritten.load(ordering: .acquiring) else { return }
    while true {
      let isTaken = queue.withLock { queue in
        guard queue.bytes < Self.queueLimit else { return false }
        queue.blocks.append(blocks)
        queue.bytes += blocks.count
        return true
      }
      if isTaken || isWritten.load(ordering: .acquiring) { return }
      BackgroundThread.sleep(milliseconds: 1)
    }
  }

  /// Writes what waits, on a thread of its own, until nothing more comes.
  private func write() {
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
      let isWhole = file.withLock { write(blocks, to: &$0) }
      queue.withLock { $0.bytes -= blocks.reduce(0) { $0 + $1.count } }
      if !isWhole { break }
    }
    isWritten.store(true, ordering: .releasing)
  }

  /// A full disk ends the file, and nothing else.
  private func write(_ blocks: [[UInt8]], to file: inout ByteOutput?) -> Bool {
    guard let output = file else { return false }
    for part in blocks { output.write(part) }
    output.flush()
    guard output.hasFailed || output.isClosed else { return true }
    finish(&file)
    Diagnostics.error("the file ends here; capturing goes on")
    return false
  }

  private func finish(_ file: inout ByteOutput?) {
    guard let output = file else { return }
    file = nil
    do throws(OutputError) {
      try output.finish()
    } catch {
      fileFailure.withLock { $0 = error }
    }
  }

  /// - Returns: why the file isn't whole; `nil` where it is.
  func finish() -> OutputError? {
    queue.withLock { $0.isAtEnd = true }
    while !isWritten.load(ordering: .acquiring) { BackgroundThread.sleep(milliseconds: 1) }
    file.withLock { finish(&$0) }
    return fileFailure.withLock { $0 }
  }
}
