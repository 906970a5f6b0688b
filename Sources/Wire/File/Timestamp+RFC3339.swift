extension Timestamp {
  /// RFC 3339 in UTC with nine decimals, `2026-11-23T09:40:12.123456789Z`; `nil` where unknown.
  ///
  /// Foundation's dates lose nanoseconds.
  public var rfc3339: String? {
    var text: [UInt8] = []
    return appendRFC3339(to: &text) ? String(decoding: text, as: UTF8.self) : nil
  }

  /// Appends ``rfc3339``, digit by digit: four of these stand in each record.
  ///
  /// - Returns: `false` where the time is unknown; then nothing was done.
  public func appendRFC3339(to text: inout [UInt8]) -> Bool {
    guard isKnown else { return false }
    let (seconds, rest) = CivilTime.floored(nanoseconds, 1_000_000_000)
    let time = CivilTime(seconds: seconds)
    text.append(addingCapacity: 30) { output in
      func put(_ value: Int, _ divisor: Int) {
        output.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / divisor % 10))
      }
      func two(_ value: Int) {
        put(value, 10)
        put(value, 1)
      }
      two(time.year / 100)
      two(time.year)
      output.append(UInt8(ascii: "-"))
      two(time.month)
      output.append(UInt8(ascii: "-"))
      two(time.day)
      output.append(UInt8(ascii: "T"))
      two(time.hour)
      output.append(UInt8(ascii: ":"))
      two(time.minute)
      output.append(UInt8(ascii: ":"))
      two(time.second)
      output.append(UInt8(ascii: "."))
      let (millions, ones) = (Int(rest) / 1_000_000, Int(rest) % 1_000_000)
      put(millions, 100)
      two(millions)
      two(ones / 10_000)
      two(ones / 100)
      two(ones)
      output.append(UInt8(ascii: "Z"))
    }
    return true
  }
}

/// Writes times of which many lie in the same second: of those only the decimals are reckoned.
public struct RFC3339Writer: Sendable {
  private var latest = Timestamp.unknown
  private var second: Int64 = .min
  /// Of ``latest``.
  private var text: [UInt8] = []

  public init() {}

  /// Appends ``Timestamp/rfc3339``.
  ///
  /// - Returns: `false` where the time is unknown; then nothing was done.
  public mutating func append(_ time: Timestamp, to bytes: inout [UInt8]) -> Bool {
    guard time.isKnown else { return false }
    if time != latest || text.isEmpty { take(time) }
    bytes += text
    return true
  }

  private mutating func take(_ time: Timestamp) {
    latest = time
    let (second, decimals) = CivilTime.floored(time.nanoseconds, 1_000_000_000)
    guard second == self.second, text.count == 30 else {
      self.second = second
      text.removeAll(keepingCapacity: true)
      _ = time.appendRFC3339(to: &text)
      return
    }
    var rest = UInt32(truncatingIfNeeded: decimals)
    var place = 28
    while place > 19 {
      text[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
      place &-= 1
    }
  }
}
