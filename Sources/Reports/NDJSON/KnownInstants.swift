internal import Redaction
internal import Wire

/// The members `time` and `end` of messages that came in one packet: from one to the next only the
/// decimals of the second change.
struct KnownInstants {
  /// Decimals of a second in ``Timestamp/rfc3339``, and the `Z` behind them.
  private static let (decimals, behind) = (9, 1)

  private var second: Int64 = .min
  private var json: [UInt8] = []
  /// Where the decimals end, of both members.
  private var ends = (0, 0)

  mutating func members(_ time: Timestamp) -> [UInt8] {
    let second = time.nanoseconds / 1_000_000_000
    guard second == self.second, time.nanoseconds > 0 else {
      write(time)
      self.second = time.nanoseconds > 0 ? second : .min
      return json
    }
    var rest = UInt32(truncatingIfNeeded: time.nanoseconds % 1_000_000_000)
    for place in 1...Self.decimals {
      let digit = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      json[ends.0 - place] = digit
      json[ends.1 - place] = digit
      rest /= 10
    }
    return json
  }

  private mutating func write(_ time: Timestamp) {
    var json = JSONWriter(capacity: 80)
    json.key("time")
    json.plainString { _ = time.appendRFC3339(to: &$0) }
    // In front of the quote.
    ends.0 = json.bytes.count - 1 - Self.behind
    json.key("end")
    json.plainString { _ = time.appendRFC3339(to: &$0) }
    ends.1 = json.bytes.count - 1 - Self.behind
    self.json = json.bytes
  }
}
