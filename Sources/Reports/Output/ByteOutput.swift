internal import Glibc
internal import Redaction

/// Where a report goes: standard output, or a file that appears only when it is complete.
///
/// One writer, buffered, flushed in one place.
public final class ByteOutput {
  private let descriptor: Int32
  private let path: String?
  private let temporary: String?
  /// In messages.
  private let name: String
  private var buffer: [UInt8] = []
  /// The reader has gone away (`| head`): nothing is written any more, and nothing is wrong.
  public private(set) var isClosed = false
  private var failure: Int32 = 0
  private var isFinished = false

  /// Standard output, or another descriptor that is open already.
  public init(descriptor: Int32 = 1) {
    self.descriptor = descriptor
    path = nil
    temporary = nil
    name = "standard output"
  }

  /// A file, readable by its owner only. It is written under a temporary name beside its place.
  public init(path: String) throws(OutputError) {
    let temporary = "\(path).\(getpid()).partial"
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let opened = unsafe open(temporary, flags, 0o600)
    guard opened >= 0 else { throw OutputError(path: path, number: errno) }
    self.path = path
    self.temporary = temporary
    name = path
    descriptor = opened
  }

  /// A file that has its name from the beginning, and belongs to somebody else: for a process that
  /// gives up its rights before it writes.
  ///
  /// - Parameter owner: user and group; `nil` for this process's.
  public init(
    inPlace path: String, owner: (user: UInt32, group: UInt32)?
  ) throws(OutputError) {
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
    let opened = unsafe open(path, flags, 0o600)
    guard opened >= 0 else { throw OutputError(path: path, number: errno) }
    if let owner, fchown(opened, owner.user, owner.group) != 0 {
      let number = errno
      close(opened)
      throw OutputError(path: path, number: number)
    }
    self.path = nil
    temporary = nil
    name = path
    descriptor = opened
  }

  /// Whether all that was written so far could be.
  public var hasFailed: Bool { failure != 0 }

  /// Appends to a file that somebody else made (GITHUB_STEP_SUMMARY).
  public init(appendingTo path: String) throws(OutputError) {
    let opened = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard opened >= 0 else { throw OutputError(path: path, number: errno) }
    self.path = nil
    temporary = nil
    name = path
    descriptor = opened
  }

  /// What was begun and came to nothing leaves nothing behind.
  deinit {
    if let temporary, !isFinished { unsafe unlink(temporary) }
  }

  /// Where a file's bytes are until it gets its name.
  public var writtenPath: String { temporary ?? path ?? "-" }

  public func write(_ bytes: [UInt8]) {
    guard !isClosed else { return }
    buffer += bytes
    if buffer.count >= 1 << 16 { flush() }
  }

  public func write(_ text: String) { write(Array(text.utf8)) }

  public func flush() {
    unsafe buffer.withUnsafeBytes { source in
      var done = 0
      while done < source.count, !isClosed, let start = source.baseAddress {
        let count = unsafe Glibc.write(descriptor, start + done, source.count - done)
        if count >= 0 {
          done += count
        } else if errno != EINTR {
          isClosed = true
          if errno != EPIPE { failure = errno }
        }
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes the rest; a file gets its name now.
  public func finish() throws(OutputError) {
    flush()
    if let path, let temporary {
      guard failure == 0, fsync(descriptor) == 0, unsafe rename(temporary, path) == 0 else {
        let number = failure == 0 ? errno : failure
        unsafe unlink(temporary)
        throw OutputError(path: path, number: number)
      }
      isFinished = true
    }
    if descriptor > 2 { close(descriptor) }
    guard failure == 0 else {
      throw OutputError(path: name, number: failure)
    }
  }
}

/// Why something could not be written.
public struct OutputError: Error, Sendable, CustomStringConvertible {
  public var path: String
  /// Of the system.
  public var number: Int32

  public var description: String {
    let text = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    return "\(TerminalText.escape(path)): can't be written: \(text)"
  }
}
