internal import Glibc

/// A file without a place on any disk, for what is read from files and written to them.
struct MemoryFile {
  private let descriptor: Int32
  let path: String

  init() {
    var template = Array("/dev/shm/keywitness-fuzzing-XXXXXX".utf8CString)
    descriptor = unsafe template.withUnsafeMutableBufferPointer { name in
      guard let start = name.baseAddress else { return -1 }
      let made = unsafe mkstemp(start)
      if made >= 0 { unsafe unlink(start) }
      return made
    }
    require(descriptor >= 0, "no file in /dev/shm")
    path = "/proc/self/fd/\(descriptor)"
  }

  /// Nobody may still have the file mapped.
  func set(_ bytes: [UInt8]) {
    ftruncate(descriptor, 0)
    let written = unsafe bytes.withUnsafeBytes {
      unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0)
    }
    require(written == bytes.count, "/dev/shm is full")
  }

  var contents: [UInt8] {
    let size = Int(lseek(descriptor, 0, SEEK_END))
    return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      unsafe count = max(0, pread(descriptor, buffer.baseAddress, size, 0))
    }
  }
}
