/// Something that goes wrong on purpose.
public enum Fault: Sendable, Equatable {
  /// 401, 429, 500 or 503, with LiteLLM's error for it.
  case status(Int, retryAfter: Int64?)
  /// The connection is reset instead of an answer.
  case resetBefore
  /// The connection is reset in the middle of the answer.
  case resetMidway
  /// The first byte comes late, by nanoseconds.
  case slowFirstByte(Int64)
  /// Byte by byte, nanoseconds apart.
  case drip(Int64)
  /// Half of the answer comes, then nothing, for ever.
  case stall
  /// The connection ends in the middle of the answer.
  case cut
  /// A stream without its `[DONE]`.
  case missingDone
  /// An event of a stream whose data is no JSON.
  case malformedEvent
  /// An error event in the middle of a stream's 200, and nothing behind it.
  case errorEvent
  /// HTML is announced, whatever it is.
  case wrongContentType
  /// `Content-Encoding: gzip`, and only half of it.
  case truncatedGzip

  /// How each is written.
  static let names = [
    "401", "429", "500", "503", "reset-before", "reset-midway", "slow-first-byte", "drip", "stall",
    "cut", "missing-done", "malformed-event", "error-event", "wrong-content-type", "truncated-gzip",
  ]
}
