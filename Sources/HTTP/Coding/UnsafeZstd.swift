// Unsafe on purpose: zstd's decoder works on pointers.

internal import CZstd
internal import Wire

/// Zstandard of any number of frames, skippable ones among them (RFC 8878), whose window is 8 MB at
/// most (RFC 9659).
@safe
final class Zstd {
  private static let windowLog: Int32 = 23
  private static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
  /// Of a skippable frame, whose first byte's low half is anything.
  private static let skippableMagic: [UInt8] = [0x50, 0x2A, 0x4D, 0x18]

  private let state: OpaquePointer?
  /// How much of the next frame's magic number was read; `nil` inside a frame.
  private var magicBytes: Int? = 0
  private var isSkippable = false
  private var hasEnded = false
  private var output = [UInt8](repeating: 0, count: 1 << 16)

  init() {
    unsafe state = ZSTD_createDStream()
    _ = unsafe ZSTD_DCtx_setParameter(state, ZSTD_d_windowLogMax, Self.windowLog)
  }

  deinit { _ = unsafe ZSTD_freeDStream(state) }

  /// - Parameter sink: takes decoded bytes; `false` stops.
  func decode(
    _ input: ArraySlice<UInt8>, sink: (ArraySlice<UInt8>) -> Bool
  ) -> Inflate.Progress {
    guard unsafe state != nil else { return .damaged }
    var input = input
    while true {
      var piece = input
      if let read = magicBytes {
        guard let byte = input.first else { return hasEnded ? .ended : .more }
        guard isMagic(byte, at: read) else { return .damaged }
        hasEnded = false
        magicBytes = read + 1 < Self.magic.count ? read + 1 : nil
        piece = input.prefix(1)
      }
      let (consumed, produced, result) = step(piece)
      input = input.dropFirst(consumed)
      if produced > 0, !sink(output[..<produced]) { return .more }
      if ZSTD_isError(result) != 0 { return .damaged }
      if result == 0 {
        hasEnded = true
        magicBytes = 0
      } else if magicBytes == nil, input.isEmpty, produced < output.count {
        return .more
      }
    }
  }

  /// Asked before the library is, which takes formats of before the standard too.
  private func isMagic(_ byte: UInt8, at index: Int) -> Bool {
    if index == 0 { isSkippable = byte & 0xF0 == Self.skippableMagic[0] }
    if isSkippable { return index == 0 || byte == Self.skippableMagic[index] }
    return byte == Self.magic[index]
  }

  private func step(
    _ input: ArraySlice<UInt8>
  ) -> (consumed: Int, produced: Int, result: Int) {
    unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        var taken = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var given = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        let result = unsafe ZSTD_decompressStream(state, &given, &taken)
        return unsafe (taken.pos, given.pos, result)
      }
    }
  }
}
