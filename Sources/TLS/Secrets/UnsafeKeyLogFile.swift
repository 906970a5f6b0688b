// Unsafe on purpose: reads a file by its descriptor, from where the last look ended.

internal import Glibc

/// Why a key log can't be read.
public struct KeyLogError: Error, Sendable, Equatable {
  /// What is wrong, in one line.
  public var message: String
  /// The file, as the user named it.
  public var file: String
}

/// A key log on disk, which its program may still be appending to: reads what is new since the last
/// look, and reads anew where the file was cut or replaced.
public struct KeyLogFile: Sendable {
  public let path: String
  /// How much of the file was read, in bytes.
  private var offset = 0
  private var lines = KeyLogLines()
  private var identity: Identity

  private struct Identity: Equatable {
    var device: UInt64
    var inode: UInt64
  }

  /// - Throws: where the file isn't there, isn't one, or can't be read.
  public init(path: String) throws(KeyLogError) {
    self.path = path
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw Self.failure(path, errno) }
    defer { close(file) }
    guard let found = Self.look(at: file) else {
      throw KeyLogError(
        message: "the key log \(path) is not a regular file; write it to one and name that",
        file: path)
    }
    identity = found.identity
  }

  /// Lines of the file that aren't of a key log.
  public var badLines: Int { lines.badLines }
  /// The number of the first of them, from 1.
  public var firstBadLine: Int? { lines.firstBadLine }

  /// Says that nobody appends any more: a last line counts without its line feed.
  public mutating func finish(into log: inout KeyLog) { lines.finish(&log) }

  /// Reads what is new.
  ///
  /// - Returns: whether there was any. `false` too where the file is gone or can't be read any more.
  public mutating func refresh(into log: inout KeyLog) -> Bool {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return false }
    defer { close(file) }
    guard let found = Self.look(at: file) else { return false }
    if found.identity != identity || found.size < offset {
      identity = found.identity
      offset = 0
      lines = KeyLogLines()
    }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var isNew = false
    // Not beyond the size that was found: whoever appends may be faster than this.
    while offset < found.size {
      let wanted = min(piece.count, found.size &- offset)
      let count = unsafe piece.withUnsafeMutableBytes {
        unsafe pread(file, $0.baseAddress, wanted, off_t(offset))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      lines.add(Array(piece[..<count]), to: &log)
      offset &+= count
      isNew = true
    }
    return isNew
  }

  private static func look(at file: Int32) -> (identity: Identity, size: Int)? {
    var status = stat()
    guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    return (identity, Int(status.st_size))
  }

  private static func failure(_ path: String, _ code: Int32) -> KeyLogError {
    let reason = unsafe String(cString: strerror(code))
    return KeyLogError(message: "the key log \(path) can't be read: \(reason)", file: path)
  }
}
