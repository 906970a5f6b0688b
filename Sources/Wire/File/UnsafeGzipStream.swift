// Unsafe on purpose: zlib's inflate works on pointers.

internal import CZlib

/// Unpacks a gzip file of any number of members, in one pass (RFC 1952).
@safe
final class GzipStream {
  private var stream: z_stream
  private var ready = false
  private var output = [UInt8](repeating: 0, count: 1 << 18)
  /// Whether the input stopped at the end of a member.
  private(set) var endsWell = false

  init() {
    unsafe stream = z_stream()
    // 15 window bits, +16: gzip only.
    let size = Int32(unsafe MemoryLayout<z_stream>.size)
    ready = unsafe inflateInit2_(&stream, 15 + 16, zlibVersion(), size) == Z_OK
  }

  deinit { if ready { unsafe inflateEnd(&stream) } }

  static func isGzip(_ first: [UInt8]) -> Bool {
    first.count >= 2 && first[0] == 0x1F && first[1] == 0x8B
  }

  static func isGzip(_ descriptor: Descriptor) -> Bool {
    var first = [UInt8](repeating: 0, count: 2)
    guard descriptor.peek(into: &first) else { return false }
    return isGzip(first)
  }

  /// - Parameter sink: takes what was unpacked; `false` stops.
  /// - Returns: `false` where the data is damaged.
  func inflate(_ input: ArraySlice<UInt8>, sink: (ArraySlice<UInt8>) -> Bool) -> Bool {
    guard ready else { return false }
    var input = input
    while !input.isEmpty {
      if endsWell {
        // Another member, or padding behind the last one, which gzip ignores as well.
        guard input.first == 0x1F else { return true }
        guard unsafe inflateReset(&stream) == Z_OK else { return false }
        endsWell = false
      }
      let (consumed, produced, result) = step(input)
      input = input.dropFirst(consumed)
      if produced > 0, !sink(output[..<produced]) { return true }
      switch result {
      case Z_OK: break
      case Z_STREAM_END: endsWell = true
      case Z_BUF_ERROR where consumed == 0 && produced == 0: return true
      case Z_BUF_ERROR: break
      default: return false
      }
    }
    return true
  }

  private func step(
    _ input: ArraySlice<UInt8>
  ) -> (consumed: Int, produced: Int, result: Int32) {
    unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        unsafe stream.avail_in = UInt32(clamping: source.count)
        unsafe stream.next_out = target.baseAddress
        unsafe stream.avail_out = UInt32(clamping: target.count)
        let result = unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
        return unsafe (
          source.count - Int(stream.avail_in), target.count - Int(stream.avail_out), result
        )
      }
    }
  }
}
