internal import Capture
internal import Reports
internal import Sockets
internal import Synchronization
internal import Wire

/// What a device captures, on its way to the judge and to a file.
final class LiveTraffic: Sendable {
  private let loop: CaptureLoop
  private let writer: PcapngWriter
  private let pipe: Int32
  private let hasEnded = Atomic(false)
  private let file: LiveFile?

  /// Blocks that nobody has asked for yet: whoever sees no request wants to know what there is.
  private let beginning = Mutex<[UInt8]?>([])
  private static let beginningLimit = 8 << 20

  init(_ writer: PcapngWriter, limits: CaptureLoop.Limits, file: LiveFile?) throws {
    loop = CaptureLoop(writer, limits: limits)
    self.writer = writer
    self.file = file
    guard let pipe = ProcessGuard.pipeToStandardInput() else {
      throw Failure.unreadable("the system has no more pipes; close some programs")
    }
    self.pipe = pipe
    try file?.start(header: writer.header)
  }

  var progress: CaptureLoop.Progress { loop.current }

  func stop() { loop.stop() }

  /// Puts a remark into the file.
  func note(_ remark: String) {
    loop.insert(writer.remark(remark, at: UnsafeSystem.wallClock()))
  }

  /// Hands on lines of a key log, to whoever judges and into the file.
  func add(keyLog lines: [String]) {
    let block = PcapngWriter.secrets(Array(lines.map { $0 + "\n" }.joined().utf8))
    file?.remember(block)
    loop.insert(block)
  }

  /// Captures until it is stopped, on the thread that calls it.
  func run(_ device: LiveDevice) {
    // The file has its header already.
    var isHeader = true
    loop.run(device, clock: UnsafeSystem.wallClock) { blocks in
      begin(blocks)
      if !isHeader { file?.append(blocks) }
      isHeader = false
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

  /// Hands out the blocks since the last time.
  func takeBeginning() -> [UInt8] {
    beginning.withLock { kept in
      defer { if kept != nil { kept = [] } }
      return kept ?? []
    }
  }

  /// Remembers no more.
  func forgetBeginning() { beginning.withLock { $0 = nil } }

  /// - Returns: why the file isn't whole; `nil` where it is.
  func finish() -> OutputError? { file?.finish() }
}
