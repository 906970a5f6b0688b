// Unsafe on purpose: reads a file by its descriptor, from where the last look ended.

internal import Glibc

/// A file that somebody appends to: gives what is new since the last look, and begins anew where it was
/// cut or replaced.
public struct GrowingFile: Sendable {
  /// Why it can't be read.
  public enum Failure: Error, Sendable {
    /// `errno`
    case system(Int32)
    /// A folder, a pipe, a device.
    case notRegular
  }

  private struct Identity: Equatable {
    var device: UInt64
    var inode: UInt64
  }

  private let path: String
  /// Links are followed as a process sees them whose root this is (`/proc/PID/root`).
  private let root: String?
  /// How much of the file was read, in bytes.
  private var offset = 0
  private var identity: Identity?

  /// - Parameter root: the folder that `path` is in, and that no link leads out of.
  public init(_ path: String, root: String? = nil) {
    self.path = path
    self.root = root
  }

  /// Says why it can't be read now, where it can't.
  public mutating func check() throws(Failure) {
    let (file, found, _) = try opened()
    close(file)
    identity = found
  }

  /// Reads what is new.
  ///
  /// - Parameters:
  ///   - restart: called where what was read belongs to another file, or to none any more.
  ///   - body: takes the new bytes, some at a time.
  /// - Returns: whether there were any. `false` too where it isn't there, or can't be read.
  public mutating func readNew(restart: () -> Void, body: ([UInt8]) -> Void) -> Bool {
    guard let (file, found, size) = try? opened() else { return false }
    defer { close(file) }
    if found != identity || size < offset {
      if offset > 0 { restart() }
      identity = found
      offset = 0
    }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var isNew = false
    // Not beyond the size that was found: whoever appends may be faster than this.
    while offset < size {
      let wanted = min(piece.count, size &- offset)
      let count = unsafe piece.withUnsafeMutableBytes {
        unsafe pread(file, $0.baseAddress, wanted, off_t(offset))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      body(Array(piece[..<count]))
      offset &+= count
      isNew = true
    }
    return isNew
  }

  private func opened() throws(Failure) -> (file: Int32, identity: Identity, size: Int) {
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK
    let file: Int32
    if let root {
      file = Self.open(path, in: root, flags)
    } else {
      file = unsafe Glibc.open(path, flags)
    }
    guard file >= 0 else { throw .system(errno) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(file)
      throw .notRegular
    }
    let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    return (file, identity, Int(status.st_size))
  }

  /// openat2 with RESOLVE_IN_ROOT (Linux 5.6), which has no function in C. Where the system doesn't know
  /// it, nothing is opened.
  private static func open(_ path: String, in root: String, _ flags: Int32) -> Int32 {
    let folder = unsafe Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return -1 }
    defer { close(folder) }
    typealias Call =
      @convention(c) (
        CLong, CInt, UnsafePointer<CChar>?, UnsafeRawPointer?, Int
      ) -> CLong
    guard let address = unsafe dlsym(nil, "syscall") else { return -1 }
    let call = unsafe unsafeBitCast(address, to: Call.self)
    // struct open_how: flags, mode, resolve.
    let how: [UInt64] = [UInt64(bitPattern: Int64(flags)), 0, 0x10]
    let opened = unsafe how.withUnsafeBytes { how in
      unsafe path.withCString { unsafe call(437, folder, $0, how.baseAddress, how.count) }
    }
    return Int32(clamping: opened)
  }
}
