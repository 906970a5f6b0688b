/// An append-only temporary file that can be read as part of an address space.
///
/// Bytes are written with system calls and read through a mapping: a full disk is an error then,
/// not a bus error.
final class Spool {
  private let descriptor: Descriptor
  private let capacity: Int
  private(set) var count = 0

  init(
    in space: AddressSpace, at offset: Int, capacity: Int, for name: String
  ) throws(CaptureError) {
    switch Descriptor.temporary() {
    case .failure(let error):
      throw CaptureError(
        .noSpool, "no temporary file for it: \(error.text); set TMPDIR", file: name)
    case .success(let descriptor):
      guard space.map(descriptor.number, count: capacity, at: offset) else {
        throw CaptureError(.noSpool, "no address space for it", file: name)
      }
      self.descriptor = descriptor
      self.capacity = capacity
    }
  }

  /// - Returns: `false` where the disk or the address space is full.
  func append(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count <= capacity &- count, descriptor.write(bytes, at: count) else { return false }
    count &+= bytes.count
    return true
  }
}
