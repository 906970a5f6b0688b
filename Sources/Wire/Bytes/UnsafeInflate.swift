// Unsafe on purpose: zlib's inflate works on pointers.

internal import CZlib

/// One zlib stream: gzip of any number of members (RFC 1952), zlib (RFC 1950) or raw deflate
/// (RFC 1951).
@safe
public final class Inflate {
  public enum Wrapper: Int32 {
    case gzip = 31
    case zlib = 15
    case raw = -15
  }

  public enum Progress { case more, ended, damaged }

  private var stream: z_stream
  private var isReady = false
  private var hasEnded = false
  private let allowsMembers: Bool
  private let ignoresTrailer: Bool
  private var output = [UInt8](repeating: 0, count: 1 << 16)

  /// - Parameter ignoringTrailer: whether zeros behind the end are padding, as the gzip program takes
  ///   them.
  public init(_ wrapper: Wrapper, ignoringTrailer: Bool = false) {
    unsafe stream = z_stream()
    ignoresTrailer = ignoringTrailer
    allowsMembers = wrapper == .gzip
    let size = Int32(unsafe MemoryLayout<z_stream>.size)
    isReady = unsafe inflateInit2_(&stream, wrapper.rawValue, zlibVersion(), size) == Z_OK
  }

  deinit { if isReady { unsafe inflateEnd(&stream) } }

  /// - Parameter sink: takes decoded bytes; `false` stops.
  public func decode(
    _ input: ArraySlice<UInt8>, sink: (ArraySlice<UInt8>) -> Bool
  ) -> Progress {
    guard isReady else { return .damaged }
    var input = input
    while true {
      if hasEnded {
        // Zeros are padding to the gzip program; anything else behind the end is damage.
        if ignoresTrailer { input = input.drop { $0 == 0 } }
        guard allowsMembers, !input.isEmpty else { return input.isEmpty ? .ended : .damaged }
        guard unsafe inflateReset(&stream) == Z_OK else { return .damaged }
        hasEnded = false
      }
      let (consumed, produced, result) = step(input)
      input = input.dropFirst(consumed)
      if produced > 0, !sink(output[..<produced]) { return .more }
      switch result {
      case Z_STREAM_END:
        hasEnded = true
        if input.isEmpty { return .ended }
      case Z_OK, Z_BUF_ERROR:
        if produced < output.count, input.isEmpty || consumed == 0 { return .more }
      default:
        return .damaged
      }
    }
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
