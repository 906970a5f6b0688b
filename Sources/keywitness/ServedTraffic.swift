internal import LiteLLM
internal import Recording
internal import Redaction
internal import Reports
internal import Stub
internal import Synchronization
internal import Verdicts
internal import Wire

/// What passes through a server of this process: written to a file, and judged as it passes.
///
/// The judge reads it as `check` reads a pipe: the same code, the same verdicts.
final class ServedTraffic: Sendable {
  /// A file that several threads write to, one after the other.
  private final class File: Sendable {
    private let output: Mutex<ByteOutput>

    init(_ path: String) throws(OutputError) { output = Mutex(try ByteOutput(path: path)) }

    func write(_ bytes: [UInt8]) { output.withLock { $0.write(bytes) } }

    func finish() throws {
      let failure = output.withLock { output -> OutputError? in
        do throws(OutputError) {
          try output.finish()
          return nil
        } catch {
          return error
        }
      }
      if let failure { throw Failure.unreadable("\(failure)") }
    }
  }

  private let path: String?
  private let file: File?
  private let isRaw: Bool
  private let pipe: Int32?
  private let judge: SharedJudge?

  /// - Parameters:
  ///   - path: of the pcapng file; `nil` for none.
  ///   - isRaw: whether the file holds the keys as they were.
  ///   - options: what is judged by; `nil` where nothing is to be judged.
  init(path: String?, isRaw: Bool, judgedBy options: CheckOptions?) throws {
    do throws(OutputError) {
      file = try path.map { path throws(OutputError) in try File(path) }
    } catch {
      throw Failure.unreadable("\(error)")
    }
    self.path = path
    self.isRaw = isRaw
    judge = options.map(SharedJudge.init)
    guard options != nil else {
      pipe = nil
      return
    }
    guard let pipe = ProcessGuard.pipeToStandardInput() else {
      throw Failure.unreadable("the system has no more pipes; close some programs")
    }
    self.pipe = pipe
  }

  /// Who gets the traffic; `nil` where nobody wants it.
  var taps: Recording.Taps? {
    guard file != nil || pipe != nil else { return nil }
    let plainFile = isRaw ? file : nil
    var taps = Recording.Taps()
    if pipe != nil || plainFile != nil {
      taps.plain = { [pipe] bytes in
        if let pipe { _ = ProcessGuard.write(bytes, to: pipe) }
        plainFile?.write(bytes)
      }
    }
    if let file, !isRaw { taps.masked = { file.write($0) } }
    return taps
  }

  func verdict(_ redactor: Redactor) -> StubOptions.Verdict? { judge?.verdict(redactor) }

  /// Nothing more passes.
  func end() { if let pipe { ProcessGuard.close(pipe) } }

  /// Judges until ``end()``.
  ///
  /// - Parameter name: of what sends it, where no file has it.
  func check(_ run: inout CheckRun, name: String = "-") throws {
    // The file's name, for the commands that reports give.
    try run.check(.init(name: path ?? name, files: ["-"]), shared: judge, isKept: path != nil)
  }

  /// The file gets its name.
  func finish() throws { try file?.finish() }
}
