// Unsafe on purpose, one of the two files of the packet loop: loads of several bytes at once and
// `memchr`. Each load is bounds-checked by `RawSpan`; what is "unsafe" is only the reinterpretation
// as an integer, for which every bit pattern is valid.

internal import Glibc

extension Span where Element == UInt8 {
  /// A big-endian (network order) 16-bit number.
  @inline(__always)
  public func big16(_ offset: Int) -> UInt16 {
    unsafe UInt16(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  /// A big-endian (network order) 32-bit number.
  @inline(__always)
  public func big32(_ offset: Int) -> UInt32 {
    unsafe UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// A big-endian (network order) 64-bit number.
  @inline(__always)
  public func big64(_ offset: Int) -> UInt64 {
    unsafe UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// A 16-bit number in the machine's order, swapped when `swapped`.
  @inline(__always)
  public func native16(_ offset: Int, swapped: Bool) -> UInt16 {
    let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self)
    return swapped ? value.byteSwapped : value
  }

  /// A 32-bit number in the machine's order, swapped when `swapped`.
  @inline(__always)
  public func native32(_ offset: Int, swapped: Bool) -> UInt32 {
    let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return swapped ? value.byteSwapped : value
  }

  /// A 64-bit number in the machine's order, swapped when `swapped`.
  @inline(__always)
  public func native64(_ offset: Int, swapped: Bool) -> UInt64 {
    let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    return swapped ? value.byteSwapped : value
  }

  /// The first offset at or after `start` that holds `byte`, or `nil`.
  @inline(__always)
  public func firstOffset(of byte: UInt8, from start: Int) -> Int? {
    guard start >= 0, start < count else { return nil }
    return unsafe withUnsafeBufferPointer { buffer -> Int? in
      guard let base = buffer.baseAddress,
        let hit = unsafe memchr(base + start, Int32(byte), buffer.count - start)
      else { return nil }
      return unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }
  }

  /// Whether the bytes of the two spans are the same.
  public func equals(_ other: borrowing Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    guard count > 0 else { return true }
    return unsafe withUnsafeBufferPointer { mine in
      unsafe other.withUnsafeBufferPointer { theirs in
        guard let left = mine.baseAddress, let right = theirs.baseAddress else { return false }
        return unsafe memcmp(left, right, mine.count) == 0
      }
    }
  }

  /// Appends these bytes to `array`.
  public func append(to array: inout [UInt8]) {
    unsafe withUnsafeBufferPointer { unsafe array.append(contentsOf: $0) }
  }
}
