// Unsafe on purpose, one of the two files of the packet loop: address space, mappings and the
// descriptors behind them. Nothing else in the project sees an address of captured bytes.

internal import Glibc

/// A contiguous piece of address space in which files, spools and the arena lie one behind the
/// other, so that one offset names any captured byte.
@safe
@usableFromInline
final class AddressSpace: @unchecked Sendable {
  @usableFromInline let base: UnsafeMutableRawPointer
  @usableFromInline let size: Int

  /// Reserves `size` bytes; `nil` where the system refuses (a limit on virtual memory).
  init?(size: Int) {
    let pages = Self.roundedToPages(size)
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard pages > 0,
      let address = unsafe mmap(nil, pages, PROT_NONE, flags, -1, 0),
      unsafe address != MAP_FAILED
    else { return nil }
    unsafe self.base = address
    self.size = pages
  }

  deinit { unsafe munmap(base, size) }

  static let pageSize = max(4096, sysconf(Int32(_SC_PAGESIZE)))

  static func roundedToPages(_ count: Int) -> Int {
    let (sum, overflow) = max(0, count).addingReportingOverflow(pageSize - 1)
    return overflow ? Int.max / pageSize * pageSize : sum / pageSize * pageSize
  }

  /// Maps `count` bytes of a descriptor, read only, at a page-aligned offset of this space.
  func map(_ descriptor: Int32, count: Int, at offset: Int) -> Bool {
    guard count > 0 else { return true }
    guard offset >= 0, offset % Self.pageSize == 0, count <= size - offset else { return false }
    let target = unsafe base + offset
    guard
      let address = unsafe mmap(target, count, PROT_READ, MAP_SHARED | MAP_FIXED, descriptor, 0),
      unsafe address != MAP_FAILED
    else { return false }
    _ = unsafe madvise(target, count, MADV_SEQUENTIAL)
    return true
  }

  /// Maps the pages of a range at once, instead of each at the first look at it.
  ///
  /// - Returns: `false` where some aren't there any more, or the system can't (before Linux 5.14).
  func populate(from start: Int, to end: Int) -> Bool {
    let first = start / Self.pageSize * Self.pageSize
    guard first < end, end <= size else { return false }
    let populateRead: Int32 = 22
    return unsafe madvise(base + first, end - first, populateRead) == 0
  }

  /// Gives the pages of a range back. They are read again from the file when somebody asks, so
  /// that peak memory doesn't grow with the size of the capture.
  func release(from start: Int, to end: Int) {
    let first = Self.roundedToPages(start)
    let last = end / Self.pageSize * Self.pageSize
    guard first < last, last <= size else { return }
    _ = unsafe madvise(base + first, last - first, MADV_DONTNEED)
  }

  /// Gives back what lies before an offset, for the time of a number. Most of it was given back before;
  /// but an exchange that ends late is looked at again, and its pages are back with what lies around
  /// them.
  func release(before end: Int, time number: Int) {
    let reach = number % 32 == 0 ? end : 128 << 20
    release(from: max(0, end &- reach), to: end)
  }

  /// The caller guarantees that the range is mapped: ranges are made only by readers that have
  /// checked them against the end of their file.
  @inlinable
  @inline(__always)
  func withBytes<R, E: Error>(
    _ range: ByteRange, _ body: (borrowing Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    precondition(range.offset >= 0 && range.count >= 0 && range.count <= size &- range.offset)
    let buffer = unsafe UnsafeRawBufferPointer(start: base + range.offset, count: range.count)
    let bytes = unsafe Span<UInt8>(_unsafeBytes: buffer)
    return try body(bytes)
  }
}

/// An open file descriptor, closed with its last owner.
final class Descriptor {
  let number: Int32

  init(owning number: Int32) { self.number = number }

  deinit { if number > 2 { close(number) } }

  static func opening(_ path: String) -> Result<Descriptor, SystemError> {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return .failure(SystemError.last) }
    return .success(Descriptor(owning: number))
  }

  enum Kind { case regular, directory, stream }

  var kind: Kind {
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else { return .stream }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .regular
    case S_IFDIR: return .directory
    default: return .stream
    }
  }

  var size: Int {
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else { return 0 }
    return Int(status.st_size)
  }

  /// Reads at most `limit` bytes into `buffer`, from its start; 0 at the end of the input.
  func read(into buffer: inout [UInt8], limit: Int) -> Result<Int, SystemError> {
    while true {
      // Somebody asked to stop: what the pipe still holds is read, but nothing is waited for.
      if Interruption.requested, !hasMore { return .success(0) }
      let count = unsafe buffer.withUnsafeMutableBytes { target in
        unsafe Glibc.read(number, target.baseAddress, min(limit, target.count))
      }
      if count >= 0 { return .success(count) }
      if errno != EINTR { return .failure(SystemError.last) }
    }
  }

  /// Whether bytes come within a moment: a writer that was stopped too may flush its buffer.
  private var hasMore: Bool {
    var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&request, 1, 300) > 0
  }

  /// Fills `buffer` from a place in the file, whose position stays; `false` where it's shorter.
  func read(into buffer: inout [UInt8], at offset: Int) -> Bool {
    unsafe buffer.withUnsafeMutableBytes { target in
      unsafe pread(number, target.baseAddress, target.count, off_t(offset)) == target.count
    }
  }

  /// A temporary file without a name, which vanishes with its descriptor.
  static func temporary() -> Result<Descriptor, SystemError> {
    let named = unsafe getenv("TMPDIR").flatMap { unsafe String(validatingCString: $0) }
    // The last one is memory, for a machine whose file systems are all read-only.
    for folder in [named, "/tmp", "/var/tmp", "/dev/shm"].compactMap(\.self) {
      var template = Array("\(folder)/keywitness-XXXXXX".utf8CString)
      let number = unsafe template.withUnsafeMutableBufferPointer { path -> Int32 in
        guard let name = path.baseAddress else { return -1 }
        let made = unsafe mkstemp(name)
        if made >= 0 { unsafe unlink(name) }
        return made
      }
      guard number >= 0 else { continue }
      _ = fcntl(number, F_SETFD, FD_CLOEXEC)
      return .success(Descriptor(owning: number))
    }
    return .failure(SystemError.last)
  }

  /// Writes all bytes at `offset`; `false` where the disk is full.
  func write(_ bytes: ArraySlice<UInt8>, at offset: Int) -> Bool {
    unsafe bytes.withUnsafeBytes { source in
      var done = 0
      while done < source.count, let start = source.baseAddress {
        let count = unsafe pwrite(number, start + done, source.count - done, off_t(offset + done))
        if count < 0 {
          if errno == EINTR { continue }
          return false
        }
        done += count
      }
      return true
    }
  }
}

/// An error number of the system, with its text.
public struct SystemError: Error, Equatable, Sendable {
  public var number: Int32

  static var last: SystemError { SystemError(number: errno) }

  public var isNotFound: Bool { number == ENOENT || number == ENOTDIR }

  public var text: String {
    unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
  }
}

/// The names in a folder, sorted.
func namesInFolder(_ path: String) -> [String] {
  guard let folder = unsafe opendir(path) else { return [] }
  defer { unsafe closedir(folder) }
  var names: [String] = []
  while let entry = unsafe readdir(folder) {
    let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}
