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
  /// What was there before stays until there is something to write in its place.
  private var isToBeEmptied = false
  /// The file that was made here, and goes again where nothing comes of it.
  private var madePath: String?

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
  /// gives up its rights before it writes. A device or a pipe of that name is written to as it is.
  ///
  /// - Parameter owner: user and group; `nil` for this process's.
  public init(
    inPlace path: String, owner: (user: UInt32, group: UInt32)?
  ) throws(OutputError) {
    let flags = O_WRONLY | O_NOFOLLOW | O_CLOEXEC
    var opened = unsafe open(path, flags | O_CREAT | O_EXCL, 0o600)
    let isMade = opened >= 0
    if !isMade, errno == EEXIST { opened = unsafe open(path, flags) }
    guard opened >= 0 else { throw Self.error(path, errno) }
    do throws(OutputError) {
      isToBeEmptied = try Self.take(opened, path, owner)
    } catch {
      close(opened)
      if isMade { unsafe unlink(path) }
      throw error
    }
    self.path = nil
    temporary = nil
    name = path
    descriptor = opened
    madePath = isMade ? path : nil
  }

  /// Makes an open file its owner's alone.
  ///
  /// - Returns: whether it is a file at all.
  private static func take(
    _ descriptor: Int32, _ path: String, _ owner: (user: UInt32, group: UInt32)?
  ) throws(OutputError) -> Bool {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw OutputError(path: path, number: errno)
    }
    // Devices are everybody's.
    guard status.st_mode & S_IFMT == S_IFREG else { return false }
    if let owner, fchown(descriptor, owner.user, owner.group) != 0 {
      throw OutputError(path: path, number: errno)
    }
    // Where it is another's that may be written, its readers stay that one's affair.
    _ = fchmod(descriptor, 0o600)
    return true
  }

  private static func error(_ path: String, _ number: Int32) -> OutputError {
    var status = stat()
    let isThere = unsafe lstat(path, &status) == 0
    let isLink = number == ELOOP && isThere && status.st_mode & S_IFMT == S_IFLNK
    return OutputError(path: path, number: number, isLink: isLink)
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
    if let madePath { unsafe unlink(madePath) }
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
    if !buffer.isEmpty { begin() }
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

  private func begin() {
    madePath = nil
    guard isToBeEmptied else { return }
    isToBeEmptied = false
    if ftruncate(descriptor, 0) != 0 { failure = errno }
  }

  /// Writes the rest; a file gets its name now.
  public func finish() throws(OutputError) {
    begin()
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
  /// It is a symbolic link, which might lead anywhere.
  public var isLink = false

  public var description: String {
    guard !isLink else {
      return "\(TerminalText.escape(path)): can't be written: it is a symbolic link, and none is "
        + "followed; give the path of the file itself"
    }
    let text = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    return "\(TerminalText.escape(path)): can't be written: \(text)"
  }
}
