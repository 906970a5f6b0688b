// Unsafe on purpose: brotli's decoder works on pointers.

internal import CBrotli
internal import Wire

/// One brotli stream (RFC 7932), whose window is 16 MB at most: the large windows that the library
/// knows beside it are off.
@safe
final class Brotli {
  private let state: OpaquePointer?
  private var hasEnded = false
  private var output = [UInt8](repeating: 0, count: 1 << 16)

  init() { unsafe state = BrotliDecoderCreateInstance(nil, nil, nil) }

  deinit { unsafe BrotliDecoderDestroyInstance(state) }

  /// - Parameter sink: takes decoded bytes; `false` stops.
  func decode(
    _ input: ArraySlice<UInt8>, sink: (ArraySlice<UInt8>) -> Bool
  ) -> Inflate.Progress {
    guard unsafe state != nil else { return .damaged }
    var input = input
    while true {
      // Nothing may stand behind the end.
      if hasEnded { return input.isEmpty ? .ended : .damaged }
      let (consumed, produced, result) = step(input)
      input = input.dropFirst(consumed)
      if produced > 0, !sink(output[..<produced]) { return .more }
      switch result {
      case BROTLI_DECODER_RESULT_SUCCESS: hasEnded = true
      case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: continue
      case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT: if input.isEmpty { return .more }
      default: return .damaged
      }
    }
  }

  private func step(
    _ input: ArraySlice<UInt8>
  ) -> (consumed: Int, produced: Int, result: BrotliDecoderResult) {
    unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        var next = source.baseAddress
        var left = source.count
        var room = target.baseAddress
        var free = target.count
        let result = unsafe BrotliDecoderDecompressStream(
          state, &left, &next, &free, &room, nil)
        return (source.count - left, target.count - free, result)
      }
    }
  }
}
