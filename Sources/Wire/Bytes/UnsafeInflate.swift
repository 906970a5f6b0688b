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
  private let keepsWindow: Bool
  private var output = [UInt8](repeating: 0, count: 1 << 16)

  /// - Parameters:
  ///   - ignoringTrailer: whether zeros behind the end are padding, as the gzip program takes them.
  ///   - keepingWindow: whether another stream may follow the end of a raw one, and refer to its bytes
  ///     (RFC 7692, 7.2.3.4).
  public init(_ wrapper: Wrapper, ignoringTrailer: Bool = false, keepingWindow: Bool = false) {
    unsafe stream = z_stream()
    ignoresTrailer = ignoringTrailer
    keepsWindow = keepingWindow
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
        guard allowsMembers || keepsWindow, !input.isEmpty else {
          return input.isEmpty ? .ended : .damaged
        }
        let result = unsafe keepsWindow ? inflateResetKeep(&stream) : inflateReset(&stream)
        guard result == Z_OK else { return .damaged }
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

  /// Begins a new stream, which has nothing to refer to.
  public func reset() {
    hasEnded = false
    if isReady { isReady = unsafe inflateReset(&stream) == Z_OK }
  }

  /// Whether the stream's last block has ended.
  public var isAtEnd: Bool { hasEnded }

  /// Whether the stream stands inside the empty block that ends a flush, before the four bytes that
  /// are the same in all of them.
  public var isAtSyncPoint: Bool { unsafe isReady && inflateSyncPoint(&stream) == 1 }

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
