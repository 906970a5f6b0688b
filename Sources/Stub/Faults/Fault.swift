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
  /// The connection is reset as soon as it is there: to a client, nobody listens.
  case refuse

  /// How it is written.
  var name: String {
    switch self {
    case .status(let status, _): String(status)
    case .resetBefore: "reset-before"
    case .resetMidway: "reset-midway"
    case .slowFirstByte: "slow-first-byte"
    case .drip: "drip"
    case .stall: "stall"
    case .cut: "cut"
    case .missingDone: "missing-done"
    case .malformedEvent: "malformed-event"
    case .errorEvent: "error-event"
    case .wrongContentType: "wrong-content-type"
    case .truncatedGzip: "truncated-gzip"
    case .refuse: "refuse"
    }
  }

  /// One of each kind.
  static let all: [Fault] =
    [401, 429, 500, 503].map { .status($0, retryAfter: nil) } + [
      .resetBefore, .resetMidway, .slowFirstByte(0), .drip(0), .stall, .cut, .missingDone,
      .malformedEvent, .errorEvent, .wrongContentType, .truncatedGzip, .refuse,
    ]
}
