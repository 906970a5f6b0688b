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

  /// - Parameter file: that keeps it; readable up to its last whole block whatever happens.
  init(_ writer: PcapngWriter, limits: CaptureLoop.Limits, file: sending ByteOutput?) throws {
    loop = CaptureLoop(writer, limits: limits)
    self.file = Mutex(file)
    guard let pipe = ProcessGuard.pipeToStandardInput() else {
      throw Failure.unreadable("the system has no more pipes; close some programs")
    }
    self.pipe = pipe
  }

  var progress: CaptureLoop.Progress { loop.current }

  func stop() { loop.stop() }

  /// Captures until it is stopped, on the thread that calls it.
  func run(_ device: LiveDevice) {
    loop.run(device, clock: UnsafeSystem.wallClock) { blocks in
      keep(blocks)
      return ProcessGuard.write(blocks, to: pipe)
    }
    hasEnded.store(true, ordering: .releasing)
    ProcessGuard.close(pipe)
  }

  var isOver: Bool { hasEnded.load(ordering: .acquiring) }

  /// A full disk ends the file, and nothing else.
  private func keep(_ blocks: [UInt8]) {
    file.withLock { file in
      guard let output = file else { return }
      output.write(blocks)
      output.flush()
      guard output.hasFailed || output.isClosed else { return }
      finish(&file)
      Diagnostics.error("the file ends here; capturing goes on")
    }
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
    file.withLock { finish(&$0) }
    return fileFailure.withLock { $0 }
  }
}
