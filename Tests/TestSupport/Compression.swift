// Unsafe on purpose: zlib's deflate works on pointers.

internal import CZlib

/// Bytes as a compressed stream, for tests of what undoes it.
public enum Compression {
  public enum Wrapper: Int32, Sendable {
    case gzip = 31
    case zlib = 15
    case raw = -15
  }

  public static func compress(_ bytes: [UInt8], as wrapper: Wrapper = .gzip) -> [UInt8] {
    var stream = unsafe z_stream()
    let size = Int32(unsafe MemoryLayout<z_stream>.size)
    _ = unsafe deflateInit2_(
      &stream, 6, Z_DEFLATED, wrapper.rawValue, 8, Z_DEFAULT_STRATEGY, zlibVersion(), size)
    defer { _ = unsafe deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](
      repeating: 0, count: Int(unsafe deflateBound(&stream, UInt(bytes.count))) + 64)
    let room = output.count
    let left = unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = target.baseAddress
        unsafe stream.avail_out = UInt32(target.count)
        _ = unsafe deflate(&stream, Z_FINISH)
        return unsafe Int(stream.avail_out)
      }
    }
    return Array(output.prefix(room - left))
  }
}
